"""Reads the journal as it grows, for every organization somebody is listening to, and publishes it in order.

A wake-up is only a hint: it may be lost, doubled or late with no effect, because the poll reads from the last
published number anyway. What a crash here costs: nothing. Clients come back with their own number.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

from bedside.realtime.hub import Channel, Hub
from bedside.realtime.interfaces import Clock, Feed, Sleep

POLL_SECONDS = 0.25
BATCH = 100
LOST_SECONDS = 5.0


class Tail:
    """One per node."""

    def __init__(self, hub: Hub, feed: Feed, clock: Clock, sleep: Sleep, *, lost: Callable[[Channel], None]) -> None:
        self._hub = hub
        self._feed = feed
        self._clock = clock
        self._sleep = sleep
        self._lost = lost
        self._woken = asyncio.Event()
        self.announced = 0
        self._failing_since: dict[UUID, float] = {}

    def wake(self) -> None:
        """Something was committed, somewhere."""
        self._woken.set()

    async def listen(self, notices: AsyncIterator[Any]) -> None:
        """Be woken by each thing that arrives: the payloads of NOTIFY bedside_journal, say."""
        async for _ in notices:
            self.wake()

    async def run(self) -> None:
        """For ever: read when woken, and four times a second in any case."""
        while True:
            self._woken.clear()
            await self.round()
            await self._nap()

    async def round(self) -> None:
        """Bring every channel up to the journal's end. One that fails does not keep the others."""
        for channel in self._hub.channels():
            try:
                await self._drain(channel)
            except Exception:  # noqa: BLE001 - an outage of any kind is waited out, then said
                self._failed(channel)
            else:
                self._failing_since.pop(channel.org, None)
            channel.settle(self._clock.ticks())

    async def _drain(self, channel: Channel) -> None:
        while channel.members:
            after = channel.n
            stretch = await self._feed.read(channel.org, after, BATCH)
            if stretch.era == channel.era and stretch.upto == after:
                return
            channel.publish(stretch, self._clock.ticks())
            self.announced += len(stretch.announcements)
            await asyncio.sleep(0)  # sockets write before they get more, or a burst would look like slowness
            if stretch.entries < BATCH:
                return

    def _failed(self, channel: Channel) -> None:
        since = self._failing_since.setdefault(channel.org, self._clock.ticks())
        if self._clock.ticks() - since >= LOST_SECONDS:
            self._failing_since.pop(channel.org)
            self._lost(channel)

    async def _nap(self) -> None:
        woken = asyncio.ensure_future(self._woken.wait())
        slept = asyncio.ensure_future(self._sleep(POLL_SECONDS))
        try:
            await asyncio.wait((woken, slept), return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()
