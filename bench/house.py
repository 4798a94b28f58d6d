"""A clinic to measure: `bedside serve` in a process of its own, beside a PostgreSQL that waits for the disk."""

import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from bedside.store.embedded import EmbeddedPostgres, lodging
from clinic import DEVICE, WHERE, Person
from journeys.house import OpenClinic
from trials.fire import inside
from trials.machine import Machine

__all__ = ["DEVICE", "WHERE", "Machine", "OpenClinic", "Person", "inside", "served"]


@asynccontextmanager
async def served() -> AsyncIterator[Machine]:
    """The server, ready. It may be stopped and started again; its database stays."""
    if mine := asyncio.current_task():  # who is told to stop stops the server too
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, mine.cancel)
    data = Path(tempfile.mkdtemp(prefix="bedside-bench-"))
    try:
        async with EmbeddedPostgres(data) as dsn:
            machine = Machine(data / "clinic", database_url=dsn)
            try:
                machine.start()
                await machine.ready()
                yield machine
            finally:
                machine.stop()
    finally:
        lodging.discard(data)
        shutil.rmtree(data, ignore_errors=True)
