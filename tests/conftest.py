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
ALONE = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()"""
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
    """The same server, another database; on this machine nobody asks for TLS."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}", query="sslmode=disable"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's DSN of a real PostgreSQL, kept by a loop of its own for the whole session."""
    data = tmp_path_factory.mktemp("cluster")
    ready: Future[str] = Future()
    over = threading.Event()

    async def keep() -> None:
        # Durability is tested where the server is killed on purpose; here the disk need not be waited for.
        careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        async with EmbeddedPostgres(data, settings=careless) as dsn:
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
    if cluster not in _FINGERPRINTS:
        _FINGERPRINTS[cluster] = await _made_anew(cluster)
    yield dsn
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(ALONE)
        as_it_was = await owner.fetchval(FINGERPRINT) == _FINGERPRINTS[cluster]
        if as_it_was:  # taking out every row is far quicker than a new database
            await owner.execute(SWEEP)
    finally:
        await owner.close()
    if not as_it_was:
        await _made_anew(cluster)


_FINGERPRINTS: dict[str, object] = {}


async def _made_anew(cluster: str) -> object:
    """The scratch database as the template is; its fingerprint."""
    owner = await asyncpg.connect(cluster)
    try:
        await owner.execute(f"drop database if exists {SCRATCH} with (force)")
        await owner.execute(f"create database {SCRATCH} template bedside_template")
    finally:
        await owner.close()
    scratch = await asyncpg.connect(database_url(cluster, SCRATCH))
    try:
        return await scratch.fetchval(FINGERPRINT)
    finally:
        await scratch.close()


@pytest.fixture
async def clinic(database: str, tmp_path: Path) -> AsyncIterator[Clinic]:
    """A whole clinic with nobody in it yet: real database, real keystore, a clock that stands still until told."""
    async with open_clinic(database, tmp_path / "data", PASSWORDS) as opened:
        yield opened
