"""Servers that do nothing but pass on what is said, started and stopped by whoever measures beside them."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NODE = HERE.parent.parent / "tools/node.py"
COMMANDS = {
    "websockets": [sys.executable, str(HERE / "rooms.py")],
    "node ws": [sys.executable, str(NODE), "node", str(HERE / "rooms.cjs")],
}


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that runs."""

    pid: int
    port: int


@asynccontextmanager
async def running(name: str) -> AsyncIterator[Peer]:
    """One of them, for as long as it is measured."""
    process = await asyncio.create_subprocess_exec(*COMMANDS[name], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        async with asyncio.timeout(20):
            port = int(await process.stdout.readline())
        yield Peer(process.pid, port)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
