"""A network between two ends that can be cut (lines break, no new one is let through) or stall (nothing arrives)."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit


class Network:
    """Carries bytes to a loopback address until it is cut."""

    def __init__(self, to: str) -> None:
        self._to = urlsplit(to)
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._whole = True
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The same address, by way of this network."""
        assert self._server
        credentials, _, _ = self._to.netloc.rpartition("@")
        here = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return urlunsplit(self._to._replace(netloc=f"{credentials}@{here}" if credentials else here))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server
        await self.cut()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def cut(self) -> None:
        """Every line breaks at once, without a goodbye."""
        self._whole = False
        for line in list(self._lines):
            line.transport.abort()
        self._lines.clear()

    def stall(self) -> None:
        """Lines stay open and carry nothing any more."""
        self._flows.clear()

    def mend(self) -> None:
        """New lines pass again."""
        self._whole = True
        self._flows.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            return writer.transport.abort()
        try:
            there, back = await asyncio.open_connection(self._to.hostname, self._to.port)
        except OSError:
            return writer.transport.abort()
        self._lines |= {writer, back}
        self._go(self._pipe(reader, back))
        self._go(self._pipe(there, writer))
        return None

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pipe(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await source.read(65536):
                await self._flows.wait()
                to.write(some)
                await to.drain()
        with suppress(OSError):
            to.close()
        self._lines.discard(to)
