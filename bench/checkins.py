"""How many check-ins a second, at 1, 8 and 64 callers: over HTTP, each waited for until it is on the disk.

`python bench/checkins.py` runs `bedside serve` in a process of its own on its own PostgreSQL (durability on), books
visits beforehand, and lets so many callers check patients in, one request after another, each over its own connection.
The baseline, in the same run and on the same PostgreSQL: so many bare connections, each committing one insert after
another.
"""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import asyncpg
import uvloop

import record  # beside this file
from hands import Line
from house import WHERE, Machine, Person, inside, served

CALLERS, RUNS, MOST = (1, 8, 64), 3, 24
EACH = {1: 40, 8: 12, 64: 3}
"""How many check-ins each caller makes in a run."""


async def main() -> None:
    """Measure, interleaved, and keep the rows."""
    async with served() as machine:
        await _check_ins(machine, 8)  # the first ones prepare statements and open connections
        for callers in CALLERS:
            ours, bare = list[float](), list[float]()
            for _ in range(RUNS):
                ours.append(await _check_ins(machine, callers))
                bare.append(await _inserts(machine.dsn, callers))
            name = f"check-ins per second, {callers} caller{'s' if callers > 1 else ''}"
            beside = f"bare PostgreSQL: as many connections ({MOST} at most), one durable insert after another"
            record.keep(record.figure(name, "1/s", ours, baseline=beside, beside=bare))


async def _check_ins(machine: Machine, callers: int) -> float:
    async with inside(machine) as clinic:
        osei = await clinic.provider()
        people = [await clinic.patient(f"P{at}", "Caller") for at in range(callers)]
        for person in people:
            await person.consents()
        visits = [[await clinic.book(person, osei) for _ in range(EACH[callers])] for person in people]

        async def call(person: Person, mine: list[Any]) -> None:
            line = Line(machine.port)
            for visit in mine:
                assert await line.ask("POST", f"/api/v1/consultations/{visit}/check-in", person.token, WHERE) == 201
            line.close()

        calls = [call(person, mine) for person, mine in zip(people, visits, strict=True)]
        return await _rate(calls, callers * EACH[callers])


async def _inserts(dsn: str, callers: int) -> float:
    lines = [await asyncpg.connect(dsn) for _ in range(min(callers, MOST))]
    await lines[0].execute("create table if not exists bench_insert (what text)")

    async def write(line: asyncpg.Connection) -> None:
        for _ in range(20):
            await line.execute("insert into bench_insert values ('somebody came')")

    try:
        return await _rate([write(line) for line in lines], len(lines) * 20)
    finally:
        await lines[0].execute("drop table bench_insert")
        for line in lines:
            await line.close()


async def _rate(work: list[Awaitable[None]], many: int) -> float:
    began = time.perf_counter()
    await asyncio.gather(*work)
    return many / (time.perf_counter() - began)


if __name__ == "__main__":
    uvloop.run(main())
