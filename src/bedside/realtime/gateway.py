"""The node's front door for live sockets: who comes in, the loops that serve them, and an orderly end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import structlog

from bedside.realtime.connection import Connection, Transport
from bedside.realtime.house import House
from bedside.realtime.hub import Channel
from bedside.realtime.interfaces import Principal
from bedside.realtime.tail import Tail
from bedside.realtime.watch import Watch
from bedside.realtime.wire import BEAT_SECONDS, Close

SOCKETS_PER_ACCOUNT = 8
_Account = tuple[UUID, UUID]

log = structlog.get_logger("bedside.realtime")


class Gateway:
    """All sockets of this node. `new_id` and `chance` (0 ≤ x < 1) are injected, like time."""

    def __init__(self, house: House, *, new_id: Callable[[], UUID], chance: Callable[[], float]) -> None:
        self.house = house
        self.tail = Tail(house.hub, house.feed, house.clock, house.sleep, lost=self._lost)
        self.watch = Watch(house, self.connections)
        self._new_id = new_id
        self._chance = chance
        self._open: dict[Connection, None] = {}  # in the order of coming, so that a run can be repeated
        self._of: dict[_Account, dict[Connection, None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    def start(self, notices: AsyncIterator[Any] | None = None) -> None:
        """Begin to serve. `notices` yields once per NOTIFY bedside_journal, whatever its payload."""
        loops = [self.tail.run(), self.watch.run(), self.house.signals.run(), self._tick()]
        if notices is not None:
            loops.append(self.tail.listen(notices))
        self._loops = [asyncio.create_task(loop) for loop in loops]

    async def stop(self, *, within_ms: int = 2000) -> None:
        """Tell everybody when to come back, not all at once, and end."""
        self._stopping = True
        for one in self.connections():
            one.perform(one.talk.bye(int(self._chance() * within_ms)))
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    def connections(self) -> list[Connection]:
        """Everybody who is connected now."""
        return list(self._open)

    def tally(self) -> dict[tuple[str, str], int]:
        """What went over all sockets since the start, by what and kind. Counts, and nothing of anybody."""
        return {**self.house.tally, ("notices", "announced"): self.tail.announced}

    async def serve(self, transport: Transport, who: Principal) -> None:
        """Serve one accepted socket to its end."""
        if self._stopping:
            return await transport.close(int(Close.RESTART))
        if not self._room_for(who):
            return await transport.close(int(Close.RATE))
        try:
            channel = await self._channel(who.org)
        except Exception:  # noqa: BLE001 - the journal cannot be read now; the client tries again
            return await transport.close(int(Close.BEHIND))
        one = Connection(self._new_id(), who, channel, self.house, transport)
        channel.members[one] = None
        self._open[one] = None
        self._of.setdefault(_account(who), {})[one] = None
        try:
            await one.run()
        finally:
            self._forget(one, _account(who))
            await self._gone(one)
        return None

    async def _channel(self, org: UUID) -> Channel:
        hub = self.house.hub
        return hub.get(org) or hub.open(org, await self.house.authority.head(org))

    def _room_for(self, who: Principal) -> bool:
        """Eight sockets an account; one that missed its beat (a phone that lost its network) yields."""
        mine = [one for one in self._of.get(_account(who), ()) if not one.ended]
        if len(mine) < SOCKETS_PER_ACCOUNT:
            return True
        quietest = min(mine, key=lambda one: one.heard_at)
        if self.house.clock.ticks() - quietest.heard_at <= BEAT_SECONDS + 5:
            return False
        quietest.perform(quietest.talk.shut(Close.QUIET))
        return True

    def _forget(self, one: Connection, account: _Account) -> None:
        self._open.pop(one, None)
        mine = self._of[account]
        del mine[one]
        if not mine:
            del self._of[account]

    async def _gone(self, one: Connection) -> None:
        try:
            await self.house.presence.gone(one.conn)
        except Exception as wrong:  # noqa: BLE001 - presence lapses by itself after 120 s
            log.warning("presence-not-told", error=type(wrong).__name__)

    def _lost(self, channel: Channel) -> None:
        for one in self.connections():
            if one.channel is channel:
                one.perform(one.talk.shut(Close.BEHIND))

    async def _tick(self) -> None:
        while True:
            await self.house.sleep(1.0)
            for one in self.connections():
                one.tick()


def _account(who: Principal) -> _Account:
    return who.org, who.account
