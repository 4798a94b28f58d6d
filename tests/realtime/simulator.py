"""Bad networks, lost wake-ups, restarts, restores, rights that come and go: one run for each integer, in virtual time.

Each client is the SDK's own follower, or the browser's own live.js in node, over a line that delays, stalls, breaks and
says things twice. At the end every client knows, per topic, exactly what the journal says, each thing once and in
order, but for what an explicit resync stood for.
"""

from __future__ import annotations

import asyncio
import json
from random import Random
from typing import Any
from uuid import UUID
from zlib import crc32

from bedside.realtime import outlet, past
from realtime.pages import Page
from realtime.people import Client, Line, Program, clinic_says
from realtime.world import Clinic, gateway

TOPICS = [f"consultation.{UUID(int=1)}", f"consultation.{UUID(int=2)}", f"queue.{UUID(int=3)}"]
REPAIRED_SECONDS = 2.0
BLIND_SECONDS = 6.5  # a server that cannot learn about rights ends every socket within this


class World:
    """One run. `deaf`: nothing goes wrong but that wake-ups are lost, late, doubled and out of order."""

    def __init__(self, seed: int, node: Any = None, *, deaf: bool = False) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.clinic = Clinic()
        self.clinic.slow = self.thinking
        self.node = gateway(self.clinic, seed)
        self.browser = node
        self.clients: list[Client] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.calm = False
        self.deaf = deaf
        self.committed: dict[str, float] = {}
        self.withdrawn: dict[tuple[UUID, str], float] = {}
        self.lags: list[float] = []
        self.lost_wakes = 0
        self.frames = self.resumes = 0
        self.story = 0
        """A checksum of all that left the server, and when."""

    # The network and the database ────────────────────────────────────────────

    async def delay(self) -> None:
        await self.clinic.time.sleep(0 if self.calm else self.chance.random() * 0.2)

    async def thinking(self) -> None:
        if self.chance.random() < 0.3 and not self.calm:
            await self.clinic.time.sleep(self.chance.random() * 0.2)

    def twice(self) -> bool:
        """Whether the line says this once more. Only what has a number may come again."""
        return not self.calm and self.chance.random() < 0.05

    def leaves(self, line: Line, text: str) -> None:
        """A frame leaves the server: nobody is told anything of what was taken from them a while ago."""
        frame, now = json.loads(text), self.clinic.time.ticks()
        self.frames += 1
        self.story = crc32(f"{now:.6f} {line.account.int} {text}".encode(), self.story)
        if frame["t"] == "welcome":
            line.live_since = now
            self.resumes += frame["resumed"]
        since = self.withdrawn.get((line.account, frame.get("topic", "")), now)
        if frame["t"] in ("n", "m", "here", "typing") and now - since > BLIND_SECONDS:
            raise AssertionError(f"{frame['topic']} was told {now - since:.1f} s after the right to it ended")
        if frame["t"] in ("n", "m") and (committed := self.committed[frame["id"]]) > line.live_since:
            self.lags.append(now - committed)

    # People ──────────────────────────────────────────────────────────────────

    def person(self, number: int) -> None:
        """Two tabs of one person and a page of another; each may be a program or a browser."""
        account = UUID(int=1000 + number // 2)
        topics = self.chance.sample(TOPICS, self.chance.randrange(1, len(TOPICS) + 1))
        topics.append(f"notification.{account}")  # nobody takes that from anybody, so there is always something to hear
        self.clinic.allow(account, *topics)
        in_browser = self.browser is not None and number == 2
        client = (Page if in_browser else Program)(self, account, topics, number)
        self.clients.append(client)
        self.tasks.append(asyncio.create_task(client.live()))

    # What happens ────────────────────────────────────────────────────────────

    def happen(self) -> None:
        """Something the journal announces: on some topics, one, or none; now and then words for some only."""
        to = None
        if self.chance.random() < 0.3:
            to = frozenset(c.account for c in self.clients if self.chance.random() < 0.7)
        n = self.clinic.announce(*self.chance.sample(TOPICS, self.chance.choice((0, 1, 1, 2, 3))), to=to)
        self.committed[f"{self.clinic.era.int}-{n}"] = self.clinic.time.ticks()

    def wake(self) -> None:
        """A wake-up: lost, once, twice, or so late that others overtake it."""
        times = self.chance.randrange(3)
        self.lost_wakes += times == 0
        for _ in range(times):
            self.tasks.append(asyncio.create_task(self._wake()))

    async def _wake(self) -> None:
        await self.clinic.time.sleep(self.chance.random() * 0.4)
        self.node.tail.wake()

    async def step(self) -> None:
        roll = self.chance.random()
        if roll < 0.45 or self.deaf:
            for _ in range(self.chance.choice((1, 1, 2, 8))):
                self.happen()
            self.wake()
        elif roll < 0.52:
            self.wake()
        elif roll < 0.70:
            self.a_line_suffers(self.chance.random())
        elif roll < 0.78:
            self.chance.choice(self.clients).act(str(UUID(int=self.chance.getrandbits(128))))
        elif roll < 0.83:
            self.a_right_moves()
        elif roll < 0.86:
            self.restart()
        elif roll < 0.89:
            self.clinic.fail.add(self.chance.choice(("read", "epochs", "head", "do", "may_hear")))
        else:
            self.clinic.fail.clear()
        if roll > 0.992 and not self.deaf:
            self.restore()
        await self.clinic.time.run(self.chance.random() * 0.5)

    def a_line_suffers(self, roll: float) -> None:
        client = self.chance.choice(self.clients)
        if client.line and roll < 0.75:
            client.line.cut()
        elif client.line:
            client.line.stall()  # takes nothing any more, and says nothing about it

    def a_right_moves(self) -> None:
        """Withdrawn in the middle, given again, or only judged anew."""
        client, topic = self.chance.choice(self.clients), self.chance.choice(TOPICS)
        had = topic in self.clinic.rights[client.account]
        roll = self.chance.random()
        if had and roll < 0.4:
            self.clinic.withdraw(client.account, topic)
            self.withdrawn[client.account, topic] = self.clinic.time.ticks()
        elif (client.account, topic) in self.withdrawn and roll < 0.8:
            del self.withdrawn[client.account, topic]
            self.clinic.allow(client.account, topic)
            for one in self.clients:
                if one.account == client.account and topic in one.asked:
                    one.hear_again(topic)
        else:
            self.clinic.allow(client.account, "queue.none")

    def restart(self) -> None:
        """kill -9: nothing is said to anybody; a new process starts on the same journal."""
        old, self.node = self.node, gateway(self.clinic, self.chance.randrange(1 << 30))
        for client in self.clients:
            if client.line:
                client.line.cut()
        self.tasks.append(asyncio.create_task(old.stop()))
        self.node.start()

    def restore(self) -> None:
        """Yesterday's backup: a shorter history under a new era."""
        self.clinic.era = UUID(int=self.clinic.era.int + 1)
        self.clinic.entries = self.clinic.entries[: self.chance.randrange(len(self.clinic.entries) + 1)]


async def played(seed: int, node: Any = None, *, steps: int = 30, deaf: bool = False) -> World:
    """The run of this integer. `node`: where pages of a browser run, if some shall."""
    world = World(seed, node, deaf=deaf)
    usual = outlet.MOST_UNSENT, past.PIECE, past.BATCH
    if not deaf and world.chance.random() < 0.5:  # small buffers, so that slowness is met often
        outlet.MOST_UNSENT, past.PIECE, past.BATCH = 3000, world.chance.choice((200, 1000)), 3
    try:
        for _ in range(world.chance.randrange(4)):
            world.happen()
        world.node.start()
        for number in range(3):
            world.person(number)
        for _ in range(steps):
            await world.step()
        world.clinic.fail.clear()
        world.calm = True
        # A stalled line is met by a beat (30 s) and given up (10 s); then comes the client's longest pause (20 s).
        await world.clinic.time.run(4 if deaf else 65)
        await world.node.stop()
        for task in world.tasks:
            task.cancel()
        for client in world.clients:
            client.end()
        await asyncio.gather(*world.tasks, return_exceptions=True)
    finally:
        outlet.MOST_UNSENT, past.PIECE, past.BATCH = usual
    return world


def check(world: World) -> None:
    """What must hold at the end, whatever happened."""
    for task in world.tasks:
        if not task.cancelled() and (wrong := task.exception()) is not None:
            raise wrong
    for client in world.clients:
        for topic in client.asked:
            if (client.account, topic) in world.withdrawn:
                assert topic in client.lost, f"{client} was not told that {topic} is gone"
                continue
            base, _ = client.view[topic]
            assert base + client.shown[topic] == clinic_says(world.clinic, topic, client.account), f"{client} {topic}"
        assert client.unanswered() == [], f"{client} waits for an answer"
        assert set(client.answers) <= {str(id) for id in world.clinic.done}
    acted = [id for _, id in world.clinic.acts]
    assert len(acted) == len(set(acted))
    assert not world.deaf or max(world.lags, default=0) <= REPAIRED_SECONDS, max(world.lags)
