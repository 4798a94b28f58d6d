"""A whole clinic behind a real port, in this process: what the browsers of these tests come to.

Its day begins at half past ten, whenever the test runs, and goes on at the usual pace. So no test meets midnight, what
is on the screens is the same every time, and the clinic's clock is never that of the device that looks at it.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from bedside import app, invented
from bedside.care import people
from bedside.care.people import Name
from bedside.cli import runner
from bedside.cli.front import Front
from bedside.config import Settings
from bedside.crypto import SqliteKeystore
from bedside.journal import Work
from bedside.kernel import Actor, Role
from bedside.store import Database
from bedside.store.pool import dsn_as

HALF_PAST_TEN = datetime(2026, 3, 16, 14, 30, tzinfo=UTC)
"""… in New York, where the invented clinic is."""


class RunningClock:
    """A clock that was set once and goes."""

    def __init__(self, at: datetime) -> None:
        self.at, self._since = at, time.monotonic()

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._since)

    def ticks(self) -> float:
        return time.monotonic()


@dataclass(slots=True)
class OpenHouse:
    """The clinic, its address, and the test's own look into the database."""

    base: str
    clinic: app.Running
    clock: RunningClock
    owner: asyncpg.Connection
    links: dict[str, str]

    async def count(self, sql: str, *args: object) -> int:
        """The number that the database answers with."""
        return int(await self.owner.fetchval(sql, *args) or 0)

    async def journal(self, visit: UUID, action: str) -> int:
        """How often this act stands in the record of the visit."""
        await self.clinic.sequencer.number()
        return await self.count("select count(*) from journal where consultation = $1 and action = $2", visit, action)

    async def messages(self, visit: UUID) -> int:
        """How many messages the record of the visit holds."""
        return await self.count("select count(*) from message where consultation = $1", visit)

    async def state(self, visit: UUID) -> str:
        """The stored state of the visit."""
        return str(await self.owner.fetchval("select state from consultation where id = $1", visit))

    async def patient_link(self, name: str) -> str:
        """A link for somebody on today's list."""
        row = await self.owner.fetchrow(
            "select p.account, a.id from account_patient p join appointment a using (org, patient) where patient = $1",
            uuid5(invented.CLINIC, name),
        )
        assert row, f"no patient is called {name}"
        secret = await invented.link(self.clinic.house, row["account"], Role.PATIENT, row["id"])
        return f"{self.base}/k/{secret}"

    async def newcomer(self, given: str, family: str, *, minutes: int = 15) -> str:
        """Somebody new comes onto the books, with a visit to Dr. Osei today. Their link."""
        house, system = self.clinic.house, Actor.system(invented.CLINIC)
        id = Work(house, system).new_id()
        key = await house.vault.mint(invented.CLINIC, "patient", id, "record")
        async with Work(house, system) as work:
            account = await people.register_patient(
                work, id=id, record_key=key, name=Name(given, family), born=date(1960, 6, 1), language="en"
            )
        osei = await self.owner.fetchrow(
            "select a.id, r.department from account a join account_role r on r.account = a.id where display_name = $1",
            "Dr. Kwame Osei",
        )
        assert osei
        appointment = await invented.book(house, id, osei["id"], osei["department"], minutes)
        return f"{self.base}/k/{await invented.link(house, account, Role.PATIENT, appointment)}"

    async def colleague(self, name: str, role: Role, department: str | None) -> str:
        """Somebody starts to work here, in a department of this name or, without one, in all. Their link."""
        house, system = self.clinic.house, Actor.system(invented.CLINIC)
        async with Work(house, system) as work:
            where = await self.owner.fetchval("select id from department where name = $1", department)
            if department and not where:
                where = await people.open_department(work, name=department)
            account = await people.hire(work, name=name, role=role, department=where, specialty=department)
        return f"{self.base}/s/{await invented.link(house, account, role, None)}"

    async def link_of(self, name: str, role: Role) -> str:
        """A link for a colleague who works here already."""
        account = await self.owner.fetchval("select id from account where display_name = $1", name)
        assert account, f"nobody here is called {name}"
        return f"{self.base}/s/{await invented.link(self.clinic.house, account, role, None)}"

    async def comes_earlier(self, name: str, *, minutes: int) -> None:
        """Somebody of today's list has a time that is so much earlier."""
        moved = (
            "update appointment set starts_at = starts_at - $2::interval, wall = wall - $2::interval where patient = $1"
        )
        await self.owner.execute(moved, uuid5(invented.CLINIC, name), timedelta(minutes=minutes))

    async def later(self, **span: float) -> None:
        """The clinic's clock goes on by so much at once. Who is here was here all the while."""
        then = self.clock.now() + timedelta(**span)
        await self.owner.execute("update connection set seen_at = $1", then)
        await self.owner.execute("update session set idle_until = idle_until + $1::interval", timedelta(**span))
        self.clock.at += timedelta(**span)


@asynccontextmanager
async def open_house(database: str, data: Path, passwords: dict[str, str]) -> AsyncIterator[OpenHouse]:
    """Open the invented clinic on a migrated database, with every loop at work, behind a port of its own."""
    with runner._bind(runner.Door("127.0.0.1", 0)) as bound:
        door = runner.Door("127.0.0.1", int(bound.getsockname()[1]))
        async with SqliteKeystore(data / "keystore", root=b"r" * 32) as keystore:
            pools = await Database.connect(database, passwords, most=8)
            owner = await asyncpg.connect(database)
            try:
                clock = RunningClock(HALF_PAST_TEN)
                house = app.furnish(pools, keystore, clock)
                await invented.settle_in(house)
                keeper = "bedside_timekeeper"
                clinic = app.assemble(house, Settings(data=data, mode="demo", origins=(door.url,)))
                async with _at_the_door(door, bound, clinic, dsn_as(database, keeper, passwords[keeper])):
                    yield OpenHouse(door.url, clinic, clock, owner, await clinic.links(door.url))
            finally:
                await owner.close()
                await pools.close()


@asynccontextmanager
async def _at_the_door(door: runner.Door, bound: Any, clinic: app.Running, dsn: str) -> AsyncIterator[None]:
    front = Front()
    front.open(clinic.asgi)
    async with app.at_work(clinic, dsn), runner._doors([door], [bound], front):
        yield
