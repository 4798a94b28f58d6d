"""A small world for the sockets: a journal, rights, and a clock that moves only when told."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bedside.kernel.refusal import Refused
from bedside.realtime import (
    Announcement,
    Cursor,
    Ended,
    Epochs,
    Gateway,
    Heard,
    House,
    Pair,
    Principal,
    Stretch,
)

ORG = UUID(int=1)
NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Time:
    """The injected clock and sleep. `run` lets everything happen that would happen in so many seconds."""

    def __init__(self) -> None:
        self._ticks = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return NINE + timedelta(seconds=self._ticks)

    def ticks(self) -> float:
        return self._ticks

    async def sleep(self, seconds: float) -> None:
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._ticks + seconds, next(self._order), wake))
        await wake

    async def settle(self) -> None:
        """Until nobody has anything left to do at this instant."""
        ready = getattr(asyncio.get_running_loop(), "_ready")  # noqa: B009
        await asyncio.sleep(0)
        while ready:
            await asyncio.sleep(0)

    async def run(self, seconds: float) -> None:
        until = self._ticks + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            due, _, wake = heapq.heappop(self._sleepers)
            if not wake.done():
                self._ticks = max(self._ticks, due)
                wake.set_result(None)
                await self.settle()
        self._ticks = until


@dataclass
class Clinic:
    """What the rest of the house would be: a journal, rights with epochs, sessions, acts."""

    time: Time = field(default_factory=Time)
    era: UUID = field(default_factory=lambda: UUID(int=100))
    entries: list[list[Announcement]] = field(default_factory=list[list[Announcement]])
    rights: dict[UUID, set[str]] = field(default_factory=dict[UUID, set[str]])
    account_epoch: dict[UUID, int] = field(default_factory=dict[UUID, int])
    ended: dict[UUID, Ended] = field(default_factory=dict[UUID, Ended])
    idle_minutes: float = 30
    done: dict[UUID, dict[str, Any]] = field(default_factory=dict[UUID, dict[str, Any]])
    acts: list[tuple[str, UUID]] = field(default_factory=list[tuple[str, UUID]])
    fail: set[str] = field(default_factory=set[str])
    beats: list[UUID] = field(default_factory=list[UUID])
    left: list[UUID] = field(default_factory=list[UUID])
    refusal: Refused | None = None
    reads: int = 0

    async def slow(self) -> None:
        """How long the database takes."""

    def _up(self, what: str) -> None:
        if what in self.fail:
            raise ConnectionError(what)

    # Authority
    async def authenticate(self, *, cookie: str | None, bearer: str | None) -> Principal | None:
        self._up("authenticate")
        secret = cookie or bearer
        return self.person(UUID(secret)) if secret and UUID(secret) in self.rights else None

    def person(self, account: UUID, role: str = "patient") -> Principal:
        return Principal(
            org=ORG,
            account=account,
            role=role,
            session=account,
            idle_until=self.time.now() + timedelta(minutes=self.idle_minutes),
            ends_at=self.time.now() + timedelta(hours=12),
            epoch=self.account_epoch.get(account, 0),
        )

    async def standing(self, who: Principal) -> Principal | Ended:
        self._up("standing")
        ended = self.ended.get(who.account)
        return ended or (self.person(who.account, who.role) if self.idle_minutes > 1 else who)

    async def touch(self, who: Principal) -> Principal | Ended:
        self._up("standing")
        return self.person(who.account, who.role)

    async def may_hear(self, who: Principal, topic: str) -> Heard:
        self._up("may_hear")
        await self.slow()
        alias = topic.removeprefix("alias/")
        ok = alias in self.rights.get(who.account, set())
        epoch = self.account_epoch.get(who.account, 0)
        return Heard(ok, alias, None, content=ok, account_epoch=epoch, consultation_epoch=None)

    async def head(self, org: UUID) -> Cursor:
        self._up("head")
        return Cursor(self.era, len(self.entries))

    async def epochs(self, pairs: Sequence[Pair]) -> dict[Pair, Epochs]:
        self._up("epochs")
        return {pair: Epochs(self.account_epoch.get(pair[1], 0), None) for pair in pairs}

    def allow(self, account: UUID, *topics: str) -> None:
        self.rights.setdefault(account, set()).update(topics)
        self.account_epoch[account] = self.account_epoch.get(account, 0) + 1

    def withdraw(self, account: UUID, topic: str) -> None:
        self.rights[account].discard(topic)
        self.account_epoch[account] = self.account_epoch.get(account, 0) + 1

    # Feed
    def announce(
        self, *topics: str, to: frozenset[UUID] | None = None, kind: str = "STATUS_UPDATED", **more: Any
    ) -> int:
        """One journal entry, heard on these topics (or on none); `more` is what its frame says besides."""
        n = len(self.entries) + 1
        t = "m" if to is not None else "n"
        id = f"{self.era.int}-{n}"
        said = {"t": t, "kind": kind, "id": id} | more
        self.entries.append([Announcement(n, topic, said, None, to) for topic in topics])
        return n

    async def read(self, org: UUID, after_n: int, limit: int) -> Stretch:
        self._up("read")
        self.reads += 1
        await self.slow()
        part = self.entries[after_n : after_n + limit]
        upto = min(after_n + len(part), len(self.entries))
        found = Stretch(self.era, after_n, upto, len(part), [one for entry in part for one in entry])
        await self.slow()
        return found

    # Acts and presence
    async def do(self, who: Principal, op: str, id: UUID, body: dict[str, Any]) -> dict[str, Any]:
        self._up("do")
        if self.refusal:
            raise self.refusal
        await self.slow()
        if id not in self.done:
            self.acts.append((op, id))
            self.done[id] = {"entry": str(id), "op": op}
        return self.done[id]

    async def beat(self, who: Principal, conn: UUID, device: str) -> None:
        self._up("beat")
        self.beats.append(conn)

    async def gone(self, conn: UUID) -> None:
        self.left.append(conn)


def explain(no: Exception) -> dict[str, Any] | None:
    if not isinstance(no, Refused):
        return None
    return {"type": no.slug, "title": no.slug, "status": 409, "can": list(no.can), **no.facts}


def gateway(clinic: Clinic, seed: int = 0) -> Gateway:
    chance = Random(seed)
    house = House(clinic, clinic, clinic, clinic, explain, clinic.time, clinic.time.sleep)
    return Gateway(house, new_id=lambda: UUID(int=chance.getrandbits(128)), chance=chance.random)


class Pipe:
    """A line between a client and the gateway; the test holds the client's end."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self.sent: list[str] = []
        self.closed: int | None = None
        self.blocked: asyncio.Event = asyncio.Event()
        self.blocked.set()
        self.on_send: Callable[[str], None] = lambda _: None

    async def receive(self) -> str | bytes | None:
        return await self.inbox.get()

    async def send(self, text: str) -> None:
        self.on_send(text)
        await self.blocked.wait()
        self.sent.append(text)

    async def close(self, code: int) -> None:
        await self.blocked.wait()
        self.closed = code

    def say(self, text: str | bytes | None) -> None:
        self.inbox.put_nowait(text)
