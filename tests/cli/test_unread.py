"""An answer that nobody reads is not kept for ever, and who reads slowly gets the whole of it."""

import asyncio
import os
import re
import socket as sockets

import pytest

from bedside.cli import guarded
from bedside.cli.front import Receive, Scope, Send
from bedside.cli.guarded import Guarded
from journeys.house import doors


async def long_answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Eight megabytes for whoever asks."""
    if scope["type"] == "http":
        body = os.urandom(1024) * 8192 if scope["path"] == "/long" else b"short"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("ending", [b"", b"Connection: close\r\n"])
async def test_an_answer_that_nobody_reads_is_not_kept(monkeypatch: pytest.MonkeyPatch, ending: bytes) -> None:
    """Nor its connection; who reads slowly gets the whole of it."""
    monkeypatch.setattr(guarded, "UNREAD_SECONDS", 0.3)
    lost = asyncio.Event()
    gone = Guarded.connection_lost

    def told(self: Guarded, exc: Exception | None) -> None:
        lost.set()
        gone(self, exc)

    monkeypatch.setattr(Guarded, "connection_lost", told)
    ask = b"GET /long HTTP/1.1\r\nHost: clinic.example\r\n" + ending + b"\r\n"
    async with doors(long_answer) as url:
        port = int(url.rpartition(":")[2])
        bare = sockets.socket()
        bare.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        bare.connect(("127.0.0.1", port))
        bare.sendall(ask)
        async with asyncio.timeout(6):
            await lost.wait()
        bare.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ask)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length
        got = 0
        while got < int(length[1]):
            got += len(await reader.readexactly(256 * 1024))
            await asyncio.sleep(0.02)
        writer.close()
