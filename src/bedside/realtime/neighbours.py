"""The nodes beside this one: what only a node's own sockets know (who is here, who is typing) is told to the others.

Nothing of it is kept or numbered, and whatever carries it may lose, repeat or reorder it: a change is told as the full
set of that page's seats, all seats are told again every beat, and a node that was not heard of for three beats is gone
with everybody on it. A house of one node says nothing but that beat.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import msgspec
import structlog

from bedside.crypto import Datagrams
from bedside.realtime.hub import Hub
from bedside.realtime.interfaces import Clock, Sleep
from bedside.realtime.presence import Book, Room

BEAT_SECONDS = 15.0
GONE_SECONDS = 3 * BEAT_SECONDS
MOST_WHISPERS = 256

log = structlog.get_logger("bedside.realtime")


class Signals(Protocol):
    """Where the sockets of a node leave what other nodes should know."""

    def seats(self, org: UUID, topic: str) -> None:
        """Who is on that page of this node has changed."""
        ...

    def whisper(self, org: UUID, topic: str, by: UUID, text: str) -> None:
        """A frame for everybody on the topic but its author, kept nowhere."""
        ...

    def heard(self, piece: str) -> None:
        """Another node, or this one, said something."""
        ...

    async def run(self) -> None:
        """Until cancelled: tell, and notice who went silent."""
        ...


class Alone:
    """No other node: nothing is told to anybody."""

    def seats(self, org: UUID, topic: str) -> None: ...

    def whisper(self, org: UUID, topic: str, by: UUID, text: str) -> None: ...

    def heard(self, piece: str) -> None: ...

    async def run(self) -> None:
        """There is nothing to do."""


class Whispered(msgspec.Struct, frozen=True, tag="w", array_like=True):
    """Somebody is typing, on another node."""

    node: UUID
    org: UUID
    topic: str
    by: UUID
    text: str


class Standing(msgspec.Struct, frozen=True, tag="s", array_like=True):
    """Who is on the pages of a node: on some that changed, or (`all`) on every one."""

    node: UUID
    all: bool
    rooms: list[Room]


_decoder = msgspec.json.Decoder(Whispered | Standing)


class Neighbours:
    """One per node. `carry` brings a text to every node of the house, to this one too."""

    def __init__(
        self, node: UUID, hub: Hub, book: Book, carry: Callable[[str], Awaitable[None]], datagrams: Datagrams,
        clock: Clock, sleep: Sleep,
    ) -> None:  # fmt: skip
        self.node = node
        self._hub, self._book, self._carry, self._datagrams = hub, book, carry, datagrams
        self._clock, self._sleep = clock, sleep
        self._heard_at: dict[UUID, float] = {}
        self._changed: dict[tuple[UUID, str], None] = {}
        self._whispers: deque[Whispered] = deque(maxlen=MOST_WHISPERS)
        self._woken = asyncio.Event()
        self._beat_at = float("-inf")

    def seats(self, org: UUID, topic: str) -> None:
        """Told once for any number of changes that come together."""
        if self._heard_at:
            self._changed[org, topic] = None
            self._woken.set()

    def whisper(self, org: UUID, topic: str, by: UUID, text: str) -> None:
        """Told soon, or not at all."""
        if self._heard_at:
            self._whispers.append(Whispered(self.node, org, topic, by, text))
            self._woken.set()

    def heard(self, piece: str) -> None:
        """Whatever is not of this house, or not whole, is nothing."""
        raw = self._datagrams.take(piece, self._clock.ticks())
        if raw is None:
            return
        try:
            said = _decoder.decode(raw)
        except msgspec.DecodeError:
            return  # another release says more than we understand
        if said.node == self.node:
            return
        if said.node not in self._heard_at:  # somebody new: they do not know yet who is here
            self._beat_at = float("-inf")
            self._woken.set()
        self._heard_at[said.node] = self._clock.ticks()
        if isinstance(said, Whispered):
            self._aside(said.org, said.topic, said.text, by=said.by)
        else:
            self._tell(self._book.elsewhere(said.node, said.rooms, all=said.all))

    async def run(self) -> None:
        """Until cancelled. What cannot be told now is told again with the next beat."""
        while True:
            self._woken.clear()
            await self.round()
            woken = asyncio.ensure_future(self._woken.wait())
            slept = asyncio.ensure_future(self._sleep(BEAT_SECONDS))
            try:
                await asyncio.wait((woken, slept), return_when=asyncio.FIRST_COMPLETED)
            finally:
                woken.cancel()
                slept.cancel()

    async def round(self) -> None:
        """Forget who went silent, then say what is to be said."""
        ticks = self._clock.ticks()
        for node in [node for node, at in self._heard_at.items() if ticks - at > GONE_SECONDS]:
            del self._heard_at[node]
            self._tell(self._book.elsewhere(node, [], all=True))
        while self._whispers:
            await self._say(self._whispers.popleft())
        changed, self._changed = self._changed, {}
        if ticks - self._beat_at >= BEAT_SECONDS:
            self._beat_at = ticks
            await self._say(Standing(self.node, all=True, rooms=self._book.rooms()))
        elif changed:
            await self._say(Standing(self.node, all=False, rooms=[self._book.room_of(*key) for key in changed]))

    async def _say(self, said: Whispered | Standing) -> None:
        try:
            for piece in self._datagrams.pieces(msgspec.json.encode(said)):
                await self._carry(piece)
        except Exception as wrong:  # noqa: BLE001 - lost, as any signal may be: the next beat mends it
            log.warning("signal_lost", error=type(wrong).__name__)

    def _tell(self, changed: list[tuple[UUID, str]]) -> None:
        for org, topic in changed:
            self._aside(org, topic, self._book.here(org, topic))

    def _aside(self, org: UUID, topic: str, text: str, by: UUID | None = None) -> None:
        channel = self._hub.get(org)
        for member in channel.on(topic) if channel else ():
            member.aside(topic, text, by)
