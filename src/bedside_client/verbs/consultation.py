"""Consultation: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import VisitCaller, some
from bedside_client.views import CheckedIn, Done, GrantIssued, VisitInFull


class ConsultationOfAVisit(VisitCaller):
    """What can be done in a visit."""

    async def check_in(self, *, place: str, callback: str, key: str | None = None) -> CheckedIn:
        """Arrive, having said where one is and on which number. Who arrives in person gets their permission with it."""
        return await self.call(
            "POST", f"/api/v1/consultations/{self.id}/check-in", {"place": place, "callback": callback}, key=key
        )

    async def pass_device_check(
        self, *, camera: str, microphone: str, connection: str, reason: str | None = None, key: str | None = None
    ) -> Done:
        """Say what the device check found, or why it was skipped."""
        return await self.call(
            "POST",
            f"/api/v1/consultations/{self.id}/device-check",
            {"camera": camera, "microphone": microphone, "connection": connection} | some(reason=reason),
            key=key,
        )

    async def call_in(
        self, *, identity_confirmed: bool | None = None, anyway: bool | None = None, key: str | None = None
    ) -> Done:
        """Start the visit with a patient who waits."""
        return await self.call(
            "POST",
            f"/api/v1/consultations/{self.id}/call-in",
            some(identityConfirmed=identity_confirmed, anyway=anyway),
            key=key,
        )

    async def ask_for_a_minute(self, *, key: str | None = None) -> Done:
        """Ask for a minute before going in."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/minute", key=key)

    async def send_back(self, *, reason: str, key: str | None = None) -> Done:
        """Let the patient wait again, in the same place."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/send-back", {"reason": reason}, key=key)

    async def end(self, *, key: str | None = None) -> Done:
        """End the visit for the patient."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/end", key=key)

    async def call_back(self, *, key: str | None = None) -> Done:
        """Go on with a visit that was ended too early."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/call-back", key=key)

    async def complete(
        self, *, summary: str, follow_up: bool, reason: str | None = None, key: str | None = None
    ) -> Done:
        """Write the closing summary and close the visit."""
        return await self.call(
            "POST",
            f"/api/v1/consultations/{self.id}/complete",
            {"summary": summary, "followUp": follow_up} | some(reason=reason),
            key=key,
        )

    async def give_up(self, *, key: str | None = None) -> Done:
        """Say that the patient did not come."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/give-up", key=key)

    async def come_back(self, *, key: str | None = None) -> Done:
        """Take the old place in line after a no-show."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/come-back", key=key)

    async def reopen(self, *, starts_at: str, key: str | None = None) -> Done:
        """Take another time today for a visit that never began."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/reopen", {"startsAt": starts_at}, key=key)

    async def cancel(self, *, reason: str, key: str | None = None) -> Done:
        """Say that the visit does not take place."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/cancel", {"reason": reason}, key=key)

    async def reschedule(
        self, *, place: str, callback: str, starts_at: str | None = None, key: str | None = None
    ) -> Done:
        """Take a cancelled visit up again today."""
        return await self.call(
            "POST",
            f"/api/v1/consultations/{self.id}/reschedule",
            {"place": place, "callback": callback} | some(startsAt=starts_at),
            key=key,
        )

    async def enter(self, *, device: str | None = None, key: str | None = None) -> Done:
        """Go into the room."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/enter", some(device=device), key=key)

    async def leave(self, *, key: str | None = None) -> Done:
        """Leave the room; the seat is kept."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/leave", key=key)

    async def join(self, *, key: str | None = None) -> Done:
        """Take part as what one is, to answer the patient."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/join", key=key)

    async def step_out(self, *, key: str | None = None) -> Done:
        """Take part no longer, after having joined."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/step-out", key=key)

    async def renew_grant(self, *, key: str | None = None) -> GrantIssued:
        """Be permitted to take part for the next while."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/grant", key=key)

    async def get(self) -> VisitInFull:
        """A visit as I may see it, with the cursor from which the socket goes on."""
        return await self.call("GET", f"/api/v1/consultations/{self.id}")
