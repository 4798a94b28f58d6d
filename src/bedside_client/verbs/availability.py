"""Availability: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from typing import Literal

from bedside_client.caller import Caller
from bedside_client.views import ProviderView


class AvailabilityOfTheClinic(Caller):
    """What can be done in the clinic."""

    async def set_availability(
        self, *, status: Literal["available", "away", "offline"], key: str | None = None
    ) -> None:
        """Say that one is available, away or gone."""
        return await self.call("PUT", "/api/v1/availability", {"status": status}, key=key)

    async def available_providers(self, id: str) -> list[ProviderView]:
        """Who is free in a department."""
        return await self.call("GET", f"/api/v1/departments/{id}/providers/available")
