"""How soon the clinician's screen knows: from a patient's check-in request to the notice on the provider's feed.

`python bench/latency.py` opens a whole clinic on loopback (own PostgreSQL, disk waited for), measures three times 120
check-ins and writes its line into bench/results.json. The baseline is the least this machine can do: one durable insert
and a NOTIFY from one bare connection to another. `value` is the median over the runs; `spread` their range as
a share of it.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import record  # noqa: E402 - beside this file

from bedside import app  # noqa: E402
from bedside.config import Settings  # noqa: E402
from bedside.store.embedded import EmbeddedPostgres, lodging  # noqa: E402
from journeys.house import OpenClinic, WallClock, doors, settled  # noqa: E402 - the tests' own hands
from journeys.pace import describe, measure, quantile  # noqa: E402

RUNS, EVENTS, GOAL_MS = 3, 120, 300.0


async def main() -> None:
    """Measure, interleaved, and keep the result."""
    data = Path(tempfile.mkdtemp(prefix="bedside-bench-"))
    ours: list[list[float]] = []
    bare: list[list[float]] = []
    try:
        async with EmbeddedPostgres(data) as dsn:
            settings = Settings(data=data, database_url=dsn)
            async with app.running(settings, clock=WallClock()) as clinic, doors(clinic.asgi) as url:
                for _ in range(RUNS):
                    async with settled(clinic, dsn, url) as opened:
                        ours.append(await _run(opened))
                    bare.append(await _bare(dsn))
    finally:
        lodging.discard(data)
    rows = [_row(share, ours, bare) for share in (50, 95, 99)]
    record.keep(*rows)
    print(json.dumps(rows, indent=2))  # noqa: T201


async def _run(clinic: OpenClinic) -> list[float]:
    took = await measure(clinic, events=EVENTS)
    print(describe(took))  # noqa: T201
    return took


async def _bare(dsn: str) -> list[float]:
    """A durable insert with its NOTIFY, heard on another connection."""
    writer, listener = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    heard: asyncio.Queue[float] = asyncio.Queue()
    took: list[float] = []
    try:
        await writer.execute("create table if not exists bench_told (what text)")
        await listener.add_listener("bench_told", lambda *_: heard.put_nowait(time.perf_counter()))
        for _ in range(EVENTS):
            began = time.perf_counter()
            async with writer.transaction():
                await writer.execute("insert into bench_told values ('somebody came')")
                await writer.execute("select pg_notify('bench_told', '')")
            took.append(await heard.get() - began)
        await writer.execute("drop table bench_told")
    finally:
        await writer.close()
        await listener.close()
    return took


def _row(share: int, ours: list[list[float]], bare: list[list[float]]) -> dict[str, Any]:
    each = [quantile(took, share / 100) * 1000 for took in ours]
    value, floor = statistics.median(each), statistics.median(quantile(took, share / 100) * 1000 for took in bare)
    return {
        "name": f"check-in to notice, p{share}",
        "value": round(value, 1),
        "unit": "ms",
        "baseline": "one durable insert with NOTIFY between two bare PostgreSQL connections, same share",
        "baseline_value": round(floor, 1),
        "ratio": round(value / floor, 1),
        "goal": f"<= {GOAL_MS:.0f} ms" if share == 95 else None,
        "met": value <= GOAL_MS if share == 95 else None,
        "runs": len(ours),
        "spread": round((max(each) - min(each)) / value, 2),
    }


if __name__ == "__main__":
    asyncio.run(main())
