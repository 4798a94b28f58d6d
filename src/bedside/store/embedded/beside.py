"""The clinic's own PostgreSQL for a command beside the server: the one that runs already, else started for a while."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bedside.store.embedded import leash
from bedside.store.embedded.initdb import OWNER
from bedside.store.embedded.server import DATABASE, EmbeddedPostgres


@asynccontextmanager
async def beside(data: Path) -> AsyncGenerator[str]:
    """The owner's DSN of this data folder's database, for as long as the block lasts."""
    running = _running(data)
    if running:
        yield running
        return
    async with EmbeddedPostgres(data) as dsn:
        yield dsn


def _running(data: Path) -> str | None:
    """How the owner connects to the server that serves this folder now; None where none does."""
    pgdata = data.resolve() / "postgres" / "pgdata"
    try:
        about = (pgdata / "postmaster.pid").read_text().splitlines()
        pid, port = int(about[0]), int(about[3])
        password = (data / "postgres.password").read_text().strip()
    except (OSError, ValueError, IndexError):
        return None
    # The pid in the file may be dead, or somebody else by now.
    if pid not in leash.still_in(pgdata.resolve()):
        return None
    return f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{DATABASE}"
