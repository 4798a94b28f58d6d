"""Which of the past a client gets that comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bedside.realtime.effects import Effect, Send
from bedside.realtime.packet import LINE_MOVED, Packet, line_moved
from bedside.realtime.wire import frame


def replay(
    packets: Iterable[Packet],
    *,
    since: int,
    upto: int,
    lines: Iterable[str],
    may_have: Callable[[Packet], bool],
) -> list[Effect]:
    """Everything announced after `since` up to `upto` that this client may have, in order, then the cursor.

    One entry may speak on several topics in frames of equal n, and a line may break between two of them. So
    the frames *at* `since` are repeated if there was more than one of them, for whomever: this client may
    have heard one on a topic that has been taken from it since.

    News of a line is merged, so some may still have been held back when the connection broke. It says only
    "look again": saying it once more to whoever comes back costs little and loses nothing.
    """
    packets = list(packets)
    again = sum(one.n == since for one in packets) > 1
    mine = [one for one in packets if one.n <= upto and one.kind != LINE_MOVED and may_have(one)]
    sends: list[Effect] = [Send(one.text, one.topic) for one in mine if one.n > since or (again and one.n == since)]
    sends += [Send(line_moved(topic, upto), topic) for topic in lines]
    return [*sends, Send(frame("beat", n=max(since, upto)))]
