"""Behind a proxy: who comes through it is believed and let in, who comes past it in the clear is turned away."""

import httpx

from bedside.cli.front import Receive, Scope, Send, behind


async def _house(scope: Scope, receive: Receive, send: Send) -> None:
    body = f"{scope['client'][0]} {scope['scheme']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def _ask(peer: str) -> httpx.Response:
    transport = httpx.ASGITransport(behind(_house, ["10.0.0.0/24"]), client=(peer, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as http:
        return await http.get("/", headers={"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"})


async def test_the_proxy_is_believed() -> None:
    assert (await _ask("10.0.0.7")).text == "203.0.113.9 https"


async def test_past_the_proxy_nobody_comes_in() -> None:
    answer = await _ask("192.0.2.4")
    assert (answer.status_code, answer.json()["type"]) == (421, "not-through-the-proxy")
