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

SCRATCH = "bedside_scratch"
FINGERPRINT = """
select array[
    (select max(xmin::text::bigint) from pg_class), (select max(xmin::text::bigint) from pg_attribute),
    (select max(xmin::text::bigint) from pg_proc), (select max(xmin::text::bigint) from pg_trigger),
    (select max(xmin::text::bigint) from pg_policy), (select max(xmin::text::bigint) from pg_constraint)]"""
"""Whatever alters tables, functions, triggers, policies or rights writes one of these rows anew."""
SWEEP = """
do $$
declare name text;
begin
    set local session_replication_role = replica;  -- append-only is for the clinic, not for the broom
    for name in
        select tablename from pg_tables where schemaname = 'public'
        and tablename not in ('schema_version', 'consultation_state', 'consultation_arrow')
    loop
        execute format('delete from %I', name);
    end loop;
    perform setval(seqrelid, seqstart, false) from pg_sequence;
end $$"""
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
async def database(cluster: str) -> AsyncIterator[str]:
    """The owner's DSN of a migrated database with nothing in it."""
    dsn = database_url(cluster, SCRATCH)
    owner = await asyncpg.connect(cluster)
    try:
        if not await owner.fetchval("select true from pg_database where datname = $1", SCRATCH):
            await owner.execute(f"create database {SCRATCH} template bedside_template")
        yield dsn
        await owner.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1", SCRATCH)
        if not await swept(dsn, await _as_it_was(cluster)):
            await owner.execute(f"drop database {SCRATCH} with (force)")
    finally:
        await owner.close()


async def swept(dsn: str, as_it_was: object) -> bool:
    """Take out every row a test left, which is far quicker than a new database. False if it left another schema."""
    owner = await asyncpg.connect(dsn)
    try:
        if await owner.fetchval(FINGERPRINT) != as_it_was:
            return False
        await owner.execute(SWEEP)
        return True
    finally:
        await owner.close()


_FINGERPRINTS: dict[str, object] = {}


async def _as_it_was(cluster: str) -> object:
    if cluster not in _FINGERPRINTS:
        owner = await asyncpg.connect(database_url(cluster, "bedside_template"))
        _FINGERPRINTS[cluster] = await owner.fetchval(FINGERPRINT)
        await owner.close()
    return _FINGERPRINTS[cluster]


@pytest.fixture
async def clinic(database: str, tmp_path: Path) -> AsyncIterator[Clinic]:
    """A whole clinic with nobody in it yet: real database, real keystore, a clock that stands still until told."""
    async with open_clinic(database, tmp_path / "data", PASSWORDS) as opened:
        yield opened
