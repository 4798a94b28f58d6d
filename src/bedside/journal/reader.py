"""A reader of the journal with a named cursor: how everything asynchronous hears of facts, exactly once.

What it does and the cursor's move commit together; a crash between batches repeats nothing and skips nothing.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import structlog

from bedside.journal.again import persist
from bedside.journal.house import House
from bedside.journal.work import Work
from bedside.kernel import Actor, Entry, Refused
from bedside.store import PoolUnavailable, Queries, StoreFailure

Q = Queries(__file__)
log = structlog.get_logger()
BATCH = 200
Hear = Callable[[Work, Entry], Awaitable[None]]


class Reader:
    """Reads each organization's journal in order and hears each entry once."""

    def __init__(self, house: House, name: str, hear: Hear, *, concerns: frozenset[str], glance: float = 0.5) -> None:
        self.house = house
        self.name = name
        self.hear = hear
        self.concerns = concerns
        """The kinds of facts that are heard; all others are passed over unread."""
        self.glance = glance
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """New entries were numbered."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            try:
                while await self.read() >= BATCH:
                    pass  # there is more
            except (PoolUnavailable, StoreFailure, Refused) as error:
                log.warning("reader_paused", reader=self.name, error=type(error).__name__)
                await asyncio.sleep(self.glance)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), self.glance)

    async def read(self) -> int:
        """One batch of every organization that is ahead of this reader; how many entries were heard."""
        database = self.house.database
        behind = [row["org"] for row in await database.ask(database.timekeeper, Q.behind_readers, self.name)]
        return sum([await persist(self.house.chance, partial(self._read_one, org)) for org in behind])

    async def _hear_one(self, work: Work, n: int, entry: Entry) -> None:
        """A bug in hearing one entry must not stop all that follow: what it did is undone, said, and passed over."""
        try:
            async with work.attempt():
                await self.hear(work, entry)
        except (PoolUnavailable, StoreFailure):
            raise
        except Exception as error:  # noqa: BLE001 - see above
            log.error("entry_unheard", reader=self.name, n=n, kind=entry.kind, error=type(error).__name__)

    async def _read_one(self, org: UUID) -> int:
        async with Work(self.house, Actor.system(org)) as work:
            cursor = await work.value(Q.lock_reader, org, self.name)
            rows = await work.rows(Q.entries_after, org, cursor, BATCH)
            for row in rows:
                entry = Entry.read(row["entry"])
                if entry.kind in self.concerns:
                    await self._hear_one(work, row["n"], entry)
            if rows:
                await work.execute(Q.move_reader, org, self.name, rows[-1]["n"])
            return len(rows)
