"""People: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import Caller, some
from bedside_client.views import Found, Me, Registered


class PeopleOfTheClinic(Caller):
    """What can be done in the clinic."""

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
