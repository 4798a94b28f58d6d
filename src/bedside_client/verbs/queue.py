"""Queue: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import Caller, VisitCaller, some
from bedside_client.views import BoardView, Done, LinePlace, WaitingRoomView


class QueueOfAVisit(VisitCaller):
    """What can be done in a visit."""

    async def change_priority(self, *, priority: str, reason: str, key: str | None = None) -> Done:
        """Give somebody another priority."""
        return await self.call(
            "POST", f"/api/v1/consultations/{self.id}/priority", {"priority": priority, "reason": reason}, key=key
        )

    async def move_in_line(self, *, reason: str, before: str | None = None, key: str | None = None) -> Done:
        """Move somebody in line by hand."""
        return await self.call(
            "POST", f"/api/v1/consultations/{self.id}/move", {"reason": reason} | some(before=before), key=key
        )

    async def transfer(
        self, *, reason: str, provider: str | None = None, department: str | None = None, key: str | None = None
    ) -> Done:
        """Let another provider or department see this patient."""
        return await self.call(
            "POST",
            f"/api/v1/consultations/{self.id}/transfer",
            {"reason": reason} | some(provider=provider, department=department),
            key=key,
        )

    async def undo(self, *, version: int, key: str | None = None) -> Done:
        """Take back, within seconds, one's own change of priority, place or provider, a skipped check, a bringing back."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/undo", {"version": version}, key=key)

    async def my_place(self) -> LinePlace:
        """My own place in line and how long it may take; cheap to ask for whenever the line has moved."""
        return await self.call("GET", f"/api/v1/consultations/{self.id}/line")


class QueueOfTheClinic(Caller):
    """What can be done in the clinic."""

    async def waiting_room(self) -> WaitingRoomView:
        """My waiting room, as a provider."""
        return await self.call("GET", "/api/v1/waiting-room")

    async def queue(self, id: str) -> BoardView:
        """A department's queue. One that cannot be read is an error, never empty."""
        return await self.call("GET", f"/api/v1/departments/{id}/queue")
