"""A clinic in a process of its own, killed and started again. Only what was started here is ended, by its pid."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import httpx

from bedside.store.embedded import lodging
from bedside.store.embedded.initdb import OWNER
from bedside.store.embedded.server import DATABASE
from journeys.house import until


class Machine:
    """`bedside serve`, with its own PostgreSQL in the data folder or with one that is given."""

    def __init__(self, data: Path, *, database_url: str | None = None, may_forget: bool = False) -> None:
        self.data = data
        self.given = database_url
        self.options = ["--may-forget"] if may_forget else []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The owner's DSN of the database as it runs now."""
        if self.given:
            return self.given
        password = (self.data / "postgres.password").read_text().strip()
        port = self._postmaster_file()[3]
        return f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{DATABASE}"

    @property
    def pid(self) -> int:
        """The server's pid."""
        assert self._process
        return self._process.pid

    @property
    def postmaster(self) -> int:
        """The pid of the database's first process."""
        return int(self._postmaster_file()[0])

    def _postmaster_file(self) -> list[str]:
        return (self.data / "postgres" / "pgdata" / "postmaster.pid").read_text().splitlines()

    def start(self) -> None:
        """Let it run."""
        where = ["--embedded"] if not self.given else ["--database-url", self.given]
        command = [sys.executable, "-m", "bedside.cli", "serve", "--port", str(self.port), "--data", str(self.data)]
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *where, *self.options], stdout=log, stderr=log, start_new_session=True
            )

    async def ready(self, *, within: float = 60.0) -> float:
        """Wait until it says that it is well; how many seconds that took."""
        began = time.monotonic()
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:

            async def well() -> bool:
                assert self._process and self._process.poll() is None, (self.data / "server.log").read_text()[-2000:]
                with contextlib.suppress(httpx.TransportError):
                    return (await http.get(f"{self.url}/healthz")).status_code == 200
                return False

            await until(well, within=within)
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9 of the server; its database is tied to it."""
        assert self._process
        self._process.kill()
        self._process.wait(timeout=10)

    def kill_database(self) -> None:
        """kill -9 of the postmaster."""
        os.kill(self.postmaster, signal.SIGKILL)

    def kill_backend(self, chance: Random) -> None:
        """kill -9 of one of the database's processes that serve us: PostgreSQL then drops all of them."""
        kill_backend(self.postmaster, chance)

    def stop(self) -> None:
        """Ctrl-C, and wait for the end."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()

    def discard(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        if not self.given:
            lodging.discard(self.data)


def kill_backend(postmaster: int, chance: Random) -> None:
    """kill -9 of one of the processes of a PostgreSQL that serve us."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    ours = [int(pid) for pid in children if b"bedside_" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    if ours:
        os.kill(chance.choice(ours), signal.SIGKILL)
