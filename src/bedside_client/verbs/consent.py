"""Consent: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import Caller, some
from bedside_client.views import ConsentTextView, ConsentView


class ConsentOfTheClinic(Caller):
    """What can be done in the clinic."""

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
