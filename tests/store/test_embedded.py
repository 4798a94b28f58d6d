"""The clinic's own PostgreSQL: kept, refused, killed and brought back. Real servers, no fakes."""

import asyncio
import contextlib
import json
import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from bedside.store.embedded import DatabaseRefused, EmbeddedPostgres, binaries, leash, lodging

pytestmark = pytest.mark.slow
AS_ROOT = os.geteuid() == 0
SUPERVISE = """
import asyncio, json, sys
from pathlib import Path
from bedside.store.embedded import EmbeddedPostgres, leash
if "untied" in sys.argv:
    leash._tie = lambda parent: None
async def main():
    postgres = EmbeddedPostgres(Path(sys.argv[1]))
    dsn = await postgres.start()
    print(json.dumps({"dsn": dsn, "pid": postgres.pid, "home": str(postgres.home)}), flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    lodging.discard(tmp_path / "data")


@pytest.fixture
def open_data() -> Iterator[Path]:
    """A data folder that every user can walk to, as on a server with /srv/bedside."""
    folder = Path(tempfile.mkdtemp(prefix="bedside-open-"))
    folder.chmod(0o711)
    yield folder
    lodging.discard(folder)
    shutil.rmtree(folder)


@contextlib.asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    link = await asyncpg.connect(dsn, timeout=10)
    try:
        yield link
    finally:
        await link.close()


async def write_a_row(dsn: str) -> None:
    async with connected(dsn) as link:
        await link.execute("create table if not exists kept (what text)")
        await link.execute("insert into kept values ('a row')")


async def rows(dsn: str) -> int:
    async with connected(dsn) as link:
        return int(await link.fetchval("select count(*) from kept") or 0)


async def until(condition: Callable[[], bool], *, within: float = 15.0) -> None:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < within, "waited too long"
        await asyncio.sleep(0.02)


async def test_yesterdays_row_is_there_today(data: Path):
    async with EmbeddedPostgres(data) as dsn:
        await write_a_row(dsn)
    async with EmbeddedPostgres(data) as dsn:
        assert await rows(dsn) == 1
    assert (data / "postgres.password").stat().st_mode & 0o777 == 0o600


async def test_a_wrong_password_is_refused(data: Path):
    async with EmbeddedPostgres(data) as dsn:
        secret = (data / "postgres.password").read_text().strip()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(dsn.replace(secret, "guessed"))
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(dsn.replace(f":{secret}", ""))


async def test_pages_are_checked_and_commits_are_flushed(data: Path):
    async with EmbeddedPostgres(data) as dsn, connected(dsn) as link:
        told = {name: await link.fetchval(f"show {name}") for name in (
            "data_checksums", "fsync", "synchronous_commit", "server_encoding", "log_statement",
            "log_min_error_statement", "log_error_verbosity", "log_parameter_max_length_on_error",
        )}  # fmt: skip
    assert told == {
        "data_checksums": "on", "fsync": "on", "synchronous_commit": "on", "server_encoding": "UTF8",
        "log_statement": "none", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
    }  # fmt: skip


async def test_no_value_reaches_the_databases_log(data: Path):
    postgres = EmbeddedPostgres(data)
    async with postgres as dsn, connected(dsn) as link:
        await link.execute("create table patient (name text primary key, age int check (age > 0))")
        await link.execute("insert into patient values ('canary-amara', 30)")
        for statement in (
            "insert into patient values ('canary-amara', 30)",
            "insert into patient values ('canary-kofi', -1)",
            "select 'canary-text'::int",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await link.execute(statement)
        log = (postgres.home / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "canary" not in log


async def test_two_on_one_folder_is_refused(data: Path):
    async with EmbeddedPostgres(data) as dsn:
        with pytest.raises(DatabaseRefused, match="already runs with this data folder"):
            await EmbeddedPostgres(data).start()
        await write_a_row(dsn)  # and the first one did not suffer


async def test_when_its_parent_is_killed_the_database_ends_too(data: Path):
    keeper = await supervise(data)
    keeper.process.kill()
    keeper.process.wait()
    await until(lambda: not leash.still_in(keeper.home / "pgdata"))


async def test_one_left_behind_is_stopped_and_taken_over(data: Path):
    keeper = await supervise(data, "untied")
    await write_a_row(keeper.dsn)
    keeper.process.kill()
    keeper.process.wait()
    await asyncio.sleep(0.2)
    assert keeper.pid in leash.still_in(keeper.home / "pgdata")
    async with EmbeddedPostgres(data) as dsn:
        assert await rows(dsn) == 1
        assert keeper.pid not in leash.still_in(keeper.home / "pgdata")


async def test_a_stale_pid_file_that_names_a_stranger_is_no_obstacle(data: Path):
    postgres = EmbeddedPostgres(data)
    async with postgres as dsn:
        await write_a_row(dsn)
    stale = postgres.home / "pgdata" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n0\n5432\n\n127.0.0.1\n\nready\n")
    async with EmbeddedPostgres(data) as dsn:
        assert await rows(dsn) == 1


async def test_a_killed_postmaster_is_started_again_on_the_same_address(data: Path):
    said: list[str] = []
    postgres = EmbeddedPostgres(data, say=said.append)
    async with postgres as dsn:
        for times in (1, 2):
            await write_a_row(dsn)
            os.kill(postgres.pid, signal.SIGKILL)
            await until(lambda: "the database is back" in said)
            assert (await rows(dsn), postgres.restarts) == (times, times)
            said.clear()


async def test_another_major_version_is_refused_with_the_way_out(data: Path):
    postgres = EmbeddedPostgres(data)
    async with postgres:
        pass
    (postgres.home / "pgdata" / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseRefused, match="made by PostgreSQL 14") as no:
        await EmbeddedPostgres(data).start()
    assert "pg_dumpall" in str(no.value)


async def test_a_system_postgresql_serves_as_well(data: Path):
    system = next(iter(binaries._from_system()), None)
    if system is None:
        pytest.skip("no system PostgreSQL here")
    async with EmbeddedPostgres(data, binaries=system) as dsn, connected(dsn) as link:
        assert str(await link.fetchval("show server_version")).startswith(system.version)


async def test_below_a_folder_only_its_owner_may_enter(data: Path):
    before = [(p, p.stat().st_mode) for p in data.parents]
    postgres = EmbeddedPostgres(data)
    async with postgres as dsn:
        await write_a_row(dsn)
        assert postgres.home == (data / "postgres").resolve()
        assert postgres.home.stat().st_mode & 0o777 == 0o700
        if AS_ROOT:
            assert (postgres.home / "belongs-to").read_text().strip() == str(data)
            assert postgres.home.parent == lodging.SYSTEM_HOME / "clusters"
    assert [(p, p.stat().st_mode) for p in data.parents] == before


async def test_a_lost_data_folder_never_adopts_what_an_earlier_one_left(data: Path):
    first = EmbeddedPostgres(data)
    async with first as dsn:
        await write_a_row(dsn)
    home = first.home
    shutil.rmtree(data)
    second = EmbeddedPostgres(data)
    async with second as dsn:
        with pytest.raises(asyncpg.UndefinedTableError):
            await rows(dsn)
    if AS_ROOT:
        assert home != second.home
        shutil.rmtree(home)


@pytest.mark.skipif(not AS_ROOT, reason="an ordinary user's cluster always lies in the data folder")
async def test_where_everybody_may_walk_root_keeps_the_cluster_in_the_data_folder(open_data: Path):
    postgres = EmbeddedPostgres(open_data)
    async with postgres as dsn:
        await write_a_row(dsn)
        assert postgres.home == open_data / "postgres"
        assert postgres.home.owner() == lodging.system_account().name


@pytest.mark.skipif(not AS_ROOT, reason="every other test here already runs as an ordinary user")
def test_an_ordinary_user_below_a_folder_of_their_own():
    nobody = pwd.getpwnam("nobody")
    private = Path(tempfile.mkdtemp(prefix="bedside-private-"))
    os.chown(private, nobody.pw_uid, nobody.pw_gid)
    programs = binaries.find()
    assert programs
    reachable = binaries.settle_in(programs, lodging.SYSTEM_HOME)
    child = multiprocessing.get_context("fork").Process(
        target=_as_ordinary_user, args=(nobody.pw_uid, nobody.pw_gid, private / "data", reachable)
    )
    child.start()
    child.join(60)
    try:
        assert child.exitcode == 0
        assert (private / "data/postgres/pgdata").owner() == "nobody"
    finally:
        shutil.rmtree(private)


def _as_ordinary_user(uid: int, gid: int, data: Path, programs: binaries.Binaries) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.environ["HOME"] = str(data.parent)

    async def twice() -> None:
        for expected in (1, 2):
            async with EmbeddedPostgres(data, binaries=programs) as dsn:
                await write_a_row(dsn)
                assert await rows(dsn) == expected

    asyncio.run(twice())


class Keeper:
    """A process of its own that started a database."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        self.process = process
        self.dsn: str = told["dsn"]
        self.pid: int = told["pid"]
        self.home = Path(told["home"])


async def supervise(data: Path, *how: str) -> Keeper:
    process = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(data), *how], stdout=subprocess.PIPE, text=True)
    return await asyncio.to_thread(Keeper, process)
