"""How soon the clinician's screen knows: from a patient's check-in request to the notice on the provider's socket.

`python bench/latency.py` runs `bedside serve` on its own PostgreSQL (disk waited for) and lets 120 patients check in,
one after another, three times: POST …/check-in over HTTP, and the moment at which the provider's WebSocket has the
notice, by one clock. The baseline is the least this machine can do: one durable insert and a NOTIFY from one bare
connection to another.
"""

import asyncio
import json
import time
from uuid import UUID

import asyncpg

import record  # beside this file
from hands import Line, hear_clinic
from house import WHERE, OpenClinic, inside, served
from journeys.pace import describe, quantile

RUNS, EVENTS, GOAL_MS = 3, 120, 300.0
BARE = "one durable insert with NOTIFY between two bare PostgreSQL connections, same share"


async def main() -> None:
    """Measure, interleaved, and keep the result."""
    ours: list[list[float]] = []
    bare: list[list[float]] = []
    async with served() as machine:
        for _ in range(RUNS):
            async with inside(machine) as clinic:
                ours.append(await _run(clinic, machine.port))
            print(describe(ours[-1]))
            bare.append(await _bare(machine.dsn))
    for share, at_most in ((50, None), (95, GOAL_MS), (99, None)):
        each, floor = ([quantile(took, share / 100) * 1000 for took in runs] for runs in (ours, bare))
        name = f"check-in to notice, p{share}"
        record.keep(record.figure(name, "ms", each, baseline=BARE, beside=floor, at_most=at_most))


async def _run(clinic: OpenClinic, port: int) -> list[float]:
    amara, osei = await clinic.patient(), await clinic.provider()
    await amara.consents()
    visits = [await clinic.book(amara, osei) for _ in range(EVENTS)]
    told: asyncio.Queue[tuple[str, float]] = asyncio.Queue()

    def heard(said: bytes, at: float) -> None:
        notice = json.loads(said)
        if notice.get("kind") == "PATIENT_CHECKED_IN":
            told.put_nowait((notice["consultation"], at))

    ear, line = await hear_clinic(port, osei.token, [f"waiting-room.{osei.account}"], heard), Line(port)
    try:
        return [await _one(line, amara.token, visit, told) for visit in visits]
    finally:
        ear.close()
        line.close()


async def _one(line: Line, token: str, visit: UUID, told: asyncio.Queue[tuple[str, float]]) -> float:
    began = time.perf_counter()
    status, (which, at) = await asyncio.gather(
        line.ask("POST", f"/api/v1/consultations/{visit}/check-in", token, WHERE), asyncio.wait_for(told.get(), 10)
    )
    assert (status, which) == (201, str(visit))
    return at - began


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


if __name__ == "__main__":
    asyncio.run(main())
