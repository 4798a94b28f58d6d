"""Sees to it that a right that ended is not enjoyed: every second, the epochs of all who are connected.

Revocation does not wait for the journal. Whoever's epoch moved is held (nothing leaves the socket), each
topic is judged anew, and then the socket goes on, or hears `gone`, or ends. No answer for five seconds ends
every socket: a house that cannot tell who may listen tells nobody anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from bedside.realtime.connection import Connection
from bedside.realtime.house import House
from bedside.realtime.interfaces import Epochs, Heard, Pair
from bedside.realtime.wire import Close

EVERY_SECONDS = 1.0
BLIND_SECONDS = 5.0


class Watch:
    """One per node."""

    def __init__(self, house: House, connections: Callable[[], list[Connection]]) -> None:
        self._house = house
        self._connections = connections
        self._poked = asyncio.Event()
        self._seen_at = house.clock.ticks()

    def poke(self) -> None:
        """A right was just withdrawn: look now."""
        self._poked.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._poked.clear()
            await self.round()
            poked = asyncio.ensure_future(self._poked.wait())
            slept = asyncio.ensure_future(self._house.sleep(EVERY_SECONDS))
            try:
                await asyncio.wait((poked, slept), return_when=asyncio.FIRST_COMPLETED)
            finally:
                poked.cancel()
                slept.cancel()

    async def round(self) -> None:
        """Read the epochs; hold, judge and release whoever's moved."""
        connections = self._connections()
        pairs = {pair for one in connections for pair in _pairs(one)}
        try:
            epochs = await self._house.authority.epochs(list(pairs)) if pairs else {}
        except Exception:  # noqa: BLE001 - whatever keeps us from knowing, we do not know
            self._blind()
            return
        self._seen_at = self._house.clock.ticks()
        stale = [one for one in connections if one.stale_since is not None or _moved(one, epochs)]
        for one in stale:
            one.hold()
        await asyncio.gather(*(self._judge(one, epochs) for one in stale))

    def _blind(self) -> None:
        if self._house.clock.ticks() - self._seen_at >= BLIND_SECONDS:
            for one in self._connections():
                one.perform(one.talk.shut(Close.BEHIND))

    async def _judge(self, one: Connection, epochs: Mapping[Pair, Epochs]) -> None:
        talk, authority = one.talk, self._house.authority
        try:
            if _account_moved(one, epochs) or self._limit_reached(one):
                one.perform(talk.stands(await authority.standing(talk.who), self._house.clock.now()))
            for topic, heard in list(talk.topics.items()):
                if _topic_moved(one, heard, epochs):
                    one.perform(talk.rejudged(topic, await authority.may_hear(talk.who, topic)))
        except Exception:  # noqa: BLE001 - still held; tried again next second, and not for ever
            if one.stale_since is not None and self._house.clock.ticks() - one.stale_since >= BLIND_SECONDS:
                one.perform(talk.shut(Close.BEHIND))
            return
        one.release()

    def _limit_reached(self, one: Connection) -> bool:
        who = one.talk.who
        return self._house.clock.now() >= min(who.idle_until, who.ends_at)


def _pairs(one: Connection) -> set[Pair]:
    who = one.talk.who
    of_topics = {(who.org, who.account, heard.consultation) for heard in one.talk.topics.values()}
    return {(who.org, who.account, None), *of_topics}


def _moved(one: Connection, epochs: Mapping[Pair, Epochs]) -> bool:
    return _account_moved(one, epochs) or any(_topic_moved(one, heard, epochs) for heard in one.talk.topics.values())


def _account_moved(one: Connection, epochs: Mapping[Pair, Epochs]) -> bool:
    who = one.talk.who
    now = epochs.get((who.org, who.account, None))
    return now is None or now.account != who.epoch


def _topic_moved(one: Connection, heard: Heard, epochs: Mapping[Pair, Epochs]) -> bool:
    who = one.talk.who
    now = epochs.get((who.org, who.account, heard.consultation))
    return now is None or (now.account, now.consultation) != (heard.account_epoch, heard.consultation_epoch)
