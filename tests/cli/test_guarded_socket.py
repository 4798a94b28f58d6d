"""Real sockets in ill-meaning hands: pieces, pings, silence, and nobody who reads. Others hear their news meanwhile."""

import asyncio
import json
import socket as sockets
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from uvicorn.protocols.utils import ClientDisconnected

from bedside.cli import guarded, guarded_socket
from bedside.cli.guarded_socket import GuardedSocket
from bedside.realtime import Gateway, House, SystemClock, connection, live, outlet, wire
from journeys.house import doors
from realtime.world import Clinic, explain

AMARA, OSEI = UUID(int=7), UUID(int=8)
VISIT = f"consultation.{UUID(int=5)}"
HELLO = b'{"t":"hello","device":"d","topics":["%s"]}' % VISIT.encode()
TEXT, CONT, CLOSE, PING, PONG = 1, 0, 8, 9, 10


def piece(opcode: int, body: bytes = b"", *, last: bool = True) -> bytes:
    """One frame of a client, masked with nothing."""
    size = len(body)
    length = struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
    return struct.pack("!B", opcode | (0x80 if last else 0)) + length + bytes(4) + body


@dataclass
class Wire:
    """A client that speaks in bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int, who: UUID = AMARA, *, room: int | None = None) -> "Wire":
        """Shake hands. With little `room` to receive, what is not read stays with the sender."""
        bare = sockets.socket()
        if room:
            bare.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, room)
        bare.setblocking(False)
        await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=bare, limit=1024 if room else 2**16)
        writer.write(
            b"GET /live HTTP/1.1\r\nHost: clinic.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Sec-WebSocket-Protocol: bedside.v1\r\nAuthorization: Bearer %s\r\n\r\n" % str(who).encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head, head
        return cls(reader, writer)

    async def say(self, *pieces: bytes) -> None:
        """In one go; a line that was cut meanwhile is no mistake."""
        self.writer.write(b"".join(pieces))
        try:
            await self.writer.drain()
        except OSError:
            return

    async def hear(self) -> tuple[int, bytes]:
        """The next frame."""
        async with asyncio.timeout(8):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                [size] = struct.unpack("!H", await self.reader.readexactly(2))
            elif size == 127:
                [size] = struct.unpack("!Q", await self.reader.readexactly(8))
            return first & 15, await self.reader.readexactly(size)

    async def hear_of(self, t: str) -> dict[str, Any]:
        """The next of that kind."""
        while True:
            opcode, body = await self.hear()
            assert opcode != CLOSE, struct.unpack("!H", body[:2])
            if opcode == TEXT and (frame := json.loads(body))["t"] == t:
                return frame

    async def ended(self) -> int:
        """The code with which it ends; 0 where it just ended."""
        try:
            while True:
                opcode, body = await self.hear()
                if opcode == CLOSE:
                    return int(struct.unpack("!H", body[:2])[0])
        except (OSError, asyncio.IncompleteReadError):
            return 0


@dataclass
class Node:
    """A house with real doors and a small world behind them."""

    clinic: Clinic
    gateway: Gateway
    port: int
    sockets: list[GuardedSocket] = field(default_factory=list[GuardedSocket])


@pytest.fixture
async def node(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Node]:
    clinic = Clinic()
    clinic.time.now = SystemClock().now
    for who in (AMARA, OSEI):
        clinic.allow(who, VISIT)
    house = House(clinic, clinic, clinic, clinic, explain, SystemClock(), asyncio.sleep)
    gateway = Gateway(house, new_id=uuid4, chance=Random(1).random)
    app: Any = Litestar([live(lambda state: gateway)], openapi_config=None)
    opened: list[GuardedSocket] = []
    made = GuardedSocket.connection_made

    def seen(self: GuardedSocket, transport: Any) -> None:
        # Little room on this side too, so that what nobody reads soon stands still.
        transport.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 4096)
        opened.append(self)
        made(self, transport)

    monkeypatch.setattr(GuardedSocket, "connection_made", seen)
    gateway.start()
    async with doors(app) as url:
        yield Node(clinic, gateway, int(url.rpartition(":")[2]), opened)
        await gateway.stop(within_ms=1)


async def so(true: Any, within: float = 8.0) -> None:
    """Until it is so."""
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.01)


# --- pieces and pings


async def test_a_message_in_pieces_with_pings_between_is_one_message(node: Node) -> None:
    one = await Wire.open(node.port)
    said = [piece(TEXT, HELLO[:1], last=False)]
    for letter in HELLO[1:-1]:
        said += [piece(CONT, bytes([letter]), last=False), piece(PING, b"p")] if letter % 9 == 0 else [
            piece(CONT, bytes([letter]), last=False)
        ]  # fmt: skip
    await one.say(*said, piece(CONT, HELLO[-1:]))
    answered = 0
    while (heard := await one.hear())[0] == PONG:
        answered += heard[1] == b"p"
    assert json.loads(heard[1])["t"] == "welcome"
    assert answered == sum(part == piece(PING, b"p") for part in said) > 3
    one.writer.close()


@pytest.mark.parametrize("part", [b"x", b"", b"xy" * 60], ids=["one byte", "nothing", "some"])
async def test_pieces_without_end_are_too_many(node: Node, part: bytes) -> None:
    """64 KiB byte by byte; pieces with nothing in them, which no limit of size would ever stop; both for ever."""
    one = await Wire.open(node.port)
    [served] = node.sockets
    await one.say(piece(TEXT, b"x", last=False))
    for _ in range(20):
        await one.say(piece(CONT, part, last=False) * 3_277)
        assert len(served.frames) <= guarded_socket.MOST_PIECES
    assert await one.ended() == 4301
    await so(lambda: not node.gateway.connections() and served.disconnected)


async def test_pieces_that_belong_to_nothing_end_it(node: Node) -> None:
    for odd in (piece(CONT, b"x"), piece(TEXT, b"x", last=False) + piece(TEXT, b"y"), piece(PING, b"x", last=False),
                piece(3, b"x"), b"\x81\x05hello", piece(CLOSE, b"\x03"), b"\xf1" + piece(TEXT, HELLO)[1:]):  # fmt: skip
        one = await Wire.open(node.port)
        await one.say(odd)
        assert await one.ended() in (1000, 1002, 1007), odd
    await so(lambda: not node.gateway.connections())


async def test_to_who_has_hung_up_nothing_is_written(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    """Their line is closing already: words written to it would be lost, with a complaint of the event loop's."""
    one = await Wire.open(node.port)
    [served] = node.sockets
    served.transport.close()
    for _ in range(9):
        with pytest.raises(ClientDisconnected):
            await served.send({"type": "websocket.send", "text": "news"})
    assert await one.ended() == 0
    await so(lambda: not node.gateway.connections())
    assert not caplog.records


