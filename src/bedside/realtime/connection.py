"""One socket, alive: performs what its conversation asks for, and brings the answers back.

Three loops: what comes in, what goes out, and the jobs (verdicts, replays, acts), one after another. Each
input to the conversation and all the effects that follow from it happen between two awaits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import ParamSpec, Protocol
from uuid import UUID

import structlog

from bedside.realtime import effects as do
from bedside.realtime import presence
from bedside.realtime.effects import Effect
from bedside.realtime.house import House
from bedside.realtime.hub import Channel
from bedside.realtime.interfaces import Cursor, Principal
from bedside.realtime.outlet import Outlet
from bedside.realtime.packet import Packet
from bedside.realtime.past import past
from bedside.realtime.protocol import Conversation, State
from bedside.realtime.wire import Close

MOST_JOBS = 512
FAREWELL_SECONDS = 2.0

P = ParamSpec("P")

log = structlog.get_logger("bedside.realtime")


class Transport(Protocol):
    """A WebSocket, however it is spoken."""

    async def receive(self) -> str | bytes | None:
        """The next message; None when the other end is gone."""
        ...

    async def send(self, text: str) -> None: ...

    async def close(self, code: int) -> None: ...


class Connection:
    """A member of its organization's channel, from hello to the end."""

    def __init__(self, conn: UUID, who: Principal, channel: Channel, house: House, to: Transport) -> None:
        self.conn = conn
        self.talk = Conversation(conn, who, ticks=house.clock.ticks(), explain=house.explain)
        self.channel = channel
        self.heard_at = house.clock.ticks()
        self.stale_since: float | None = None
        self._house = house
        self._transport = to
        self._outlet = Outlet()
        self._jobs: asyncio.Queue[Effect] = asyncio.Queue(MOST_JOBS)
        self._ended = asyncio.Event()
        self._code: Close | None = None

    async def run(self) -> None:
        """Live until somebody ends it."""
        inside = [asyncio.create_task(loop()) for loop in (self._read, self._work)]
        outside = asyncio.create_task(self._write())
        try:
            await self._ended.wait()
        finally:
            for task in inside:
                task.cancel()
            self._leave()
            if self._code is not None:
                await self._farewell(outside, self._code)
            outside.cancel()
            await asyncio.gather(*inside, outside, return_exceptions=True)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    # The hub's side ──────────────────────────────────────────────────────────

    def news(self, one: Packet) -> None:
        """The hub published on a topic of ours."""
        self._take(self.talk.news, one)

    def resync(self, at: Cursor) -> None:
        """The stream broke."""
        self._take(self.talk.resync, at)

    def aside(self, topic: str, text: str, by: UUID | None = None) -> None:
        """Something without a number; its author's own pages do not hear it."""
        if by is None or by != self.talk.who.account:
            self._take(self.talk.aside, topic, text)

    # The watch's side ────────────────────────────────────────────────────────

    def hold(self) -> None:
        """An epoch moved: nothing leaves until the verdict is renewed."""
        if self.stale_since is None:
            self.stale_since = self._house.clock.ticks()
        self._outlet.hold()

    def release(self) -> None:
        """Judged anew."""
        self.stale_since = None
        self._outlet.release()

    def tick(self) -> None:
        """A second passed."""
        ticks = self._house.clock.ticks()
        if self._outlet.stalled(ticks):
            self.perform(self.talk.shut(Close.SLOW))
        self.perform(self.talk.tick(ticks, self._house.clock.now(), self.channel.n))

    def _take(self, hear: Callable[P, list[Effect]], *given: P.args, **named: P.kwargs) -> None:
        """Give the conversation something. A bug in one ends this one, and stops nobody else's news."""
        try:
            self.perform(hear(*given, **named))
        except Exception as wrong:  # noqa: BLE001 - ours, whatever it is: logged, and the client comes back
            log.error("conversation-failed", error=type(wrong).__name__)
            self.perform(self.talk.shut(Close.BEHIND))

    # Effects ─────────────────────────────────────────────────────────────────

    def perform(self, effects: Iterable[Effect]) -> None:
        """Do what the conversation asks, in order."""
        for effect in effects:
            match effect:
                case do.Send(text, topic):
                    if not self._outlet.put(text, topic):
                        self.perform(self.talk.shut(Close.SLOW))
                case do.Shut(code):
                    self._code = code
                    self._house.tally["closes", str(int(code))] += 1
                    self._outlet.close(keep=code is not Close.SLOW)
                    self._ended.set()
                case do.Join(topics, r):
                    self._join(topics, r)
                case do.Standing():
                    self.hold()  # the watch asks what the session is now, and lets go
                case do.Part() | do.Purge() | do.Room() | do.Seat() | do.Whisper():
                    self._on_topic(effect)
                case _:
                    self._enqueue(effect)

    def _on_topic(self, effect: do.ToTopic) -> None:
        book, org, topic = self._house.book, self.channel.org, effect.topic
        match effect:
            case do.Part():
                self.channel.part(self, topic)
                self._changed(topic, book.go(org, topic, self.conn))
            case do.Purge():
                self._outlet.purge(topic)
            case do.Room(_, inside):
                self._changed(topic, book.room(org, topic, self.conn, inside=inside))
            case do.Seat(_, taken):
                self._changed(topic, self._sit(topic) if taken else book.go(org, topic, self.conn))
            case do.Whisper(_, text):
                self._tell(topic, text, by=self.talk.who.account)
                self._house.signals.whisper(org, topic, self.talk.who.account, text)

    def _enqueue(self, effect: Effect) -> None:
        try:
            self._jobs.put_nowait(effect)
        except asyncio.QueueFull:
            self.perform(self.talk.shut(Close.RATE))

    def _join(self, topics: tuple[str, ...], r: int | None) -> None:
        head = self.channel.join(self, topics)
        self._then(self.talk.joined(head, r, topics))
        for topic in topics:
            if self.talk.topics[topic].content:
                self._changed(topic, self._sit(topic))

    def _sit(self, topic: str) -> bool:
        """Whoever takes part in a visit and has its page open is seen there."""
        who, house = self.talk.who, self._house
        if not topic.startswith("consultation."):
            return False
        seat = presence.Seat(who.account, who.role, house.clock.now())
        return house.book.come(self.channel.org, topic, self.conn, seat)

    def _then(self, effects: list[Effect]) -> None:
        """Perform; and whoever goes live by it is told at once who is here."""
        was = self.talk.state
        self.perform(effects)
        if was is not State.LIVE and self.talk.state is State.LIVE:
            for topic in self.talk.topics:
                if topic.startswith("consultation."):
                    self.aside(topic, self._house.book.here(self.channel.org, topic))

    def _changed(self, topic: str, changed: bool) -> None:
        if changed:
            self._tell(topic, self._house.book.here(self.channel.org, topic))
            self._house.signals.seats(self.channel.org, topic)

    def _tell(self, topic: str, text: str, by: UUID | None = None) -> None:
        for member in self.channel.on(topic):
            member.aside(topic, text, by)

    # Loops ───────────────────────────────────────────────────────────────────

    async def _read(self) -> None:
        try:
            while (message := await self._transport.receive()) is not None:
                self.heard_at = self._house.clock.ticks()
                self._house.tally["frames", "in"] += 1
                if isinstance(message, bytes):
                    return self.perform(self.talk.shut(Close.BAD_FRAME))
                self._take(self.talk.heard, message, self.heard_at)
        finally:
            self._ended.set()

    async def _write(self) -> None:
        try:
            while (text := await self._outlet.next()) is not None:
                self._outlet.sending_since = self._house.clock.ticks()
                await self._transport.send(text)
                self._house.tally["frames", "out"] += 1
        finally:
            self._ended.set()

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                await self._job(job)
            except Exception as wrong:  # noqa: BLE001 - no verdict is no right: the client comes back and asks again
                log.warning("job-failed", job=type(job).__name__, error=type(wrong).__name__)
                # A beat that could not be written is made good by the next; to send all away would only add work.
                if not isinstance(job, do.Present):
                    self.perform(self.talk.shut(Close.BEHIND))

    async def _job(self, job: Effect) -> None:
        house, who = self._house, self.talk.who
        match job:
            case do.Judge(topics, r):
                verdicts = {topic: await house.authority.may_hear(who, topic) for topic in topics}
                self._then(self.talk.judged(verdicts, r))
            case do.Replay(since, upto):
                async for piece in past(house, self.channel, since, upto):
                    self._then(self.talk.replayed(piece))
                    await self._outlet.emptied()
            case do.Perform(id, op, body):
                await self._act(lambda: house.acts.do(who, op, id, body), id)
            case do.Present():
                await house.presence.beat(who, self.conn, self.talk.device)
            case do.Touch():
                self.perform(self.talk.stands(await house.authority.touch(who), house.clock.now()))
            case _:
                raise TypeError(type(job).__name__)

    async def _act(self, act: Callable[[], Awaitable[dict[str, object]]], id: UUID) -> None:
        try:
            answer = await act()
        except Exception as no:  # noqa: BLE001 - a refusal is explained; anything else is told as unavailable
            return self.perform(self.talk.refused(id, no))
        return self.perform(self.talk.done(id, answer))

    # The end ─────────────────────────────────────────────────────────────────

    def _leave(self) -> None:
        self.talk.shut(Close.QUIET)  # if the other end just went: nothing more is said to nobody
        self._house.hub.leave(self.channel, self)
        for topic in self.talk.topics:
            self._changed(topic, self._house.book.go(self.channel.org, topic, self.conn))

    async def _farewell(self, writing: asyncio.Task[None], code: Close) -> None:
        """Let the last words out, then close; a client that takes nothing is not waited for."""

        async def last_words() -> None:
            await asyncio.gather(writing, return_exceptions=True)
            await self._transport.close(int(code))

        saying = asyncio.create_task(last_words())
        patience = asyncio.ensure_future(self._house.sleep(FAREWELL_SECONDS))
        try:
            await asyncio.wait((saying, patience), return_when=asyncio.FIRST_COMPLETED)
        finally:
            patience.cancel()
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)
