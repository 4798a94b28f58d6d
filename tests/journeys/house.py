"""A clinic that is really open: the runner's doors on a loopback port, loops at work, the clock on the wall."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from bedside import app
from bedside.cli import runner
from bedside.cli.front import Asgi, Front
from bedside.cli.runner import Door
from bedside.config import Settings
from bedside.crypto import SqliteKeystore
from bedside.kernel import Role
from bedside.store import Database
from bedside_client import Bedside
from clinic import Clinic, HandClock, Person, _application, _found


class WallClock(HandClock):
    """The clock on the wall: it moves by itself."""

    def now(self) -> datetime:
        self.at = datetime.now(UTC)
        return self.at

    def ticks(self) -> float:
        return time.monotonic()


@dataclass(slots=True)
class OpenClinic(Clinic):
    """A clinic with doors."""

    url: str = ""

    def hands(self, person: Person) -> Bedside:
        """The SDK in this person's hands."""
        return Bedside(self.url, person.token, account=str(person.account), org=str(self.org))

    async def nurse(self, name: str = "Ana Lima") -> Person:
        return await self.staff(name, Role.NURSE)


@asynccontextmanager
async def open_house(
    dsn: str, data: Path, passwords: dict[str, str], *, by: str | None = None
) -> AsyncIterator[OpenClinic]:
    """Open a clinic with nobody in it, on a migrated database; it reaches it `by` another address if one is given."""
    async with SqliteKeystore(data / "keystore", root=b"r" * 32) as keystore:
        database = await Database.connect(by or dsn, passwords)
        try:
            house = app.furnish(database, keystore, WallClock())
            running = app.assemble(house, Settings(data=data, mode="production"), built=_application())
            async with (
                app.at_work(running, by or dsn),
                doors(running.asgi) as url,
                settled(running, dsn, url) as clinic,
            ):
                yield clinic
        finally:
            await database.close()


@asynccontextmanager
async def settled(running: app.Running, dsn: str, url: str) -> AsyncIterator[OpenClinic]:
    """A new organization in a house that runs, and hands that reach it over the network."""
    running.house.clock.now()
    owner = await asyncpg.connect(dsn)
    async with httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as http:
        try:
            org = uuid4()
            department = await _found(running.house, org)
            clock: Any = running.house.clock
            yield OpenClinic(running, clock, http, owner, org, department, url=url)
        finally:
            await owner.close()


@asynccontextmanager
async def doors(house: Asgi, port: int = 0) -> AsyncIterator[str]:
    """The runner's own doors, on a port that is free."""
    front = Front()
    front.open(house)
    door = Door("127.0.0.1", port)
    with runner._sockets([door]) as sockets:
        async with runner._doors([door], sockets, front) as servers:
            while not all(server.started for server in servers._servers):
                await asyncio.sleep(0)
            yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"


async def until(true: Callable[[], Awaitable[Any]], *, within: float = 15.0, every: float = 0.03) -> Any:
    """Ask again until it is so, and say what it was; never for longer than `within`."""
    end = time.monotonic() + within
    while not (found := await true()):
        assert time.monotonic() < end, "waited too long"
        await asyncio.sleep(every)
    return found
