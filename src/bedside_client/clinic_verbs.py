"""What can be done in the clinic: one method for each operation of the API."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from typing import Literal

from bedside_client.caller import Caller, some
from bedside_client.views import (
    Accesses,
    ActiveChannel,
    AskedAbout,
    BoardView,
    Booked,
    ChannelView,
    ConsentTextView,
    ConsentView,
    Found,
    Me,
    NotificationView,
    OpenQuestion,
    ProviderView,
    Registered,
    WaitingRoomView,
)


class ClinicVerbs(Caller):
    """What can be done in the clinic."""

    async def accesses(self, id: str, *, before: int | None = None) -> Accesses:
        """Every access to a patient's record, for the patient: who, as what, to what, when."""
        return await self.call("GET", f"/api/v1/patients/{id}/accesses", query=some(before=before))

    async def ask_about(self, id: str, *, entry: str, words: str, key: str | None = None) -> AskedAbout:
        """Ask about one of them."""
        return await self.call(
            "POST", f"/api/v1/patients/{id}/access-questions", {"entry": entry, "words": words}, key=key
        )

    async def questions(self) -> list[OpenQuestion]:
        """What patients ask about accesses, for whoever is answerable for privacy; what waits first."""
        return await self.call("GET", "/api/v1/access-questions")

    async def answer_about(self, id: str, *, words: str, key: str | None = None) -> None:
        """Answer one."""
        return await self.call("POST", f"/api/v1/access-questions/{id}/answer", {"words": words}, key=key)

    async def set_availability(
        self, *, status: Literal["available", "away", "offline"], key: str | None = None
    ) -> None:
        """Say that one is available, away or gone."""
        return await self.call("PUT", "/api/v1/availability", {"status": status}, key=key)

    async def available_providers(self, id: str) -> list[ProviderView]:
        """Who is free in a department."""
        return await self.call("GET", f"/api/v1/departments/{id}/providers/available")

    async def channel(self, name: str) -> ChannelView:
        """What an address means now. Not there, not yours, not built: all the same."""
        return await self.call("GET", f"/api/v1/channels/{name}")

    async def active(self, id: str) -> list[ActiveChannel]:
        """Which visits' channels of a department are active, and who takes part in each."""
        return await self.call("GET", f"/api/v1/departments/{id}/channels")

    async def consent_text(self, type: str, *, language: str | None = None) -> ConsentTextView:
        """The text in use."""
        return await self.call("GET", f"/api/v1/consent-texts/{type}", query=some(language=language))

    async def give_consent(
        self,
        id: str,
        *,
        type: str,
        granted: bool,
        text_sha256: str,
        consultation: str | None = None,
        key: str | None = None,
    ) -> ConsentView | None:
        """Decide on a text that was shown."""
        return await self.call(
            "POST",
            f"/api/v1/patients/{id}/consents",
            {"type": type, "granted": granted, "textSha256": text_sha256} | some(consultation=consultation),
            key=key,
        )

    async def note_spoken(
        self, id: str, *, type: str, granted: bool, text_sha256: str, consultation: str, key: str | None = None
    ) -> ConsentView | None:
        """Note, on a patient's behalf, what they said."""
        return await self.call(
            "POST",
            f"/api/v1/patients/{id}/consents/spoken",
            {"type": type, "granted": granted, "textSha256": text_sha256, "consultation": consultation},
            key=key,
        )

    async def withdraw_consent(
        self, id: str, type: str, *, consultation: str | None = None, key: str | None = None
    ) -> ConsentView | None:
        """Take a yes back."""
        return await self.call(
            "POST", f"/api/v1/patients/{id}/consents/{type}/withdraw", some(consultation=consultation), key=key
        )

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

    async def notifications(self) -> list[NotificationView]:
        """What I was told."""
        return await self.call("GET", "/api/v1/notifications")

    async def take_note(self, id: str, *, key: str | None = None) -> None:
        """Take note of one."""
        return await self.call("POST", f"/api/v1/notifications/{id}/read", key=key)

    async def find(
        self,
        *,
        family: str | None = None,
        birth_date: str | None = None,
        phone: str | None = None,
        mrn: str | None = None,
        key: str | None = None,
    ) -> Found:
        """Find patients by exact marks. The answer is not kept for a repeat, for it holds names."""
        return await self.call(
            "POST", "/api/v1/patients/find", some(family=family, birthDate=birth_date, phone=phone, mrn=mrn), key=key
        )

    async def register(
        self,
        *,
        given: str,
        family: str,
        birth_date: str,
        phone: str | None = None,
        mrn: str | None = None,
        language: str | None = None,
        not_the_same: list[str] | None = None,
        key: str | None = None,
    ) -> Registered:
        """Register a patient. Where somebody alike is on the books, the refusal names them by their ids."""
        return await self.call(
            "POST",
            "/api/v1/patients",
            {"given": given, "family": family, "birthDate": birth_date}
            | some(phone=phone, mrn=mrn, language=language, notTheSame=not_the_same),
            key=key,
        )

    async def me(self) -> Me:
        """Who I am here, and which visits are mine today."""
        return await self.call("GET", "/api/v1/me")

    async def waiting_room(self) -> WaitingRoomView:
        """My waiting room, as a provider."""
        return await self.call("GET", "/api/v1/waiting-room")

    async def queue(self, id: str) -> BoardView:
        """A department's queue. One that cannot be read is an error, never empty."""
        return await self.call("GET", f"/api/v1/departments/{id}/queue")
