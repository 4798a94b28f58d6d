"""One event to a thousand sockets, and what a socket costs that only waits: beside `websockets` and node `ws`.

`python bench/fan.py` lets 125 colleagues open eight sockets each on `bedside serve`, all hearing the department's
queue, and lets patients check in: POST, and the moment at which the last of the thousand has the notice. The peers pass
on the very same bytes to as many sockets, one server after the other, three times. Four things are kept:

- from the request to the last socket, beside the same event heard by a lone socket (everything before the fan-out);
- the fan-out: by how much later the last of a thousand hears than a lone one does, ours and theirs;
- processor time for each delivery: what the server took for the thousand beyond what it took for one;
- memory: what the server holds more with a thousand idle sockets than with none, for each. Both after a warm-up.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvloop

import record  # beside this file
from hands import Ear, Line, cpu, hear_clinic, listen, many_files, memory
from house import WHERE, Machine, OpenClinic, inside, served
from peers import running

SOCKETS, EVENTS, RUNS, AN_ACCOUNT = 1000, 20, 3, 8
PEERS = ("websockets", "node ws")
SETTLED_SECONDS = 1.0
Opener = Callable[[int], Awaitable[Ear]]
Trigger = Callable[["Hall"], Awaitable[None]]


@dataclass
class Hall:
    """Everybody who listens: when the last of them has heard what is waited for."""

    words: bytes = b""
    left: int = 0
    last: asyncio.Future[float] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ears: list[Ear] = field(default_factory=list[Ear])

    def heard(self, said: bytes, at: float) -> None:
        """One socket has heard something."""
        if self.words in said:
            self.left -= 1
            if not self.left:
                self.last.set_result(at)

    def expect(self, words: bytes) -> None:
        """From now on these words are waited for, from everybody who is here."""
        self.words, self.left, self.last = words, len(self.ears), asyncio.get_running_loop().create_future()

    def leave(self) -> None:
        """Everybody hangs up."""
        for ear in self.ears:
            ear.close()
        self.ears.clear()


@dataclass
class Found:
    """What one server showed in one run."""

    lone: float
    all: float
    cpu: float
    memory: float

    @property
    def fan(self) -> float:
        return self.all - self.lone


async def main() -> None:
    """Measure, interleaved, and keep the rows."""
    many_files()
    found: dict[str, list[Found]] = {name: [] for name in ("bedside", *PEERS)}
    async with served() as machine, inside(machine) as clinic:
        guests = _Guests(clinic, machine)
        await guests.come()
        machine.stop()
        for _ in range(RUNS):
            async with guests.open() as hall:
                found["bedside"].append(await _measure(machine.pid, hall, guests.join, guests.check_in))
            for name in PEERS:
                async with running(name) as peer:
                    room = _Room(peer.port, guests.notice)
                    found[name].append(await _measure(peer.pid, room.hall, room.join, room.pass_on))
            print({name: runs[-1] for name, runs in found.items()}, flush=True)
    _keep(found)


async def _measure(pid: int, hall: Hall, join: Opener, trigger: Trigger) -> Found:
    """A lone socket, none, all of them idle, all of them hearing."""
    await _gather(hall, join, 50)
    hall.leave()
    await _gather(hall, join, 1)
    lone, little = await _events(pid, hall, trigger)
    hall.leave()
    await asyncio.sleep(SETTLED_SECONDS)
    empty = memory(pid)
    await _gather(hall, join, SOCKETS)
    await asyncio.sleep(SETTLED_SECONDS)
    full = memory(pid)
    last, much = await _events(pid, hall, trigger)
    assert not any(ear.ended.is_set() for ear in hall.ears), "a socket was lost"
    hall.leave()
    return Found(lone, last, (much - little) / (SOCKETS - 1) * 1e6, (full - empty) / SOCKETS / 1000)


async def _gather(hall: Hall, join: Opener, many: int) -> None:
    turn = asyncio.Semaphore(40)

    async def one(n: int) -> Ear:
        async with turn:
            return await join(n)

    hall.ears = await asyncio.gather(*(one(n) for n in range(many)))


async def _events(pid: int, hall: Hall, trigger: Trigger) -> tuple[float, float]:
    """Median milliseconds until the last has heard, and processor seconds for each event."""
    took: list[float] = []
    before = cpu(pid)
    for _ in range(EVENTS):
        began = time.perf_counter()
        await trigger(hall)
        async with asyncio.timeout(20):
            took.append((await hall.last - began) * 1000)
        await asyncio.sleep(0.02)
    return statistics.median(took), (cpu(pid) - before) / EVENTS


class _Guests:
    """The clinic's colleagues with their sockets, and the patients who come."""

    def __init__(self, clinic: OpenClinic, machine: Machine) -> None:
        self._clinic, self._machine = clinic, machine
        self._topic = f"queue.{clinic.department}"
        self.hall = Hall()
        self.notice = b""
        """What was heard last: the bytes that the peers pass on."""

    async def come(self) -> None:
        """Colleagues sign in; patients are booked and have agreed."""
        self._tokens = [(await self._clinic.nurse(f"Nurse {n}")).token for n in range(SOCKETS // AN_ACCOUNT)]
        self._amara, osei = await self._clinic.patient(), await self._clinic.provider()
        await self._amara.consents()
        self._visits = [await self._clinic.book(self._amara, osei) for _ in range(2 * EVENTS * RUNS)]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Hall]:
        """A server that has just begun."""
        self._machine.start()
        await self._machine.ready()
        self._line = Line(self._machine.port)
        yield self.hall
        self._line.close()
        self._machine.stop()

    async def join(self, n: int) -> Ear:
        return await hear_clinic(
            self._machine.port, self._tokens[n // AN_ACCOUNT % len(self._tokens)], [self._topic], self._heard
        )

    async def check_in(self, hall: Hall) -> None:
        visit = self._visits.pop()
        hall.expect(str(visit).encode())
        path = f"/api/v1/consultations/{visit}/check-in"
        assert await self._line.ask("POST", path, self._amara.token, WHERE) == 201

    def _heard(self, said: bytes, at: float) -> None:
        self.notice = said
        self.hall.heard(said, at)


class _Room:
    """A peer's room, in which somebody says what the clinic said."""

    def __init__(self, port: int, words: bytes) -> None:
        self._port, self._words = port, words
        self.hall = Hall()

    async def join(self, n: int) -> Ear:
        return await listen(self._port, "/room", self.hall.heard)

    async def pass_on(self, hall: Hall) -> None:
        hall.expect(self._words)
        hall.ears[0].say(self._words)


def _keep(found: dict[str, list[Found]]) -> None:
    ours = found["bedside"]
    whole = "queue event to 1,000 sockets, check-in request to the last"
    lone = "the same event heard by a lone socket"
    record.keep(record.figure(whole, "ms", [f.all for f in ours], baseline=lone, beside=[f.lone for f in ours]))
    same = "the same bytes passed on to as many sockets by"
    for name in PEERS:
        theirs = found[name]
        for what, unit, pick in (
            ("queue event to 1,000 sockets, the last later than a lone one", "ms", lambda f: f.fan),
            ("queue event to 1,000 sockets, CPU for each delivery", "us", lambda f: f.cpu),
            ("memory for each idle socket, of 1,000", "kB", lambda f: f.memory),
        ):
            beside = f"{same} {name}" if unit != "kB" else f"as many idle sockets of {name}"
            values, limits = [pick(f) for f in ours], [pick(f) for f in theirs]
            record.keep(record.figure(f"{what}, beside {name}", unit, values, baseline=beside, beside=limits))


if __name__ == "__main__":
    uvloop.run(main())
