"""The HTTP doorkeeper: what is no clean request is turned away at once, and who dawdles or does not read is cut.

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


UNREAD_SECONDS, SLOWEST = 20.0, 512
"""How long an answer may wait to be read before it is looked at whether it is read, and by how many bytes a second. The
poorest line reads more."""


class Guarded(HttpToolsProtocol):
    """One connection."""

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
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
        self._read_on()
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
        self._read_on()
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
        self._not_for_ever()

    def _busy(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _owes_another(self) -> bool:
        """Whether a request that came whole is not answered yet, or one was answered in part."""
        whole = self._busy() and not self.cycle.more_body
        begun = self._busy() and self.cycle.response_started
        return bool(self.pipeline) or whole or begun

    # --- who does not read

    def pause_writing(self) -> None:
        """More waits to be read than is kept for anybody: so much time, and then it is not kept."""
        super().pause_writing()
        self._not_for_ever()

    def resume_writing(self) -> None:
        """It is read."""
        super().resume_writing()
        self._read_on()

    def on_response_complete(self) -> None:
        """Answered, perhaps for the last time."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._not_for_ever()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked."""
        super().timeout_keep_alive_handler()
        self._not_for_ever()

    def _not_for_ever(self) -> None:
        # To close is to wait until all is written; who never reads would be waited for without an end.
        self._read_on()
        left = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(UNREAD_SECONDS, self._is_it_read, left)

    def _is_it_read(self, before: int) -> None:
        self._unread = None
        if before - self.transport.get_write_buffer_size() < UNREAD_SECONDS * SLOWEST:
            self.transport.abort()
        else:
            self._not_for_ever()

    def _read_on(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

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
