"""One announcement, encoded once: the same text for everyone who hears it."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from bedside.realtime.interfaces import Announcement
from bedside.realtime.wire import frame

LINE_MOVED = "LINE_MOVED"
WITHIN_MS = 900


class Packet(Struct, frozen=True):
    """What goes to sockets, and the little that decides to which."""

    n: int
    topic: str
    kind: str
    text: str
    content: bool
    to: frozenset[UUID] | None
    of: str | None = None
    """The message whose words these are, or of which this tells."""


def packet(one: Announcement) -> Packet:
    """Encode an announcement. `n` and `topic` are ours to say, whatever stands in the frame."""
    t = str(one.frame.get("t", "n"))
    kind = str(one.frame.get("kind", ""))
    rest = {name: value for name, value in one.frame.items() if name not in ("t", "n", "topic")}
    text = line_moved(one.topic, one.n) if kind == LINE_MOVED else frame(t, n=one.n, topic=one.topic, **rest)
    of = one.frame.get("id" if t == "m" else "message")
    return Packet(one.n, one.topic, kind, text, content=t == "m", to=one.to, of=of)


def line_moved(topic: str, n: int) -> str:
    """Somebody in this line moved; look at your own place at a random moment within the given time."""
    return frame("n", n=n, topic=topic, kind=LINE_MOVED, within=WITHIN_MS)
