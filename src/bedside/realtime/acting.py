"""What one person asks to be done over the socket, while it is on its way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bedside.realtime import limits
from bedside.realtime.effects import Effect, Perform, Room, Touch, Whisper
from bedside.realtime.interfaces import Heard, Json, Principal
from bedside.realtime.refusals import NotServed, SlowDown, TextNotValid
from bedside.realtime.wire import Do, frame

OPS = frozenset({"send", "edit", "delete", "read", "typing", "enter", "leave"})


class Acting:
    """The acts of one socket: each id once, no faster than a person acts."""

    def __init__(self) -> None:
        self._bucket = limits.messages()
        self._under_way: dict[UUID, tuple[str, Json]] = {}
        self._touched_at = float("-inf")

    def begin(self, do: Do, body: dict[str, Any], by: Json, ticks: float) -> list[Effect]:
        """Start an act, or refuse it. Asked again while it is under way, one answer will serve both."""
        if do.id in self._under_way:
            return []
        if do.op not in OPS:
            raise NotServed()
        if not self._bucket.take(ticks):
            raise SlowDown(after=int(self._bucket.wait(ticks) * 1000) + 1)
        if any(isinstance(value, str) and "\0" in value for value in body.values()):
            raise TextNotValid()
        rest = {name: value for name, value in body.items() if name not in ("t", "id", "op")} | by
        self._under_way[do.id] = (do.op, rest)
        if ticks - self._touched_at < 60:
            return [Perform(do.id, do.op, rest)]
        self._touched_at = ticks
        return [Perform(do.id, do.op, rest), Touch()]

    def end(self, id: UUID) -> tuple[str, Json]:
        """It is answered; the operation and what it was asked with."""
        return self._under_way.pop(id, ("", {}))


def what_follows(op: str, body: Json, who: Principal, topics: dict[str, Heard]) -> list[Effect]:
    """What others see of an act at once, without the journal: who is in the room, who is typing."""
    topic = f"consultation.{body.get('consultation')}"
    if op in ("enter", "leave"):
        return [Room(topic, op == "enter")]
    if op == "typing" and topic in topics and topics[topic].content:
        sender = {"id": who.account, "role": who.role}
        return [Whisper(topic, frame("typing", topic=topic, sender=sender))]
    return []