@pytest.mark.parametrize("opcode", [PING, PONG])
async def test_who_pings_without_end_is_cut(node: Node, opcode: int) -> None:
    """And what waits to be read by somebody who never reads stays small."""
    one = await Wire.open(node.port, room=2048)
    await one.say(*[piece(opcode, b"p" * 125)] * 200)
    [served] = node.sockets
    assert served.transport.get_write_buffer_size() < 64 * 1024
    await one.say(*[piece(opcode, b"p" * 125)] * 4000)
    await so(lambda: served._turned_away)
    assert await one.ended() in (4303, 0)


# --- silence


async def test_who_shakes_hands_and_says_nothing_is_not_waited_for(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wire.HELLO_SECONDS <= 10
    monkeypatch.setattr(wire, "HELLO_SECONDS", 0.2)
    one = await Wire.open(node.port)
    assert await one.ended() == 4001
    await so(lambda: not node.gateway.connections())


async def test_a_handshake_that_never_ends_is_not_waited_for(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    writer.write(b"GET /live HTTP/1.1\r\nHost: clinic.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
    async with asyncio.timeout(4):
        assert b" 408 " in await reader.read()
    writer.close()
    assert not node.sockets


async def test_a_line_that_died_without_a_word_is_noticed(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other end is gone and nothing says so: after a time without a beat the seat is free."""
    one = await Wire.open(node.port)
    await one.say(piece(TEXT, HELLO))
    await one.hear_of("welcome")
    assert wire.SILENCE_SECONDS <= 75
    monkeypatch.setattr(wire, "SILENCE_SECONDS", 0.2)
    await so(lambda: not node.gateway.connections())
    assert await one.ended() == 4001


# --- who does not read


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, sooner."""
    assert outlet.STALL_SECONDS <= 10 and guarded_socket.UNREAD_SECONDS <= 10
    monkeypatch.setattr(outlet, "STALL_SECONDS", 0.3)
    monkeypatch.setattr(connection, "FAREWELL_SECONDS", 0.2)
    monkeypatch.setattr(guarded_socket, "UNREAD_SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("reads", ["nothing", "a little"])
async def test_who_does_not_read_is_cut_off_and_delays_nobody(node: Node, reads: str) -> None:
    """Three who do not read, one who does: who does hears everything, and of the three nothing is left."""
    deaf = [await Wire.open(node.port, room=2048) for _ in range(3)]
    well = await Wire.open(node.port, OSEI)
    for each in (well, *deaf):
        await each.say(piece(TEXT, HELLO))
    await well.hear_of("welcome")
    if reads == "a little":
        for each in deaf:
            await each.hear_of("welcome")
    await so(lambda: len(node.sockets) == 4 and len(node.gateway.connections()) == 4)
    heard, most = 0, 0
    for _ in range(30):
        for _ in range(200):
            node.clinic.announce(VISIT)
        node.gateway.tail.wake()
        for _ in range(200):
            await well.hear_of("n")
            heard += 1
        most = max(most, *(one._outlet.unsent for one in node.gateway.connections()))
    assert heard == 6000
    assert most <= outlet.MOST_UNSENT + 1024
    await so(lambda: len(node.gateway.connections()) == 1, within=15)
    await so(lambda: sum(served.disconnected for served in node.sockets) == 3)
    for each in deaf:
        each.writer.close()
    node.clinic.announce(VISIT)
    node.gateway.tail.wake()
    assert (await well.hear_of("n"))["n"] == 6001
