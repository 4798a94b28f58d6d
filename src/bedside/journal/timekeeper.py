"""The timekeeper: performs what is due, as SYSTEM, through the ordinary actions.

A deadline names a kind, a thing and the version for which it was set; at another version nothing is left to do.
Two timekeepers may look at the same deadline: whoever finds it gone after the act takes the act back. The deadline's
row is touched last, as by everybody who sets one: else the timekeeper and a person at the same visit would each hold
what the other wants.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

from bedside.journal.again import persist
from bedside.journal.house import House
from bedside.journal.work import Work
from bedside.kernel import Actor, Refused
from bedside.store import PoolUnavailable, Queries, StoreFailure

Q = Queries(__file__)
log = structlog.get_logger()
DEAF = timedelta(seconds=30)
"""Two rounds further apart than this: the machine stood still, and nobody could be heard."""
POSTPONED = timedelta(minutes=1)
Perform = Callable[[Work, UUID, int], Awaitable[None]]


class _KeptByAnother(Exception):
    """Somebody else performed it, or moved it, while we did."""


class Timekeeper:
    """Looks once a second at what is due."""

    def __init__(self, house: House, deadlines: Mapping[str, Perform], *, glance: float = 1.0) -> None:
        self.house = house
        self.deadlines = deadlines
        self.glance = glance

    async def run(self) -> None:
        """Until cancelled."""
        looked = self.house.clock.now()
        while True:
            try:
                now = self.house.clock.now()
                if now - looked > DEAF:
                    self.house.since = now  # stood still (outage, suspended machine): silence so far proves nothing
                looked = now  # before the round: a machine may also be suspended in the middle of one
                await self.keep()
            except (PoolUnavailable, StoreFailure, Refused) as error:
                self.house.since = self.house.clock.now()
                log.warning("timekeeper_paused", error=type(error).__name__)
            await asyncio.sleep(self.glance)

    async def keep(self) -> int:
        """Perform everything that is due now; how many."""
        database = self.house.database
        kept = 0
        async with database.transaction(database.timekeeper) as connection:
            due = await connection.fetch(Q.due_deadlines, self.house.clock.now(), 200)
        for row in due:
            try:
                kept += await persist(self.house.chance, partial(self._perform, *row))
            except PoolUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - one that cannot be kept must not hold up all that follow
                # Nothing of it was done; it is tried again in a minute, and those behind it come first.
                log.error("deadline_postponed", kind=row["kind"], error=type(error).__name__)
                async with Work(self.house, Actor.system(row["org"])) as work:
                    later = work.now + POSTPONED
                    await work.execute(Q.postpone, work.org, row["kind"], row["ref"], row["version"], later)
        return kept

    async def _perform(self, org: UUID, kind: str, ref: UUID, version: int) -> int:
        """One deadline in one transaction: its row goes with the act, so neither happens twice or alone."""
        with suppress(_KeptByAnother):
            async with Work(self.house, Actor.system(org)) as work:
                due = org, kind, ref, version, work.now
                if not await work.value(Q.deadline_still, *due):
                    return 0
                await self.deadlines[kind](work, ref, version)
                if not await work.value(Q.deadline_done, *due):
                    raise _KeptByAnother
            return 1
        return 0
