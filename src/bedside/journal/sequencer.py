"""The sequencer: numbers committed entries, gap-free per organization, in the order in which their rows were locked.

Any process may run it; the row lock of `journal_head` lets one at a time. If it stands still, care goes on (state has
committed) and the screens go quiet; revocation does not pass through here.
"""

import asyncio
import contextlib

import structlog

from bedside.kernel import Instant
from bedside.store import Database, PoolUnavailable, Queries, StoreFailure

Q = Queries(__file__)
BATCH = 500
log = structlog.get_logger()


class Sequencer:
    """Numbers what is pending, when poked and at least four times a second."""

    def __init__(self, database: Database, *, glance: float = 0.25) -> None:
        self.database = database
        self.glance = glance
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """Something is pending."""
        self._poked.set()

    async def run(self) -> None:
        """Until cancelled. An outage of the database is waited out; nothing is lost by it."""
        while True:
            self._poked.clear()
            try:
                while await self.number() >= BATCH:
                    pass  # there is more; what came meanwhile has poked, and is numbered next
            except (PoolUnavailable, StoreFailure) as error:
                log.warning("numbering_paused", error=type(error).__name__)
                await asyncio.sleep(self.glance)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._poked.wait(), self.glance)

    async def oldest(self) -> Instant | None:
        """Since when something waits to be numbered; None when nothing does."""
        async with self.database.transaction(self.database.sequencer) as connection:
            return await connection.fetchval(Q.oldest_pending)

    async def number(self) -> int:
        """Number one batch of each organization that has entries pending; how many were numbered."""
        numbered = 0
        waiting = [row["org"] for row in await self.database.ask(self.database.sequencer, Q.pending_organizations)]
        for org in waiting:
            async with self.database.transaction(self.database.sequencer) as connection:
                # Two statements on purpose: the second sees what committed while the first waited for the lock.
                head = await connection.fetchval(Q.lock_head, org)
                after = await connection.fetchval(Q.number_batch, org, head, BATCH)
                numbered += after - head
        return numbered
