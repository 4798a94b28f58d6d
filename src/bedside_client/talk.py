"""What was said in a visit, from three sources at once: the view, the feed, and what one says oneself.

Each message is there once, whatever came twice, and in the order in which the clinic kept it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bedside_client.follower import Event

Delivery = Literal["sending", "sent", "refused"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message. Without `seq` the clinic has not confirmed it yet."""

    id: str
    content: str
    sender: str
    role: str = ""
    seq: int | None = None
    delivery: Delivery = "sent"


class Talk:
    """The messages of one visit, merged by their ids."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._said: dict[str, Said] = {}

    def __iter__(self) -> Iterable[Said]:
        return iter(self.messages)

    @property
    def messages(self) -> list[Said]:
        """In order; what is not confirmed yet comes last, as it was written."""
        kept = [each for each in self._said.values() if each.seq is not None]
        return sorted(kept, key=lambda each: each.seq or 0) + [each for each in self._said.values() if each.seq is None]

    def fetched(self, messages: Iterable[Mapping[str, Any]]) -> None:
        """What a view or the history holds."""
        for each in messages:
            self._keep(Said(str(each["id"]), each["body"], str(each["sender"]), each["role"], each["seq"]))

    def heard(self, event: Event) -> None:
        """What the feed says; anything but a message is passed over."""
        if event.t == "m":
            frame, sender = event.frame, event.frame["sender"]
            self._keep(Said(str(frame["id"]), frame["content"], str(sender["id"]), sender["role"], frame["seq"]))

    def sending(self, id: str, content: str) -> None:
        """What I am about to say. Said again under the same id it is one message."""
        self._said.setdefault(id, Said(id, content, self._me, delivery="sending"))

    def refused(self, id: str) -> None:
        """It was not taken: it stays, so that it can be said again."""
        self._said[id] = replace(self._said[id], delivery="refused")

    def _keep(self, said: Said) -> None:
        self._said[said.id] = said
