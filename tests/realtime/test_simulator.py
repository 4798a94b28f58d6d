"""Bad networks, lost wake-ups, restarts, restores, rights that come and go: seeded, in virtual time.

Each client is the SDK's own follower over a line that delays and breaks. At the end every client knows, per
topic, exactly what the journal says, each thing once and in order, but for what an explicit resync stood for.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest

from bedside.realtime import protocol
from bedside.realtime.effects import Effect
from bedside.realtime.packet import Packet
from bedside.realtime.protocol import Conversation, State
from bedside.realtime.resume import replay
from bedside_client import Cursor, Follower
from realtime.world import Clinic, gateway

TOPICS = [f"consultation.{UUID(int=1)}", f"consultation.{UUID(int=2)}", f"queue.{UUID(int=3)}"]


class Line:
    """Two directions that delay, keep order, and break: what was under way is then lost."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.up: asyncio.Queue[str | None] = asyncio.Queue()
        self.down: asyncio.Queue[str | None] = asyncio.Queue()
        self.broken = False

    async def receive(self) -> str | bytes | None:
        text = await self.up.get()
        await self.world.delay()
        return None if self.broken else text

    async def send(self, text: str) -> None:
        if self.broken:
            raise ConnectionError
        self.down.put_nowait(text)

    async def close(self, code: int) -> None:
        self.down.put_nowait(None)

    def cut(self) -> None:
        self.broken = True
        self.up.put_nowait(None)
        self.down.put_nowait(None)


@dataclass
class Client:
    """A person's page: a follower, and what it shows of each topic."""

    account: UUID
    follower: Follower
    shown: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    view: dict[str, tuple[list[str], int]] = field(default_factory=dict[str, tuple[list[str], int]])
    line: Line | None = None
    resyncs: int = 0
    answers: list[str] = field(default_factory=list[str])

    def fetch(self, clinic: Clinic) -> None:
        """Fetch all views anew: the truth up to a head read before it."""
        head = len(clinic.entries)
        for topic in self.follower.topics:
            self.view[topic] = (clinic_says(clinic, topic, self.account), head)
            self.shown[topic] = []

    def hear(self, text: str, clinic: Clinic) -> None:
        for event in self.follower.hear(text):
            frame = event.frame
            if event.t in ("n", "m"):
                if frame["n"] > self.view[frame["topic"]][1]:
                    self.shown[frame["topic"]].append(frame["id"])
            elif event.t == "resync" or (event.t == "welcome" and not frame["resumed"]):
                self.resyncs += 1
                self.fetch(clinic)
            elif event.t == "done":
                self.answers.append(frame["id"])
            elif event.t == "refused" and self.line:  # the clinic was not ready: ask again, same id
                self.line.up.put_nowait(self.follower.outbox[frame["id"]])


def clinic_says(clinic: Clinic, topic: str, account: UUID) -> list[str]:
    return [
        one.frame["id"]
        for entry in clinic.entries
        for one in entry
        if one.topic == topic and (one.to is None or account in one.to)
    ]


