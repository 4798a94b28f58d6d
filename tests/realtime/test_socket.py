"""The shell on a real port: who is let in, how it is told, and the SDK's feed over a line that breaks."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import uvicorn
from litestar import Litestar
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bedside.kernel.refusal import NotFound
from bedside.realtime import Gateway, House, SystemClock, live
from bedside_client import Bedside, Closed, Cursor, Problem
from realtime.world import Clinic, explain

AMARA = UUID(int=7)
VISIT = f"consultation.{UUID(int=5)}"


@dataclass
class Node:
    clinic: Clinic
    gateway: Gateway
    port: int

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/live"


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    clinic, chance = Clinic(), Random(1)
    clinic.time.now = SystemClock().now
    clinic.allow(AMARA, VISIT)
    house = House(clinic, clinic, clinic, clinic, explain, SystemClock(), asyncio.sleep)
    gateway = Gateway(house, new_id=uuid4, chance=chance.random)
    app = Litestar([live(lambda state: gateway, origins=["https://other.example"])], openapi_config=None)
    listener = sockets.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=1 << 20,
        ws_per_message_deflate=False,
        log_level="error",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    gateway.start()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield Node(clinic, gateway, listener.getsockname()[1])
    await gateway.stop(within_ms=1)
    server.should_exit = True
    await serving


async def closed_with(node: Node, *, subprotocol: str | None = "bedside.v1", **headers: str) -> int:
    """Knock with these headers; the code of the close, or 0 when let in."""
    protocols: Any = [subprotocol] if subprotocol else None
    async with connect(node.url, subprotocols=protocols, additional_headers=headers) as socket:
        try:
            await socket.send('{"t":"hello","device":"d","topics":[]}')
            assert json.loads(await socket.recv())["t"] == "welcome"
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else -1
        return 0


@pytest.mark.spec("S281")
async def test_who_is_let_in(node: Node) -> None:
    own = f"http://127.0.0.1:{node.port}"
    bearer, cookie = f"Bearer {AMARA}", f"__Host-bedside={AMARA}"
    assert await closed_with(node, Authorization=bearer) == 0
    assert await closed_with(node, Cookie=cookie, Origin=own) == 0
    assert await closed_with(node, Cookie=cookie, Origin="https://other.example") == 0
    assert await closed_with(node, Cookie=cookie, Origin="https://evil.example") == 4304
    assert await closed_with(node, Cookie=cookie, Origin="null") == 4304
    assert await closed_with(node, Cookie=cookie) == 4304
    assert await closed_with(node, Authorization=bearer, Origin="https://evil.example") == 4304
    assert await closed_with(node, Authorization=f"Bearer {UUID(int=99)}") == 4100
    assert await closed_with(node, Origin=own) == 4100
    assert await closed_with(node, subprotocol=None, Authorization=bearer) == 4302
    assert await closed_with(node, subprotocol="bedside.v9", Authorization=bearer) == 4302
    node.clinic.fail.add("authenticate")
    assert await closed_with(node, Authorization=bearer) == 4004


@pytest.mark.parametrize(("text", "code"), [("x", 4300), (b"x", 4300), ("x" * 70_000, 4301)])
async def test_what_is_wrong_is_closed_with_its_code(node: Node, text: str | bytes, code: int) -> None:
    headers = {"Authorization": f"Bearer {AMARA}"}
    async with connect(node.url, subprotocols=["bedside.v1"], additional_headers=headers) as socket:  # type: ignore[list-item]
        await socket.send(text)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd and closed.value.rcvd.code == code


async def test_the_sdk_comes_back_and_misses_nothing(node: Node) -> None:
    me = Bedside(f"http://127.0.0.1:{node.port}", str(AMARA))
    since = Cursor(str(node.clinic.era), 0)
    async with me, me.live([VISIT], since=since) as feed:
        heard: list[int] = []
        for round in range(5):
            node.clinic.announce(VISIT)
            if round % 2:
                await feed.drop()
            node.clinic.announce(VISIT)
            sending = asyncio.create_task(feed.send("c", "hello"))
            while len(heard) < 2 * round + 2:
                heard.append((await feed.next("n")).frame["n"])
            assert "entry" in await sending
        assert heard == list(range(1, 11))
        assert len(node.clinic.acts) == 5


async def test_the_sdk_tells_refusals_and_the_end(node: Node) -> None:
    me = Bedside(f"http://127.0.0.1:{node.port}", str(AMARA))
    async with me, me.live([VISIT]) as feed:
        await feed.welcomed()
        node.clinic.refusal = NotFound()
        with pytest.raises(Problem, match="not-found"):
            await feed.send("c", "hello")
        node.clinic.withdraw(AMARA, VISIT)
        assert (await feed.next("gone")).frame["topic"] == VISIT
        with pytest.raises(Closed) as closed:
            await feed.next("n")
        assert closed.value.code == 4200


async def test_news_arrives_soon_after_it_is_committed(node: Node) -> None:
    loop = asyncio.get_running_loop()
    async with Bedside(f"http://127.0.0.1:{node.port}", str(AMARA)) as me, me.live([VISIT]) as feed:
        await feed.welcomed()
        late: list[float] = []
        for _ in range(20):
            began = loop.time()
            node.clinic.announce(VISIT)
            node.gateway.tail.wake()
            await feed.next("n")
            late.append(loop.time() - began)
        assert sorted(late)[-2] < 0.1
