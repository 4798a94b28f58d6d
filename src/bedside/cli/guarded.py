"""The HTTP doorkeeper: what is no clean request is turned away at once, and who dawdles is not waited for.

uvicorn reads HTTP strictly but waits for ever, takes headers of any size, and answers a broken request that follows a
whole one before the whole one is answered. Here heads and bodies have a time and a size, trailers are not taken, and a
connection on which an answer is still owed is closed rather than given an answer that could be taken for it.
"""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bedside.web import locale

SECONDS = 10.0
"""For a whole head, and then for a whole body: our longest takes half of that on a poor line."""
HEAD = 32 * 1024
"""Bytes of a request line and its headers. Browsers send a tenth of it."""


class Guarded(HttpToolsProtocol):
    """One connection."""

    _timer: asyncio.TimerHandle | None = None
    _in_head = True
    _head = 0
    _why = (400, "invalid")

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Somebody knocks, and has so long to say what they want."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes: read on, unless the head has become too long."""
        if self._timer is None and not self._busy():
            self._wait()
        super().data_received(data)
        if self._in_head and self._timer is not None:
            self._head += len(data)
            if self._head > HEAD and not self.transport.is_closing():
                self._refuse(431, "too-large")

    def handle_websocket_upgrade(self) -> None:
        """From here on it is a socket's connection, with beats of its own."""
        self._rest()
        super().handle_websocket_upgrade()

    # --- what the parser tells

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; after the body it would be a trailer, which could pose as one."""
        if not self._in_head:
            raise ValueError("trailers are not taken")
        super().on_header(name, value)
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > HEAD:
            self._why = (431, "too-large")
            raise ValueError("the head is too long")

    def on_headers_complete(self) -> None:
        """The head is whole: HTTP/1, and exactly one host is meant."""
        parser: Any = self.parser
        if parser.get_http_version() not in ("1.0", "1.1"):
            raise ValueError("which version?")
        if sum(name == b"host" for name, _ in self.headers) != 1:
            raise ValueError("which host?")
        self._in_head = False
        super().on_headers_complete()
        self._wait()

    def on_message_complete(self) -> None:
        """The request is whole; the answer may take its time."""
        self._rest()
        self._in_head, self._head = True, 0
        super().on_message_complete()

    # --- turning away

    def send_400_response(self, msg: str) -> None:
        """It is no request. What is still owed an answer does not get this one."""
        self._refuse(*self._why)

    def _refuse(self, status: int, slug: str) -> None:
        self._rest()
        # Somebody may be answered before their body is read: what is wrong with the rest of it is no news then.
        cycle: Any = self.cycle
        answered = not self._in_head and cycle is not None and cycle.response_complete
        if not answered and not self._owes_another():
            problem = {"type": slug, "title": locale.refusal("en", slug), "status": status, "can": []}
            body = json.dumps(problem).encode()
            head = (
                f"HTTP/1.1 {status} Refused\r\ncontent-type: application/problem+json\r\n"
                f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()

    def _busy(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _owes_another(self) -> bool:
        """Whether a request that came whole is not answered yet, or one was answered in part."""
        whole = self._busy() and not self.cycle.more_body
        begun = self._busy() and self.cycle.response_started
        return bool(self.pipeline) or whole or begun

    # --- time

    def _wait(self) -> None:
        self._rest()
        self._timer = self.loop.call_later(SECONDS, self._too_slow)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._refuse(408, "too-slow")
