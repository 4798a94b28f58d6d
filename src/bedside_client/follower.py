"""A client's half of the wire, without I/O: text frames in, events out, and what to say next.

It keeps the two things that make a broken line harmless: the cursor (era, n) of the last frame applied, and
the outbox of what was asked and is not answered yet, repeated with the same id until it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bedside_client.names import NoticeName

NUMBERED = frozenset({"n", "m"})
LATER = frozenset({"slow-down", "unavailable"})
"""Refusals that only mean *not now*."""
KEPT = LATER | {"grant-lapsed"}
"""… and the one after which a permission is renewed first. What was asked stays in the outbox."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in one organization's journal."""

    era: str
    n: int

    @classmethod
    def of(cls, view: Cursor | Mapping[str, Any] | None) -> Cursor | None:
        """As a fetched view carries it."""
        return view if view is None or isinstance(view, Cursor) else cls(str(view["era"]), int(view["n"]))


@dataclass(frozen=True, slots=True)
class Event:
    """One frame of the server that means something to us. `t` is its kind."""

    t: str
    frame: dict[str, Any]

    @property
    def kind(self) -> NoticeName | None:
        """What a notice is about; a newer clinic may say a name that is not listed here."""
        return cast("NoticeName | None", self.frame.get("kind"))


class Follower:
    """What one client knows of the stream, across any number of connections."""

    def __init__(
        self,
        topics: Iterable[str],
        *,
        device: str,
        since: Cursor | None = None,
        outbox: Mapping[str, str] | None = None,
    ) -> None:
        self.topics = list(dict.fromkeys(topics))
        self.device = device
        self.cursor = since
        self.outbox: dict[str, str] = dict(outbox or {})
        self._at_n: set[tuple[str, str, str]] = set()  # what was applied at exactly cursor.n
        self._versions: dict[str, int] = {}
        self._uncovered: set[str] = set()  # topics of which the cursor says nothing: asked anew, or not ours last time
        self._r = 0

    # What to say ─────────────────────────────────────────────────────────────

    def hello(self) -> str:
        """The first frame of every connection."""
        since = {"era": self.cursor.era, "n": self.cursor.n} if self.cursor else None
        return _text({"t": "hello", "device": self.device, "since": since, "topics": self.topics})

    def do(self, op: str, id: str, **body: Any) -> str:
        """Ask for an act, and keep it until it is answered."""
        self.outbox[id] = _text({"t": "do", "id": id, "op": op, **body})
        return self.outbox[id]

    def sub(self, topic: str) -> str:
        """Hear one more topic."""
        if topic not in self.topics:
            self.topics.append(topic)
        self._uncovered.add(topic)
        self._r += 1
        return _text({"t": "sub", "r": self._r, "topic": topic})

    # What was said ───────────────────────────────────────────────────────────

    def hear(self, text: str) -> list[Event]:
        """Understand one frame; [] for what is old, repeated or unknown."""
        frame: dict[str, Any] = json.loads(text)
        t = frame.get("t")
        if t in NUMBERED:
            return self._numbered(str(t), frame)
        if t == "welcome":
            self._welcome(frame)
        elif t == "beat":
            self._advance(int(frame["n"]))
        elif t == "resync":
            self._restart(Cursor(str(frame["era"]), int(frame["n"])))
        elif t == "done" or (t == "refused" and frame["problem"].get("type") not in KEPT):
            self.outbox.pop(str(frame["id"]), None)
        elif t == "gone" and frame["topic"] not in self._uncovered:  # else it is older than our asking anew
            self.topics = [topic for topic in self.topics if topic != frame["topic"]]
        elif t == "re" and "n" in frame:
            self._opened(str(frame["topic"]))
        elif t not in ("refused", "re", "gone", "here", "typing", "warn", "bye"):
            return []
        return [Event(str(t), frame), *(self._now_heard(frame) if t == "welcome" else ())]

    def _numbered(self, t: str, frame: dict[str, Any]) -> list[Event]:
        n, at = int(frame["n"]), self.cursor.n if self.cursor else 0
        key = (str(frame["topic"]), str(frame.get("kind", t)), str(frame.get("id", "")))
        if n < at or (n == at and key in self._at_n):
            return []
        self._advance(n)
        self._at_n.add(key)
        visit, v = frame.get("consultation"), frame.get("v")
        if isinstance(visit, str) and isinstance(v, int):
            if v < self._versions.get(visit, 0):
                return []
            self._versions[visit] = v
        return [Event(t, frame)]

    def _welcome(self, frame: dict[str, Any]) -> None:
        """A resumed stream goes on from our own cursor; only a new one starts at the head."""
        if not frame["resumed"]:
            self._restart(Cursor(str(frame["era"]), int(frame["n"])))

    def _opened(self, topic: str) -> None:
        """Asked for, and heard from now on."""
        self._uncovered.discard(topic)
        if topic not in self.topics:
            self.topics.append(topic)

    def _now_heard(self, frame: dict[str, Any]) -> list[Event]:
        """Topics that this welcome opens and the cursor does not cover: as if `sub` had been answered now."""
        verdicts = frame["topics"]
        answered = self._uncovered & verdicts.keys()
        opened = [topic for topic in self.topics if topic in answered and verdicts[topic] != "not-found"]
        self._uncovered -= answered
        self._uncovered |= {topic for topic, verdict in verdicts.items() if verdict == "not-found"}
        return [Event("re", {"t": "re", "topic": topic, "n": frame["n"]}) for topic in opened]

    def _restart(self, at: Cursor) -> None:
        self.cursor = at
        self._at_n.clear()
        self._versions.clear()

    def _advance(self, n: int) -> None:
        if self.cursor is not None and n > self.cursor.n:
            self.cursor = Cursor(self.cursor.era, n)
            self._at_n.clear()


def _text(frame: dict[str, Any]) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
