"""The door before the house is ready: says "not yet" and why, then steps aside."""

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping, Sequence
from typing import Any, cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Front:
    """An ASGI application that answers 503 with the reason until another takes over."""

    def __init__(self) -> None:
        self.reason = "starting"
        self._house: Asgi | None = None
        self._papers: dict[str, tuple[str, bytes]] = {}

    def open(self, house: Asgi) -> None:
        """From now on the house answers for itself."""
        self._house = house

    def close(self, reason: str) -> None:
        """Nobody new is let in."""
        self._house, self.reason = None, reason

    def lay_out(self, path: str, content_type: str, content: bytes) -> None:
        """Offer one public paper at the door (the local authority's certificate)."""
        self._papers[path] = (content_type, content)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in self._papers:
            content_type, content = self._papers[scope["path"]]
            await _answer(send, 200, content_type, content)
        elif self._house:
            await self._house(scope, receive, send)
        elif scope["type"] == "http":
            await self._not_yet(scope, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1013})

    async def _not_yet(self, scope: Scope, send: Send) -> None:
        if scope["path"] == "/healthz":
            body = {"status": "starting", "reason": self.reason}
            await _answer(send, 503, "application/json", json.dumps(body).encode())
            return
        problem = {
            "type": "starting",
            "title": "The clinic is just opening. Please try again in a moment.",
            "status": 503,
            "can": ["retry"],
        }
        await _answer(send, 503, "application/problem+json", json.dumps(problem).encode())


@contextlib.asynccontextmanager
async def lived_in(house: Asgi) -> AsyncGenerator[None]:
    """Run an application's own start and end (the ASGI lifespan) around what we do."""
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    life = asyncio.ensure_future(
        house({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, inbox.get, outbox.put)
    )
    await inbox.put({"type": "lifespan.startup"})
    await _heard(life, outbox, "startup")
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await _heard(life, outbox, "shutdown")


async def _heard(life: asyncio.Future[None], outbox: asyncio.Queue[Message], what: str) -> None:
    told = asyncio.ensure_future(outbox.get())
    await asyncio.wait({life, told}, return_when=asyncio.FIRST_COMPLETED)
    if not told.done():
        told.cancel()
        life.result()  # raises what the application raised; one without a lifespan just returned
        return
    if told.result()["type"] == f"lifespan.{what}.failed":
        raise RuntimeError(told.result().get("message") or f"the application failed at {what}")


async def _answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def behind(house: Asgi, proxies: Sequence[str]) -> Asgi:
    """The house behind a proxy that holds the certificate: who comes past the proxy, in the clear, is turned away."""
    trusted = [ipaddress.ip_network(each, strict=False) for each in proxies]
    believed: Any = ProxyHeadersMiddleware(cast("Any", house), trusted_hosts=list(proxies))

    def is_proxy(peer: str) -> bool:
        with contextlib.suppress(ValueError):
            return any(ipaddress.ip_address(peer) in network for network in trusted)
        return False

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if is_proxy((scope.get("client") or ("",))[0]):
            await believed(scope, receive, send)
        elif scope["type"] == "http":
            problem = {
                "type": "not-through-the-proxy",
                "title": "Please use the clinic's https address.",
                "status": 421,
                "can": [],
            }
            await _answer(send, 421, "application/problem+json", json.dumps(problem).encode())
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    return door
