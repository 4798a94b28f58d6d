"""The live feed over a real socket: reconnects, resumes where it stopped, repeats what was not answered."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from bedside_client import permits
from bedside_client.backoff import Backoff
from bedside_client.follower import LATER, Cursor, Event, Follower
from bedside_client.problem import Problem

WIRE = "bedside.v1"
"""The version of the wire that is spoken here. A clinic that no longer serves it says 4302."""
BEAT_SECONDS = 25.0
SILENCE_SECONDS = 75.0
LONGEST_PAUSE = 20.0


class Closed(Exception):
    """The server ended the feed. 41xx: sign in again; 42xx: nothing left to hear; 43xx: we are wrong."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"closed with {code}")


class Feed:
    """An async iterator of events. Use it as a context manager."""

    def __init__(
        self,
        url: str,
        token: str,
        follower: Follower,
        *,
        chance: Callable[[], float] = random.random,
        first_pause: float = 0.25,
        renew: permits.Renew | None = None,
    ) -> None:
        self.follower = follower
        self._url = url
        self._token = token
        self._pauses = Backoff(first_pause, LONGEST_PAUSE, chance=chance)
        self._slower = Backoff(first_pause, 5.0, chance=chance)
        self._renew = renew
        self._renewed: set[str] = set()
        self._events: asyncio.Queue[Event | Closed] = asyncio.Queue()
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._socket: ClientConnection | None = None
        self._welcomed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._asides: set[asyncio.Task[None]] = set()
        self._now = asyncio.Event()
        self._ended: Closed | None = None

    async def __aenter__(self) -> Feed:
        self._task = asyncio.create_task(self._run())
        for topic in self.follower.topics:
            if self._renew and topic.startswith("consultation."):
                self._aside(permits.kept(topic.partition(".")[2], self._renew))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop listening. What is still in the outbox was not answered: keep it, and hand it to the next feed."""
        tasks = [task for task in (self._task, *self._asides) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for answer in self._answers.values():
            answer.cancel()

    @property
    def outbox(self) -> dict[str, str]:
        """What was asked and is not answered yet: id and frame."""
        return dict(self.follower.outbox)

    @property
    def cursor(self) -> Cursor | None:
        """How far this feed has come."""
        return self.follower.cursor

    def waiting(self) -> list[Event]:
        """Everything that has come in already, taken out at once."""
        found: list[Event] = []
        while not self._events.empty():
            event = self._events.get_nowait()
            if isinstance(event, Closed):
                self._events.put_nowait(event)
                break
            found.append(event)
        return found

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        if self._ended is not None and self._events.empty():
            raise self._ended
        event = await self._events.get()
        if isinstance(event, Closed):
            raise event
        return event

    async def welcomed(self) -> None:
        """Wait until the server has said welcome on the present connection."""
        await self._welcomed.wait()

    async def next(self, t: str, **members: Any) -> Event:
        """The next event of this kind with these members; earlier ones are passed over."""
        async for event in self:
            if event.t == t and all(event.frame.get(name) == value for name, value in members.items()):
                return event
        raise AssertionError("the feed ends with Closed")

    async def do(self, op: str, id: str | None = None, **body: Any) -> dict[str, Any]:
        """Do this once, however often the line breaks; the answer comes after it is durable."""
        if self._ended is not None:
            raise self._ended
        id = id or str(uuid4())
        answer = self._answers.setdefault(id, asyncio.get_running_loop().create_future())
        text = self.follower.do(op, id, **body)
        if self._welcomed.is_set() and self._socket is not None:
            with suppress(ConnectionClosed):
                await self._socket.send(text)
        return await asyncio.shield(answer)

    async def send(self, consultation: str, content: str, *, id: str | None = None) -> dict[str, Any]:
        """Say something in a visit."""
        return await self.do("send", id, consultation=str(consultation), content=content)

    async def enter(self, consultation: str) -> dict[str, Any]:
        """Go in."""
        return await self.do("enter", consultation=str(consultation))

    async def leave(self, consultation: str) -> dict[str, Any]:
        """Go out again."""
        return await self.do("leave", consultation=str(consultation))

    async def drop(self) -> None:
        """Break the line, as a network does; the feed comes back by itself."""
        if self._socket is not None:
            self._socket.transport.abort()

    def network_is_back(self) -> None:
        """Whoever knows it says so: the next try is now, and the pauses begin anew."""
        self._pauses.reset()
        self._now.set()

    async def _run(self) -> None:
        while True:
            self._now.clear()
            code = await self._connected()
            if self._welcomed.is_set():
                self._pauses.reset()
            self._welcomed.clear()
            if code is not None and not 4000 <= code < 4100 and 4000 <= code < 5000:
                return self._end(Closed(code))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._now.wait(), self._pauses.pause())

    async def _connected(self) -> int | None:
        """One connection, from hello to its end; the code with which the server closed it."""
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with connect(
                self._url,
                subprotocols=[Subprotocol(WIRE)],
                additional_headers=headers,
                compression=None,
                max_size=1 << 20,
                ping_interval=None,
            ) as socket:
                self._socket = socket
                await self._converse(socket)
                return None
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
        except (OSError, InvalidHandshake, TimeoutError):
            return None
        finally:
            self._socket = None

    async def _converse(self, socket: ClientConnection) -> None:
        await socket.send(self.follower.hello())
        beats = asyncio.create_task(self._beat(socket))
        try:
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    text = await socket.recv()
                for event in self.follower.hear(str(text)):
                    await self._happened(event, socket)
        finally:
            beats.cancel()

    async def _happened(self, event: Event, socket: ClientConnection) -> None:
        if event.t == "welcome":
            self._welcomed.set()
            for text in list(self.follower.outbox.values()):
                await socket.send(text)
        elif event.t in ("done", "refused"):
            await self._answered(event, socket)
        self._events.put_nowait(event)

    async def _answered(self, event: Event, socket: ClientConnection) -> None:
        id, problem = str(event.frame["id"]), event.frame.get("problem")
        if problem is not None and problem.get("type") in LATER:
            self._aside(self._again(id, self._slower.pause(int(problem.get("after", 0)) / 1000)))
            return
        if problem is not None and problem.get("type") == "grant-lapsed" and self._renewable(id):
            self._renewed.add(id)
            self._aside(self._renew_and_repeat(id))
            return
        self.follower.outbox.pop(id, None)
        self._slower.reset()
        answer = self._answers.pop(id, None)
        if answer is None or answer.done():
            return
        if problem is not None:
            answer.set_exception(Problem(problem))
        else:
            answer.set_result(event.frame)

    def _renewable(self, id: str) -> bool:
        """A permission that ran out is renewed once for each act; the second time it is a refusal like others."""
        return self._renew is not None and id in self.follower.outbox and id not in self._renewed

    async def _renew_and_repeat(self, id: str) -> None:
        assert self._renew
        visit = json.loads(self.follower.outbox[id]).get("consultation", "")
        with suppress(Problem, httpx.HTTPError):
            await self._renew(visit)
        await self._again(id)

    async def _again(self, id: str, after: float = 0.0) -> None:
        """The same act under the same id, later: unless the line broke meanwhile, for then `welcome` repeats it."""
        await asyncio.sleep(after)
        text, socket = self.follower.outbox.get(id), self._socket
        if text is not None and socket is not None and self._welcomed.is_set():
            await _sent(socket, text)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await _sent(socket, '{"t":"beat"}')

    def _end(self, closed: Closed) -> None:
        self._ended = closed
        self._events.put_nowait(closed)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(closed)


async def _sent(socket: ClientConnection, text: str) -> None:
    with suppress(ConnectionClosed):
        await socket.send(text)
