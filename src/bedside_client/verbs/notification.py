"""Notification: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import Caller
from bedside_client.views import NotificationView


class NotificationOfTheClinic(Caller):
    """What can be done in the clinic."""

    async def notifications(self) -> list[NotificationView]:
        """What I was told."""
        return await self.call("GET", "/api/v1/notifications")

    async def take_note(self, id: str, *, key: str | None = None) -> None:
        """Take note of one."""
        return await self.call("POST", f"/api/v1/notifications/{id}/read", key=key)
