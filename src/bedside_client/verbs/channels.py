"""Channels: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import Caller
from bedside_client.views import ActiveChannel, ChannelView


class ChannelsOfTheClinic(Caller):
    """What can be done in the clinic."""

    async def channel(self, name: str) -> ChannelView:
        """What an address means now. Not there, not yours, not built: all the same."""
        return await self.call("GET", f"/api/v1/channels/{name}")

    async def active(self, id: str) -> list[ActiveChannel]:
        """Which visits' channels of a department are active, and who takes part in each."""
        return await self.call("GET", f"/api/v1/departments/{id}/channels")