class World:
    """One run."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.clinic = Clinic()
        self.clinic.slow = self.thinking
        self.node = gateway(self.clinic, seed)
        self.clients: list[Client] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.calm = False

    async def delay(self) -> None:
        await self.clinic.time.sleep(0 if self.calm else self.chance.random() * 0.2)

    async def thinking(self) -> None:
        if self.chance.random() < 0.3 and not self.calm:
            await self.clinic.time.sleep(self.chance.random() * 0.2)

    def person(self, number: int) -> Client:
        account = UUID(int=1000 + number)
        topics = self.chance.sample(TOPICS, self.chance.randrange(1, len(TOPICS) + 1))
        self.clinic.allow(account, *topics)
        client = Client(account, Follower(topics, device=str(number)))
        if self.chance.random() < 0.5:  # a page that was served with a cursor
            client.fetch(self.clinic)
            client.follower.cursor = Cursor(str(self.clinic.era), len(self.clinic.entries))
        self.clients.append(client)
        return client

    async def live(self, client: Client) -> None:
        """Connect, converse until the line breaks, come back."""
        while True:
            line = client.line = Line(self)
            line.up.put_nowait(client.follower.hello())
            serving = asyncio.create_task(self.node.serve(line, self.clinic.person(client.account)))
            self.tasks.append(serving)
            while (text := await line.down.get()) is not None:
                await self.delay()
                if line.broken:
                    break
                client.hear(text, self.clinic)
                if json.loads(text)["t"] == "welcome":
                    for asked in client.follower.outbox.values():
                        line.up.put_nowait(asked)
            line.cut()
            client.line = None
            await self.delay()

    async def restart(self) -> None:
        """kill -9: nothing is said to anybody; a new process starts on the same journal."""
        old, self.node = self.node, gateway(self.clinic, self.chance.randrange(1 << 30))
        for client in self.clients:
            if client.line:
                client.line.cut()
        stopping = asyncio.create_task(old.stop())
        self.node.start()
        self.tasks.append(stopping)

    def happen(self) -> None:
        """Something the journal announces: on some topics, one, or none; now and then words for some only."""
        to = None
        if self.chance.random() < 0.3:
            to = frozenset(c.account for c in self.clients if self.chance.random() < 0.7)
        self.clinic.announce(*self.chance.sample(TOPICS, self.chance.choice((0, 1, 1, 2, 3))), to=to)

    async def step(self) -> None:
        roll = self.chance.random()
        if roll < 0.45:
            for _ in range(self.chance.choice((1, 1, 2, 8))):
                self.happen()
        elif roll < 0.60:
            for _ in range(self.chance.randrange(3)):  # lost, once, or twice
                self.node.tail.wake()
        elif roll < 0.72:
            client = self.chance.choice(self.clients)
            if client.line:
                client.line.cut()
        elif roll < 0.80:
            client = self.chance.choice(self.clients)
            text = client.follower.do("send", str(UUID(int=self.chance.getrandbits(128))), content="x")
            if client.line:
                client.line.up.put_nowait(text)
        elif roll < 0.83:
            self.clinic.allow(self.chance.choice(self.clients).account, "queue.none")  # an epoch moves
        elif roll < 0.86:
            await self.restart()
        elif roll < 0.89:
            self.clinic.fail.add(self.chance.choice(("read", "epochs", "head", "do", "may_hear")))
        else:
            self.clinic.fail.clear()
        if roll > 0.992:
            self.restore()
        await self.clinic.time.run(self.chance.random() * 0.5)

    def restore(self) -> None:
        """Yesterday's backup: a shorter history under a new era."""
        self.clinic.era = UUID(int=self.clinic.era.int + 1)
        self.clinic.entries = self.clinic.entries[: self.chance.randrange(len(self.clinic.entries) + 1)]


async def played(seed: int, steps: int = 30) -> World:
    world = World(seed)
    for _ in range(world.chance.randrange(4)):
        world.happen()
    world.node.start()
    for number in range(3):
        world.tasks.append(asyncio.create_task(world.live(world.person(number))))
    for _ in range(steps):
        await world.step()
    world.clinic.fail.clear()
    world.calm = True
    await world.clinic.time.run(12)
    await world.node.stop()
    for task in world.tasks:
        task.cancel()
    await asyncio.gather(*world.tasks, return_exceptions=True)
    return world


def check(world: World) -> None:
    for task in world.tasks:
        if not task.cancelled() and (wrong := task.exception()) is not None:
            raise wrong
    for client in world.clients:
        for topic in client.follower.topics:
            base, _ = client.view[topic]
            assert base + client.shown[topic] == clinic_says(world.clinic, topic, client.account)
        assert client.follower.outbox == {}
        assert set(client.answers) <= {str(id) for id in world.clinic.done}
    acted = [id for _, id in world.clinic.acts]
    assert len(acted) == len(set(acted))


@pytest.mark.parametrize("batch", range(10))
async def test_everybody_ends_with_everything_once_and_in_order(batch: int) -> None:
    for seed in range(batch * 32, batch * 32 + 32):
        world = await played(seed)
        try:
            check(world)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}") from wrong


def _nothing_waits(talk: Conversation, one: Packet) -> list[Effect]:
    """A server that is live before the past was sent: what came meanwhile is lost."""
    return [] if talk.state is State.REPLAYING else _news(talk, one)


def _cursor_at_welcome(follower: Follower, frame: dict[str, Any]) -> None:
    """A client that believes the head before it has heard what lies before it."""
    _welcome(follower, frame)
    follower.cursor = Cursor(frame["era"], frame["n"])


_news, _welcome = Conversation.news, Follower._welcome


@pytest.mark.parametrize("fault", ["nothing waits", "no repeat at the cursor", "cursor at welcome"])
async def test_the_simulator_sees_a_fault_that_is_planted(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "nothing waits":
        monkeypatch.setattr(Conversation, "news", _nothing_waits)
    elif fault == "no repeat at the cursor":
        monkeypatch.setattr(
            protocol,
            "replay",
            lambda packets, *, since, **rest: replay([one for one in packets if one.n != since], since=since, **rest),
        )
    else:
        monkeypatch.setattr(Follower, "_welcome", _cursor_at_welcome)
    for seed in range(320):
        world = await played(seed)
        try:
            check(world)
        except AssertionError:
            return
    raise AssertionError("not seen in 320 runs")
