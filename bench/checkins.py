"""How many check-ins a second, at 1, 8 and 64 callers: over HTTP, each waited for until it is on the disk.

`python bench/checkins.py` runs `bedside serve` in a process of its own on its own PostgreSQL (durability on), books
visits beforehand, and lets so many callers check patients in, one request after another. The baseline, in the same run
and on the same PostgreSQL: so many bare connections, each committing one insert after another.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import asyncpg

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import record  # noqa: E402 - beside this file

from clinic import WHERE, Person  # noqa: E402 - the tests' own hands
from trials.fire import inside  # noqa: E402
from trials.machine import Machine  # noqa: E402

CALLERS, RUNS, MOST = (1, 8, 64), 3, 24
EACH = {1: 20, 8: 5, 64: 1}
"""How many check-ins each caller makes in a run."""


async def main() -> None:
    """Measure, interleaved, and keep the rows."""
    data = Path(tempfile.mkdtemp(prefix="bedside-bench-"))
    machine = Machine(data / "clinic")
    try:
        machine.start()
        await machine.ready()
        for callers in CALLERS:
            ours = [await _check_ins(machine, callers) for _ in range(RUNS)]
            bare = [await _inserts(machine.dsn, callers) for _ in range(RUNS)]
            row = _row(callers, ours, bare)
            record.keep(row)
            print(row["name"], row["value"], row["unit"], "beside", row["baseline_value"])  # noqa: T201
    finally:
        machine.discard()


async def _check_ins(machine: Machine, callers: int) -> float:
    async with inside(machine) as clinic:
        osei = await clinic.provider()
        people = [await clinic.patient(f"P{at}", "Caller") for at in range(callers)]
        for person in people:
            await person.consents()
        visits = [[await clinic.book(person, osei) for _ in range(EACH[callers])] for person in people]

        async def call(person: Person, mine: list[Any]) -> None:
            for visit in mine:
                await person.do(visit, "check-in", WHERE)

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


def _row(callers: int, ours: list[float], bare: list[float]) -> dict[str, Any]:
    value, limit = statistics.median(ours), statistics.median(bare)
    return {
        "name": f"check-ins per second, {callers} caller{'s' if callers > 1 else ''}",
        "value": round(value, 1),
        "unit": "1/s",
        "baseline": "bare PostgreSQL: as many connections (24 at most), one durable insert after another",
        "baseline_value": round(limit, 1),
        "ratio": round(value / limit, 3),
        "goal": None,
        "met": None,
        "runs": RUNS,
        "spread": round((max(ours) - min(ours)) / value, 2),
    }


if __name__ == "__main__":
    asyncio.run(main())
