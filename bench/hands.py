"""As little of a client as will do, so that the server is what is measured: HTTP on a kept connection, a WebSocket."""

import asyncio
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_FILES = 4096
"""A thousand sockets have two ends, and each end is a file."""


class Line:
    """One HTTP connection, kept open, one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, method: str, path: str, token: str, body: Any = None) -> int:
        """The answer's status; its body is read and dropped. A connection that was kept too long is opened anew."""
        said = json.dumps(body).encode() if body else b""
        key = f"Idempotency-Key: {os.urandom(8).hex()}\r\nContent-Type: application/json\r\n" if body else ""
        request = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {token}\r\n"
            f"Accept: text/html, application/json\r\n{key}Content-Length: {len(said)}\r\n\r\n"
        ).encode() + said
        async with self._turn:
            if self._streams and self._streams[0].at_eof():
                self.close()
            kept = self._streams is not None
            try:
                return await self._exchange(request)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()
                if not kept:
                    raise
            return await self._exchange(request)

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
        await reader.readexactly(length)
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


class Ear(asyncio.Protocol):
    """A WebSocket that gives each text frame to `heard`, with the moment at which it came."""

    def __init__(self, request: bytes, heard: Callable[[bytes, float], None]) -> None:
        self._request = request
        self._rest = b""
        self._open = False
        self.heard = heard
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed before it was open"))

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        data = self._rest + data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            assert b" 101 " in head.partition(b"\r\n")[0], head
            self._open = True
            self.opened.set_result(None)
        while len(data) > 1 and len(data) >= (end := _end(data)):
            length = data[1]
            self._take(data[0] & 15, data[2 if length < 126 else 4 if length == 126 else 10 : end], at)
            data = data[end:]
        self._rest = data

    def _take(self, opcode: int, payload: bytes, at: float) -> None:
        if opcode == 1:
            self.heard(payload, at)
        elif opcode == 9:
            self._frame(10, payload)
        elif opcode == 8:
            self.close()

    def say(self, text: bytes) -> None:
        """Send one text frame."""
        self._frame(1, text)

    def _frame(self, opcode: int, payload: bytes) -> None:
        assert len(payload) < 65536
        size = bytes([128 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        # Masked with nothing, which the standard allows: the server undoes it all the same.
        self._transport.write(bytes([128 | opcode]) + size + b"\0\0\0\0" + payload)

    def close(self) -> None:
        """Hang up without ceremony."""
        self._transport.abort()


def _end(data: bytes) -> int:
    length = data[1]
    if length < 126:
        return 2 + length
    if length == 126:
        return 4 + int.from_bytes(data[2:4], "big") if len(data) >= 4 else 4
    return 10 + int.from_bytes(data[2:10], "big") if len(data) >= 10 else 10


async def listen(port: int, path: str, heard: Callable[[bytes, float], None], *, token: str | None = None) -> Ear:
    """A socket that is open; to the clinic it goes with a token."""
    ours = f"Authorization: Bearer {token}\r\nSec-WebSocket-Protocol: bedside.v1\r\n" if token else ""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{ours}\r\n"
    )
    loop = asyncio.get_running_loop()
    _, ear = await loop.create_connection(lambda: Ear(request.encode(), heard), "127.0.0.1", port)
    await ear.opened
    return ear


async def hear_clinic(port: int, token: str, topics: list[str], heard: Callable[[bytes, float], None]) -> Ear:
    """A socket of the clinic that was welcomed, and hears these topics from now on. Sent away, it comes back."""
    hello = json.dumps({"t": "hello", "device": "bench", "since": None, "topics": topics}).encode()
    for _ in range(5):
        welcomed: asyncio.Queue[bytes] = asyncio.Queue()
        ear = await listen(port, "/live", lambda said, _, to=welcomed: to.put_nowait(said), token=token)
        ear.say(hello)
        first, gone = asyncio.ensure_future(welcomed.get()), asyncio.ensure_future(ear.ended.wait())
        await asyncio.wait((first, gone), timeout=20, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if first.done():
            said = json.loads(first.result())
            assert said["t"] == "welcome", said
            assert set(said["topics"].values()) <= {"ok"}, said
            ear.heard = heard
            return ear
        first.cancel()
        ear.close()
        await asyncio.sleep(0.5)
    raise TimeoutError("never welcomed")


def many_files() -> None:
    """Let this process, and the servers it starts, have as many files open as a thousand sockets take."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    assert wanted >= 2600, f"a thousand sockets need more open files than this system allows ({most})"
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def cpu(pid: int) -> float:
    """Seconds of processor time, user's and system's, that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Bytes that a process holds in memory (its resident set)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
