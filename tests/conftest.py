"""One PostgreSQL for a test run, one migrated template, one fresh database for each test that asks for a clinic."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from bedside.store.embedded import EmbeddedPostgres, lodging
from bedside.store.migrate import ROLES, migrate
from clinic import Clinic, open_clinic

PASSWORDS = {role: f"password-of-{role}" for role in ROLES}


def database_url(dsn: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's DSN of a real PostgreSQL, kept by a loop of its own for the whole session."""
    data = tmp_path_factory.mktemp("cluster")
    ready: Future[str] = Future()
    over = threading.Event()

    async def keep() -> None:
        # Durability is tested where the server is killed on purpose; here the disk need not be waited for.
        async with EmbeddedPostgres(data, settings={"fsync": "off"}) as dsn:
            await _template(dsn)
            ready.set_result(dsn)
            await asyncio.to_thread(over.wait)

    def run() -> None:
        try:
            asyncio.run(keep())
        except BaseException as error:  # noqa: BLE001 - reported to whoever waits
            if not ready.done():
                ready.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield ready.result(timeout=120)
    over.set()
    thread.join(timeout=30)
    lodging.discard(data)


async def _template(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("create database bedside_template")
    await connection.close()
    await migrate(database_url(dsn, "bedside_template"), PASSWORDS)


@pytest.fixture
async def database(cluster: str, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The owner's DSN of a fresh, migrated database."""
    name = f"test_{abs(hash(request.node.nodeid)) % 10**12}"
    owner = await asyncpg.connect(cluster)
    await owner.execute(f"drop database if exists {name} with (force)")
    await owner.execute(f"create database {name} template bedside_template")
    try:
        yield database_url(cluster, name)
    finally:
        await owner.execute(f"drop database if exists {name} with (force)")
        await owner.close()


@pytest.fixture
async def clinic(database: str, tmp_path: Path) -> AsyncIterator[Clinic]:
    """A whole clinic with nobody in it yet: real database, real keystore, a clock that stands still until told."""
    async with open_clinic(database, tmp_path / "data", PASSWORDS) as opened:
        yield opened
