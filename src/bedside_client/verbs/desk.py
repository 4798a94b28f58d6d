"""Desk: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import Caller, VisitCaller, some
from bedside_client.views import Booked, LinkGiven


class DeskOfAVisit(VisitCaller):
    """What can be done in a visit."""

    async def new_time(self, *, day: str, time: str, key: str | None = None) -> Booked:
        """Give a visit another time; once the patient was there, on another day."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/new-time", {"day": day, "time": time}, key=key)

    async def give_link(self, *, key: str | None = None) -> LinkGiven:
        """Make a link for the patient, to print or to read out."""
        return await self.call("POST", f"/api/v1/consultations/{self.id}/link", key=key)


class DeskOfTheClinic(Caller):
    """What can be done in the clinic."""

    async def book(
        self,
        *,
        patient: str,
        department: str,
        day: str,
        time: str,
        provider: str | None = None,
        minutes: int | None = None,
        priority: str | None = None,
        key: str | None = None,
    ) -> Booked:
        """Book a time for a patient."""
        return await self.call(
            "POST",
            "/api/v1/consultations",
            {"patient": patient, "department": department, "day": day, "time": time}
            | some(provider=provider, minutes=minutes, priority=priority),
            key=key,
        )

    async def walk_in(
        self,
        *,
        patient: str,
        department: str,
        provider: str | None = None,
        minutes: int | None = None,
        priority: str | None = None,
        place: str | None = None,
        callback: str | None = None,
        spoken: str | None = None,
        key: str | None = None,
    ) -> Booked:
        """Take in somebody who came without an appointment."""
        return await self.call(
            "POST",
            "/api/v1/consultations/walk-in",
            {"patient": patient, "department": department}
            | some(
                provider=provider, minutes=minutes, priority=priority, place=place, callback=callback, spoken=spoken
            ),
            key=key,
        )
