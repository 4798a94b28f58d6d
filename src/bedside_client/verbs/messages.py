"""Messages: what can be asked for."""

# Written from the description of the API by tools/reference_client.py: change that, then `make docs`.

from __future__ import annotations

from bedside_client.caller import VisitCaller, some
from bedside_client.views import Earlier, MessageView, Revised, Sent


class MessagesOfAVisit(VisitCaller):
    """What can be done in a visit."""

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
