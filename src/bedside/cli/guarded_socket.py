"""The doorkeeper of a live socket, below its protocol: pieces, pings, and an end that does not wait to be read.

uvicorn gathers the pieces of a message for as long as they come, answers every ping, and closes a connection only once
all that was written to it has been taken. A client that sends empty pieces, pings without reading, or never reads at
all would keep what it was given here for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from bedside.realtime import limits
from bedside.realtime.wire import Close

MOST_PIECES = 512
"""Of one message. Browsers send one."""
LINGER_SECONDS = 1.0
UNREAD_SECONDS = 5.0
"""How long what was said last may wait to be read, once the socket is over."""


class GuardedSocket(WebSocketsSansIOProtocol):
    """One connection."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._controls = limits.frames()
        self._turned_away = False
        self._end: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Some bytes; of somebody who was turned away nothing is read any more."""
        if not self._turned_away:
            super().data_received(data)

    def handle_cont(self, event: Frame) -> None:
        """One more piece of a message."""
        if len(self.frames) >= MOST_PIECES:
            self._turn_away(Close.TOO_LARGE)
        elif not self._turned_away:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answered, unless the answers are not taken: to answer the latest is enough."""
        answer = b"".join(self.conn.data_to_send())
        if not self._controls.take(self.loop.time()):
            self._turn_away(Close.RATE)
        elif self.writable.is_set():
            self.transport.write(answer)

    def handle_pong(self, event: Frame) -> None:
        """Nobody asked for it."""
        if not self._controls.take(self.loop.time()):
            self._turn_away(Close.RATE)

    async def send(self, message: Any) -> None:
        """What there is to say to who has hung up already is not written."""
        await self.writable.wait()
        if message["type"] == "websocket.send" and self.transport.is_closing():
            raise ClientDisconnected
        await super().send(message)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The socket is over for us: what is not read soon is not waited for."""
        super().on_task_complete(task)
        if not self.disconnected:
            self._end = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def _turn_away(self, code: Close) -> None:
        if self._turned_away:
            return
        self._turned_away, self.frames = True, []
        self.queue.put_nowait({"type": "websocket.disconnect", "code": int(code), "reason": ""})
        if not self.close_sent:
            self.conn.send_close(int(code), code.name.lower())
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        # What is still coming is read and dropped for a moment: a line cut at once would take the code away with it.
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.close)
