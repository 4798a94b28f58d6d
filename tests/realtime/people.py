"""Who is at the other end in the simulator: what they show, and a program on the SDK's follower."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bedside_client import Cursor, Follower
from realtime.world import Clinic

if TYPE_CHECKING:
    from realtime.simulator import World


class Line:
    """Two directions that delay, keep order, stall, and break: what was under way is then lost."""

    def __init__(self, world: World, account: UUID) -> None:
        self.world = world
        self.account = account
        self.up: asyncio.Queue[str | None] = asyncio.Queue()
        self.down: asyncio.Queue[str | None] = asyncio.Queue()
        self.broken = False
        self.code = 1006
        self.live_since = float("inf")
        self._flows = asyncio.Event()
        self._flows.set()

    async def served(self) -> None:
        """By the node of this moment. When that is done with it, the line is no more."""
        await self.world.node.serve(self, self.world.clinic.person(self.account))
        self.cut()

    async def receive(self) -> str | bytes | None:
        text = await self.up.get()
        await self.world.delay()
        return None if self.broken else text

    async def send(self, text: str) -> None:
        self.world.leaves(self, text)
        await self._flows.wait()
        if self.broken:
            raise ConnectionError
        self.down.put_nowait(text)

    async def close(self, code: int) -> None:
        self.code = code
        self.down.put_nowait(None)

    def stall(self) -> None:
        """The other end takes nothing more, and the network does not say so."""
        self._flows.clear()

    def cut(self) -> None:
        self.broken = True
        self._flows.set()
        self.up.put_nowait(None)
        self.down.put_nowait(None)


class Client:
    """What somebody shows of each topic: the view as it was fetched, and what was heard since."""

    def __init__(self, world: World, account: UUID, topics: list[str], number: int) -> None:
        self.world, self.account, self.number = world, account, number
        self.asked = list(topics)
        self.shown: dict[str, list[str]] = {}
        self.view: dict[str, tuple[list[str], int]] = {}
        self.lost: set[str] = set()
        self.answers: list[str] = []
        self.resyncs = 0
        self.line: Line | None = None

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.number}"

    def fetch(self, *topics: str) -> None:
        """Fetch views anew: the truth up to a head read before it."""
        head = len(self.world.clinic.entries)
        for topic in topics:
            self.view[topic] = (clinic_says(self.world.clinic, topic, self.account), head)
            self.shown[topic] = []

    def is_shown(self, frame: dict[str, Any]) -> None:
        """A numbered frame was understood."""
        topic = frame["topic"]
        if topic in self.lost:
            raise AssertionError(f"{self} heard of {topic} behind the barrier")
        if frame["n"] > self.view[topic][1]:
            self.shown[topic].append(frame["id"])

    def anew(self) -> None:
        self.resyncs += 1
        self.fetch(*self.asked)

    def is_gone(self, topic: str) -> None:
        self.lost.add(topic)

    def is_welcome(self, frame: dict[str, Any]) -> None:
        self.lost -= frame["topics"].keys()
        self.lost |= {topic for topic, verdict in frame["topics"].items() if verdict == "not-found"}

    def hears_again(self, frame: dict[str, Any]) -> None:
        """The answer to `sub`: heard from here on; what was before is in the view."""
        if "problem" not in frame:
            self.lost.discard(frame["topic"])
            self.fetch(frame["topic"])

    async def live(self) -> None: ...

    def act(self, id: str) -> None: ...

    def hear_again(self, topic: str) -> None: ...

    def unanswered(self) -> list[str]:
        return []

    def end(self) -> None: ...


class Program(Client):
    """The SDK's follower, and the least around it that a program needs."""

    def __init__(self, world: World, account: UUID, topics: list[str], number: int) -> None:
        super().__init__(world, account, topics, number)
        self.follower = Follower(topics, device=str(number))
        if world.chance.random() < 0.5:  # a page that was served with a cursor
            self.fetch(*topics)
            self.follower.cursor = Cursor(str(world.clinic.era), len(world.clinic.entries))

    async def live(self) -> None:
        """Connect, converse until the line breaks, come back."""
        world = self.world
        while True:
            line = self.line = Line(world, self.account)
            line.up.put_nowait(self.follower.hello())
            world.tasks.append(asyncio.create_task(line.served()))
            while (text := await line.down.get()) is not None:
                await world.delay()
                if line.broken:
                    break
                for _ in range(1 + (json.loads(text)["t"] in ("n", "m") and world.twice())):
                    self.hear(text, line)
            line.cut()
            self.line = None
            await world.clinic.time.sleep(0.01 + world.chance.random() * 0.24)  # nobody knocks without a pause

    def hear(self, text: str, line: Line) -> None:
        for event in self.follower.hear(text):
            frame = event.frame
            if event.t in ("n", "m"):
                self.is_shown(frame)
            elif event.t == "welcome":
                self.is_welcome(frame)
                if not frame["resumed"]:
                    self.anew()
                for asked in self.follower.outbox.values():
                    line.up.put_nowait(asked)
            elif event.t == "resync":
                self.anew()
            elif event.t == "gone":
                self.is_gone(frame["topic"])
            elif event.t == "re":
                self.hears_again(frame)
            elif event.t == "done":
                self.answers.append(frame["id"])
            elif event.t == "refused":  # the clinic was not ready: ask again a little later, same id
                self.world.tasks.append(asyncio.create_task(self._again(line, frame["id"])))

    async def _again(self, line: Line, id: str) -> None:
        await self.world.clinic.time.sleep(0.5)
        if id in self.follower.outbox and self.line is line:
            line.up.put_nowait(self.follower.outbox[id])

    def act(self, id: str) -> None:
        text = self.follower.do("send", id, content="x")
        if self.line:
            self.line.up.put_nowait(text)

    def hear_again(self, topic: str) -> None:
        text = self.follower.sub(topic)
        if self.line:
            self.line.up.put_nowait(text)

    def unanswered(self) -> list[str]:
        return list(self.follower.outbox)


def clinic_says(clinic: Clinic, topic: str, account: UUID) -> list[str]:
    """What the journal says on a topic to this person."""
    return [
        one.frame["id"]
        for entry in clinic.entries
        for one in entry
        if one.topic == topic and (one.to is None or account in one.to)
    ]
