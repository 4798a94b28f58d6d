"""How soon what is said is heard: 1, 8 and 64 people write, each in a visit of their own, ten sockets listen to each.

`python bench/chat.py` runs `bedside serve` on its own PostgreSQL. In every visit the patient writes over one socket and
listens on five more; the clinician listens on five. Who writes sends the next message when all ten have the one before.
A message is judged, sealed, committed to the disk and numbered in the journal before anybody hears it. The baseline, in
turns in the same run: a relay by `websockets` with as many rooms and sockets, which passes the same frame on and does
none of that.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import uvloop

import record  # beside this file
from hands import Ear, hear_clinic, listen, many_files
from house import WHERE, Machine, OpenClinic, inside, served
from journeys.pace import quantile
from peers import running

EACH = {1: 12, 8: 8, 64: 4}
"""How many messages each writes in a run: more at once than this are asked to slow down."""
RUNS, LISTENERS = 3, 10
RELAY = "a relay by websockets that judges, seals and keeps nothing: as many rooms, same share"
RELAYED = b'{"t":"m","id":"%s","content":"' + b"x" * 100 + b'"}'
WORDS = "It still hurts when I breathe in, and the left side more than the right. It began on Tuesday evening."


class Talk:
    """One who writes, and ten who listen."""

    def __init__(self) -> None:
        self.mouth: Ear
        self.ears: list[Ear] = []
        self.took: list[float] = []
        self._id = b""
        self._left = 0

    def heard(self, said: bytes, at: float) -> None:
        """One of the ten has something."""
        if self._id in said and said.startswith(b'{"t":"m"'):
            self.took.append(at - self._began)
            self._left -= 1
            if not self._left:
                self._all.set_result(None)

    def answered(self, said: bytes, at: float) -> None:
        """What the writer hears: that it is done, or why not."""
        assert not said.startswith(b'{"t":"refused"'), said

    async def say(self, frame: Callable[[str], bytes]) -> None:
        """One message, until all ten have it."""
        id = str(uuid4())
        self._id, self._left, self._all = id.encode(), LISTENERS, asyncio.get_running_loop().create_future()
        self._began = time.perf_counter()
        self.mouth.say(frame(id))
        async with asyncio.timeout(20):
            await self._all

    def end(self) -> None:
        """Everybody hangs up."""
        for ear in (self.mouth, *self.ears):
            ear.close()


async def main() -> None:
    """Measure, in turns, and keep the rows."""
    many_files()
    async with served() as machine, inside(machine) as clinic, running("websockets") as peer:
        for many, each in EACH.items():
            ours, theirs = list[list[float]](), list[list[float]]()
            async with _visits(clinic, machine, many) as visits, _rooms(peer.port, many) as rooms:
                for _ in range(RUNS):
                    ours.append(await _round(visits, each))
                    theirs.append(await _round(rooms, each))
                    await asyncio.sleep(each / 5)  # five a second may be sent in the long run
            _keep(many, ours, theirs)


Saying = list[tuple[Talk, Callable[[str], bytes]]]


async def _round(talks: Saying, each: int) -> list[float]:
    """Seconds from each sending to each hearing."""

    async def all_of(talk: Talk, frame: Callable[[str], bytes]) -> list[float]:
        talk.took = []
        for _ in range(each):
            await talk.say(frame)
        return talk.took

    took = await asyncio.gather(*(all_of(talk, frame) for talk, frame in talks))
    return [one for some in took for one in some]


@asynccontextmanager
async def _visits(clinic: OpenClinic, machine: Machine, many: int) -> AsyncIterator[Saying]:
    """Patients who have checked in, each with a clinician, and everybody's sockets."""
    turn = asyncio.Semaphore(8)

    async def one(n: int) -> tuple[Talk, Callable[[str], bytes]]:
        async with turn:
            person, doctor = await clinic.patient("Amara", f"Of {many} {n}"), await clinic.provider(f"Dr. {many} {n}")
            await person.consents()
            visit = await clinic.book(person, doctor)
            await person.do(visit, "check-in", WHERE)
            await doctor.do(visit, "grant")
            talk, topic, half = Talk(), [f"consultation.{visit}"], LISTENERS // 2
            talk.mouth = await hear_clinic(machine.port, person.token, [], talk.answered)
            for token in [person.token] * half + [doctor.token] * half:
                talk.ears.append(await hear_clinic(machine.port, token, topic, talk.heard))
        said = {"t": "do", "op": "send", "consultation": str(visit), "content": WORDS}
        return talk, lambda id: json.dumps(said | {"id": id}).encode()

    talks = await asyncio.gather(*(one(n) for n in range(many)))
    yield talks
    for talk, _ in talks:
        talk.end()


@asynccontextmanager
async def _rooms(port: int, many: int) -> AsyncIterator[Saying]:
    """As many rooms of the relay, and as many sockets."""
    talks: Saying = []
    for n in range(many):
        talk, room = Talk(), f"/{many}-{n}"
        talk.mouth = await listen(port, room, talk.answered)
        talk.ears = [await listen(port, room, talk.heard) for _ in range(LISTENERS)]
        talks.append((talk, lambda id: RELAYED % id.encode()))
    yield talks
    for talk, _ in talks:
        talk.end()


def _keep(many: int, ours: list[list[float]], theirs: list[list[float]]) -> None:
    writers = f"{many} publisher{'s' if many > 1 else ''} x {LISTENERS} subscribers"
    for share in (50, 99):
        each, floor = ([quantile(took, share / 100) * 1000 for took in runs] for runs in (ours, theirs))
        name = f"chat publish to delivery, {writers}, p{share}"
        record.keep(record.figure(name, "ms", each, baseline=RELAY, beside=floor))


if __name__ == "__main__":
    uvloop.run(main())
