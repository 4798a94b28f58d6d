"""Topics → sockets. Per organization one channel: its head, its members, and a ring of what was said lately.

Everything here happens between two awaits: to join and to read the head are one step, and so is publishing.
That is what lets a resume say "up to h from the past, after h by itself" without losing or doubling.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from bedside.realtime.interfaces import Cursor, Stretch
from bedside.realtime.packet import LINE_MOVED, Packet, line_moved, packet

RING = 2048
LINE_SECONDS = 1.0


class Member(Protocol):
    """A socket, as the hub sees it."""

    def news(self, one: Packet) -> None: ...

    def resync(self, at: Cursor) -> None: ...

    def aside(self, topic: str, text: str, by: UUID | None = None) -> None: ...


class Channel:
    """One organization's live sockets on this node."""

    def __init__(self, org: UUID, head: Cursor) -> None:
        self.org = org
        self.era = head.era
        self.n = head.n
        self.members: dict[Member, None] = {}
        self._topics: dict[str, dict[Member, None]] = {}  # in the order of joining
        self._ring: deque[Packet] = deque()
        self._floor = head.n  # the ring holds everything announced after this
        self._line_told: dict[str, float] = {}
        self._line_held: set[str] = set()

    @property
    def head(self) -> Cursor:
        return Cursor(self.era, self.n)

    def join(self, member: Member, topics: Iterable[str]) -> Cursor:
        """From the returned head on, the member hears these topics."""
        for topic in topics:
            self._topics.setdefault(topic, {})[member] = None
        return self.head

    def part(self, member: Member, topic: str) -> None:
        """The member hears this topic no longer."""
        members = self._topics.get(topic, {})
        members.pop(member, None)
        if not members:
            self._topics.pop(topic, None)

    def leave(self, member: Member) -> None:
        """The member is gone from every topic."""
        self.members.pop(member, None)
        for topic in [topic for topic, members in self._topics.items() if member in members]:
            self.part(member, topic)

    def on(self, topic: str) -> list[Member]:
        """Who hears this topic now."""
        return list(self._topics.get(topic, ()))

    def publish(self, stretch: Stretch, ticks: float) -> None:
        """Tell what was announced, each thing encoded once, in order. A break in the numbers is a resync."""
        if stretch.era != self.era or stretch.upto < self.n:
            return self.broken(Cursor(stretch.era, stretch.upto))
        if stretch.after != self.n or stretch.entries != stretch.upto - stretch.after:
            return self.broken(Cursor(stretch.era, stretch.upto))
        try:
            packets = [packet(one) for one in stretch.announcements]
        except (
            TypeError,
            ValueError,
            OverflowError,
        ):  # a frame that is no JSON: our bug, but nobody may miss it
            return self.broken(Cursor(stretch.era, stretch.upto))
        for made in packets:
            self.n = made.n
            self._remember(made)
            if made.kind == LINE_MOVED:
                self._line(made, ticks)
            else:
                self._tell(made)
        self.n = stretch.upto
        return None

    def broken(self, head: Cursor) -> None:
        """The stream cannot be trusted from here back: everybody fetches what they show anew."""
        self.era, self.n, self._floor = head.era, head.n, head.n
        self._ring.clear()
        self._line_held.clear()
        for member in list(self.members):
            member.resync(head)

    def since(self, n: int) -> list[Packet] | None:
        """Everything announced at or after n, from memory; None if memory does not reach back that far."""
        if n - 1 < self._floor:
            return None
        return [one for one in self._ring if one.n >= n]

    def settle(self, ticks: float) -> None:
        """Lines that moved more than once a second are told of now, under the highest number."""
        for topic in [topic for topic in self._line_held if self._line_is_due(topic, ticks)]:
            self._line_held.discard(topic)
            self._line_told[topic] = ticks
            self._tell(Packet(self.n, topic, LINE_MOVED, line_moved(topic, self.n), content=False, to=None))

    def _line(self, made: Packet, ticks: float) -> None:
        if self._line_is_due(made.topic, ticks) and made.topic not in self._line_held:
            self._line_told[made.topic] = ticks
            self._tell(made)
        else:
            self._line_held.add(made.topic)

    def _line_is_due(self, topic: str, ticks: float) -> bool:
        return ticks - self._line_told.get(topic, float("-inf")) >= LINE_SECONDS

    def _remember(self, made: Packet) -> None:
        if made.of and not made.content:
            # News of a message: its words in memory may stand no longer. The journal's reader knows those that do.
            self._forget(max((one.n for one in self._ring if one.content and one.of == made.of), default=0))
        self._ring.append(made)
        if len(self._ring) > RING:
            self._forget(self._ring[0].n)

    def _forget(self, upto: int) -> None:
        """Up to here memory does not reach any more. Frames of one entry go together, or the rest would be a part."""
        self._floor = max(self._floor, upto)
        while self._ring and self._ring[0].n <= self._floor:
            self._ring.popleft()

    def _tell(self, made: Packet) -> None:
        for member in list(self._topics.get(made.topic, ())):
            member.news(made)


class Hub:
    """All channels of this node. A channel lives as long as somebody listens."""

    def __init__(self) -> None:
        self._channels: dict[UUID, Channel] = {}

    def get(self, org: UUID) -> Channel | None:
        return self._channels.get(org)

    def open(self, org: UUID, head: Cursor) -> Channel:
        """The organization's channel, made at this head if nobody listened before."""
        return self._channels.setdefault(org, Channel(org, head))

    def leave(self, channel: Channel, member: Member) -> None:
        """A socket is gone; with the last one the channel and its memory go too."""
        channel.leave(member)
        if not channel.members and self._channels.get(channel.org) is channel:
            del self._channels[channel.org]

    def channels(self) -> list[Channel]:
        return list(self._channels.values())

    def members(self) -> list[Member]:
        return [member for channel in self._channels.values() for member in channel.members]
