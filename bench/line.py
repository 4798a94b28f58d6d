"""What a line that moves costs: 300 people wait with their page open, 10 more arrive every second, for a minute.

`python bench/line.py` fills a clinic on `bedside serve`, a process of its own beside PostgreSQL, opens a socket for
each who waits, and lets people check in and pass the device check. Whoever hears LINE_MOVED looks at their own place
within the time it names, as the page does: GET /visit/{id}/line, over a connection kept open. `value` is the CPU time
(user and system) that the server process took for that minute; PostgreSQL and the patients' devices are not counted.
`spread` is that of the minute's three thirds. The baseline is the same process with the same sockets and nobody
arriving, watched for a quarter of the time and reckoned up.
"""

import asyncio
import itertools
import json
import os
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import uvloop

import record  # beside this file
from hands import Ear, Line, cpu, hear_clinic, many_files
from house import DEVICE, WHERE, OpenClinic, Person, inside, served

WAITING = int(os.environ.get("WAITING", "300"))
SECONDS = int(os.environ.get("SECONDS", "60"))
A_SECOND, CLINICIANS, GOAL, PARTS = 10, 12, 60.0, 3
Visit = tuple[Person, UUID]


@dataclass
class Tally:
    """What happened."""

    heard: int = 0
    looked: int = 0
    arrived: int = 0
    slowest: float = 0.0
    answers: Counter[int] = field(default_factory=Counter[int])
    sockets_lost: int = 0


async def main() -> None:
    """Fill, open, measure quiet and busy, keep the row."""
    many_files()
    async with served() as machine:
        async with inside(machine) as clinic:
            staff, waiting, coming = await _filled(clinic)
            department = clinic.department
        print(f"{len(waiting)} wait, {len(coming)} are to come", flush=True)
        tally = Tally()
        pages = [await _page(machine.port, person, visit, department, tally) for person, visit in waiting]
        pages += [await hear_clinic(machine.port, person.token, [], lambda *_: None) for person in staff]
        beats = asyncio.create_task(_beats(pages, tally))
        quiet, busy = await _minute(machine.pid, machine.port, coming, tally)
        beats.cancel()
        for page in pages:
            page.close()
        await asyncio.sleep(2)  # who was about to look still does
    print(f"{tally}; quiet {quiet:.1f} s, busy {' + '.join(f'{each:.1f}' for each in busy)} s", flush=True)
    assert set(tally.answers) <= {200, 201}, tally
    assert not tally.sockets_lost, tally
    assert tally.arrived >= A_SECOND * SECONDS * 0.95, tally
    assert tally.heard >= WAITING * SECONDS * 0.7, tally
    name = f"line of {WAITING} that moves, {A_SECOND} check-ins a second for {SECONDS} s: CPU of the server"
    beside = "the same sockets for as long, nobody arriving"
    row = record.figure(name, "CPU s", [sum(busy)], baseline=beside, beside=[quiet], at_most=GOAL)
    row |= {"goal": f"< {GOAL:.0f} CPU s", "spread": round((max(busy) - min(busy)) / statistics.median(busy), 2)}
    if (WAITING, SECONDS) == (300, 60):
        record.keep(row)


async def _filled(clinic: OpenClinic) -> tuple[list[Person], list[Visit], list[Visit]]:
    """A clinic in which so many wait, and as many more as will come have a booking and have agreed."""
    staff = [await clinic.provider(f"Dr. Number {n}") for n in range(CLINICIANS)]
    turn = asyncio.Semaphore(4)

    async def waits(n: int) -> Visit:
        async with turn:
            person = await clinic.patient("Early", f"Number {n}")
            return person, await clinic.waiting(person, staff[n % CLINICIANS])

    async def comes(n: int, person: Person) -> Visit:
        async with turn:
            return person, await clinic.book(person, staff[n % CLINICIANS])

    often = [await clinic.patient("Often", f"Number {n}") for n in range(30)]
    for person in often:
        await person.consents()
    waiting = await asyncio.gather(*(waits(n) for n in range(WAITING)))
    many = itertools.islice(enumerate(itertools.cycle(often)), A_SECOND * SECONDS)
    return staff, waiting, await asyncio.gather(*(comes(n, person) for n, person in many))


async def _minute(pid: int, port: int, coming: list[Visit], tally: Tally) -> tuple[float, list[float]]:
    """CPU seconds of a minute in which nobody comes, and of the thirds of one in which many do."""
    await asyncio.sleep(3)
    began = cpu(pid)
    await asyncio.sleep(SECONDS / 4)
    quiet = (cpu(pid) - began) * 4
    tally.heard = tally.looked = 0
    marks = [cpu(pid)]

    async def watch() -> None:
        for _ in range(PARTS - 1):
            await asyncio.sleep(SECONDS / PARTS)
            marks.append(cpu(pid))

    await asyncio.gather(watch(), _arrivals(port, coming, tally))
    marks.append(cpu(pid))
    return quiet, [after - before for before, after in itertools.pairwise(marks)]


async def _arrivals(port: int, coming: list[Visit], tally: Tally) -> None:
    """Ten a second, each on time whatever the others do."""
    began = time.monotonic()
    hands = [Line(port) for _ in range(20)]
    under_way: list[asyncio.Task[None]] = []
    for n, (person, visit) in enumerate(coming):
        await asyncio.sleep(max(0.0, began + n / A_SECOND - time.monotonic()))
        under_way.append(asyncio.create_task(_arrives(hands[n % len(hands)], person, visit, tally)))
    await asyncio.sleep(max(0.0, began + SECONDS - time.monotonic()))
    await asyncio.gather(*under_way)


async def _arrives(hand: Line, person: Person, visit: UUID, tally: Tally) -> None:
    for verb, body in (("check-in", WHERE), ("device-check", DEVICE)):
        tally.answers[await hand.ask("POST", f"/api/v1/consultations/{visit}/{verb}", person.token, body)] += 1
    tally.arrived += 1


async def _page(port: int, person: Person, visit: UUID, department: UUID, tally: Tally) -> Ear:
    """A patient's page: its socket, and a look at the own place when the line has moved."""
    line = Line(port)
    planned: list[asyncio.Task[None]] = []

    async def look(within: float) -> None:
        await asyncio.sleep(random.random() * within)
        began = time.monotonic()
        tally.answers[await line.ask("GET", f"/visit/{visit}/line", person.token)] += 1
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        tally.looked += 1

    def heard(said: bytes, _: float) -> None:
        if b'"LINE_MOVED"' in said:
            tally.heard += 1
            if not planned or planned[-1].done():
                planned[:] = [asyncio.create_task(look(json.loads(said)["within"] / 1000))]

    return await hear_clinic(port, person.token, [f"consultation.{visit}", f"line.{department}"], heard)


async def _beats(pages: list[Ear], tally: Tally) -> None:
    """Every page says every 25 seconds that it is there, each in its own moment."""
    for page in itertools.cycle(pages):
        await asyncio.sleep(25 / len(pages))
        if page.ended.is_set():
            tally.sockets_lost += 1
        else:
            page.say(b'{"t":"beat"}')


if __name__ == "__main__":
    uvloop.run(main())
