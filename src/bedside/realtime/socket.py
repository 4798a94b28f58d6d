"""GET /live: the thin shell between Litestar's WebSocket and the gateway.

A browser is told why it may not come in by a close code, since it cannot see the status of a refused upgrade.
Nothing but the close is sent before the Origin, the version and the session are known to be good.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import structlog
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect, WebSocketException
from litestar.handlers import WebsocketRouteHandler

from bedside.realtime.gateway import Gateway
from bedside.realtime.interfaces import Principal
from bedside.realtime.wire import SUBPROTOCOL, Close

COOKIE = "__Host-bedside"

log = structlog.get_logger("bedside.realtime")


class LitestarTransport:
    """Litestar's socket as the gateway wants it: a lost peer is the end of the stream, never an error."""

    def __init__(self, socket: WebSocket[object, object, State]) -> None:
        self._socket = socket

    async def receive(self) -> str | bytes | None:
        """The next message as it came; None when the other end is gone."""
        message = await self._socket.receive()
        if message["type"] != "websocket.receive":
            return None
        text = message.get("text")
        return text if text is not None else message.get("bytes") or b""

    async def send(self, text: str) -> None:
        await self._socket.send({"type": "websocket.send", "text": text, "bytes": None})

    async def close(self, code: int) -> None:
        """Close; if the other end went first, that is just as well."""
        try:
            await self._socket.close(code=code, reason=Close(code).name.lower())
        except (WebSocketException, WebSocketDisconnect, RuntimeError, OSError):
            log.debug("closed-by-the-other-end", code=code)


def live(gateway_of: Callable[[State], Gateway], *, origins: Collection[str] = ()) -> WebsocketRouteHandler:
    """The route. `origins` are allowed beside the page's own (scheme://host[:port])."""
    allowed = frozenset(origin.rstrip("/").lower() for origin in origins)

    @websocket("/live", name="live")
    async def handler(socket: WebSocket[object, object, State]) -> None:
        offered = [name.strip() for name in socket.headers.get("sec-websocket-protocol", "").split(",")]
        spoken = SUBPROTOCOL in offered
        await socket.accept(subprotocols=SUBPROTOCOL if spoken else None)
        transport = LitestarTransport(socket)
        gateway = gateway_of(socket.app.state)
        code = None if spoken else Close.VERSION
        if not origin_allowed(socket, allowed):
            code = Close.ORIGIN
        who = code or await _who(gateway, socket)
        if isinstance(who, Close):
            await transport.close(who)
        else:
            await gateway.serve(transport, who)

    return handler


def origin_allowed(socket: WebSocket[object, object, State], allowed: Collection[str]) -> bool:
    """Whether the page that opened this socket is ours. Programs without an Origin must bring a bearer."""
    origin = socket.headers.get("origin")
    if origin is None:
        return _bearer(socket) is not None
    if origin.lower() in allowed:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == socket.headers.get("host", "").lower()


async def _who(gateway: Gateway, socket: WebSocket[object, object, State]) -> Principal | Close:
    cookie, bearer = socket.cookies.get(COOKIE), _bearer(socket)
    if cookie is None and bearer is None:
        return Close.SESSION_ENDED
    try:
        who = await gateway.house.authority.authenticate(cookie=cookie, bearer=bearer)
    except Exception as wrong:  # noqa: BLE001 - we do not know who it is, and do not guess
        log.warning("not-authenticated", error=type(wrong).__name__)
        return Close.BEHIND
    return who or Close.SESSION_ENDED


def _bearer(socket: WebSocket[object, object, State]) -> str | None:
    scheme, _, secret = socket.headers.get("authorization", "").partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None
