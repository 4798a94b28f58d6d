"""What can be done in a visit: one method for each operation of the API."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import VisitCaller, some
from bedside_client.views import (
    Booked,
    CheckedIn,
    Done,
    Earlier,
    GrantIssued,
    LinePlace,
    LinkGiven,
    MessageView,
    Revised,
    Sent,
    VisitInFull,
)


class VisitVerbs(VisitCaller):
    """What can be done in a visit."""

    async def check_in(self, *, place: str, callback: str, key: str | None = None) -> CheckedIn:
        """Arrive, having said where one is and on which number. Who arrives in person gets their permission with
        it."""
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

    async def new_time(self, *, day: str, time: str, key: str | None = None) -> Booked:
        """Give a visit another time; once the patient was there, on another day."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/new-time", {"day": day, "time": time}, key=key)

    async def give_link(self, *, key: str | None = None) -> LinkGiven:
        """Make a link for the patient, to print or to read out."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/link", key=key)

    async def history(self) -> list[MessageView]:
        """What was said in the visit."""
        return await self.call("GET", f"/api/v1/consultations/{self.id}/messages")

    async def send(self, *, content: str, id: str | None = None, key: str | None = None) -> Sent:
        """Say something in the visit."""
        return await self.call(
            "POST", f"/api/v1/consultations/{self.id}/messages", {"content": content} | some(id=id), key=key
        )

    async def read(self, *, up_to: int, key: str | None = None) -> None:
        """Say up to where one has read."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/messages/read", {"upTo": up_to}, key=key)

    async def edit(self, message: str, *, content: str, key: str | None = None) -> Revised:
        """Put other words in the place of one's own. The earlier ones stay readable as such."""
        return await self.call(
            "POST", f"/api/v1/consultations/{self.id}/messages/{message}/edit", {"content": content}, key=key
        )

    async def delete(self, message: str, *, key: str | None = None) -> Revised:
        """Take one's own words back. They stay in the record, and are shown to nobody."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/messages/{message}/delete", key=key)

    async def versions(self, message: str) -> list[Earlier]:
        """What a message said before it was changed; nothing of one that was taken back."""
        return await self.call("GET", f"/api/v1/consultations/{self.id}/messages/{message}/versions")

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
        """Take back, within seconds, one's own change of priority, place or provider, a skipped check, a bringing
        back."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/undo", {"version": version}, key=key)

    async def my_place(self) -> LinePlace:
        """My own place in line and how long it may take; cheap to ask for whenever the line has moved."""
        return await self.call("GET", f"/api/v1/consultations/{self.id}/line")
