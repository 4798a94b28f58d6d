"""What a line that moves costs: 300 people wait with their page open, 10 more arrive every second, for a minute.

`python bench/line.py` fills a clinic, starts `bedside serve` as a process of its own beside PostgreSQL, opens a socket
for each who waits, and lets people check in and pass the device check. Whoever hears LINE_MOVED looks at their own
place within the time it names, as the page does: GET /visit/{id}/line, over a connection kept open. `value` is the CPU
time (user and system) that the server process took for that minute; PostgreSQL and the patients' devices are not
counted. The baseline is the same process, the same sockets, as long, and nobody arriving.
"""

import asyncio
import json
import os
import random
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import record  # noqa: E402 - beside this file
from websockets.asyncio.client import connect  # noqa: E402
from websockets.typing import Subprotocol  # noqa: E402

from bedside import app  # noqa: E402
from bedside.config import Settings  # noqa: E402
from bedside.store.embedded import EmbeddedPostgres, lodging  # noqa: E402
from clinic import DEVICE, WHERE, Person  # noqa: E402 - the tests' own hands
from journeys.house import OpenClinic, WallClock, doors, settled  # noqa: E402

WAITING = int(os.environ.get("WAITING", "300"))
SECONDS = int(os.environ.get("SECONDS", "60"))
A_SECOND = 10
CLINICIANS = 12
GOAL = 60.0
DEPARTMENT: list[str] = []
"""The one in which everybody waits, once it is there."""


@dataclass
class Tally:
    """What happened in the minute."""

    heard: int = 0
    looked: int = 0
    arrived: int = 0
    wrong: int = 0
    slowest: float = 0.0


async def main() -> None:
    """Fill, open, measure quiet and busy, keep the row."""
    data = Path(tempfile.mkdtemp(prefix="bedside-bench-"))
    try:
        async with EmbeddedPostgres(data) as dsn:
            waiting, coming, staff = await _filled(data, dsn)
            _say(f"{len(waiting)} wait, {len(coming)} are to come")
            port = _free_port()
            serve = ["-m", "bedside.cli", "serve", "--port", str(port), "--data", str(data), "--database-url", dsn]
            server = await asyncio.create_subprocess_exec(sys.executable, *serve, stdout=asyncio.subprocess.DEVNULL)
            try:
                quiet, busy, tally = await _minute(server.pid, port, waiting, coming, staff)
            finally:
                server.terminate()
                await server.wait()
    finally:
        lodging.discard(data)
    assert not tally.wrong, tally
    assert tally.arrived >= A_SECOND * SECONDS * 0.95, tally
    assert tally.heard >= WAITING * SECONDS * 0.7, tally
    row = {
        "name": f"line of {WAITING} that moves, {A_SECOND} check-ins a second for {SECONDS} s: CPU of the server",
        "value": round(busy, 1),
        "unit": "CPU s",
        "baseline": "the same sockets for as long, nobody arriving",
        "baseline_value": round(quiet, 1),
        "ratio": round(busy / quiet, 1),
        "goal": f"< {GOAL:.0f} CPU s",
        "met": busy < GOAL,
        "runs": 1,
        "spread": None,
    }
    _say(json.dumps(row, indent=2))
    if (WAITING, SECONDS) == (300, 60):
        record.keep(row)


async def _filled(data: Path, dsn: str) -> tuple[list[tuple[Person, UUID]], list[tuple[Person, UUID]], list[Person]]:
    """A clinic in which so many wait, and as many more as will come have a booking and have agreed."""
    settings = Settings(data=data, database_url=dsn)
    async with (
        app.running(settings, clock=WallClock()) as running,
        doors(running.asgi) as url,
        settled(running, dsn, url) as clinic,
    ):
        staff = [await clinic.provider(f"Dr. Number {n}") for n in range(CLINICIANS)]
        waiting = [await _waits(clinic, n, staff[n % CLINICIANS]) for n in range(WAITING)]
        often = [await clinic.patient("Often", f"Number {n}") for n in range(30)]
        for person in often:
            await person.consents()
        coming = [
            (person, await clinic.book(person, staff[n % CLINICIANS]))
            for n, person in enumerate(often * (A_SECOND * SECONDS // len(often)))
        ]
        DEPARTMENT.append(str(clinic.department))
        return waiting, coming, staff


async def _waits(clinic: OpenClinic, n: int, provider: Person) -> tuple[Person, UUID]:
    person = await clinic.patient("Early", f"Number {n}")
    return person, await clinic.waiting(person, provider)


async def _minute(
    pid: int, port: int, waiting: list[tuple[Person, UUID]], coming: list[tuple[Person, UUID]], staff: list[Person]
) -> tuple[float, float, Tally]:
    """CPU seconds of a minute in which nobody comes, and of one in which many do."""
    await _open(port)
    tally = Tally()
    pages = [asyncio.create_task(_page(port, person, visit, tally)) for person, visit in waiting]
    pages += [asyncio.create_task(_socket(port, person, [], tally, None)) for person in staff]
    try:
        await asyncio.sleep(8)
        began = _cpu(pid)
        await asyncio.sleep(SECONDS)
        quiet = _cpu(pid) - began
        tally.heard = tally.looked = 0
        began = _cpu(pid)
        await _arrivals(port, coming, tally)
        busy = _cpu(pid) - began
    finally:
        for page in pages:
            page.cancel()
        await asyncio.gather(*pages, return_exceptions=True)
    _say(f"{tally}; quiet {quiet:.1f} s, busy {busy:.1f} s")
    return quiet, busy, tally


async def _arrivals(port: int, coming: list[tuple[Person, UUID]], tally: Tally) -> None:
    """Ten a second, each on time whatever the others do."""
    began = time.monotonic()
    hands = [_Line(port) for _ in range(20)]
    under_way: list[asyncio.Task[None]] = []
    for n, (person, visit) in enumerate(coming):
        await asyncio.sleep(max(0.0, began + n / A_SECOND - time.monotonic()))
        under_way.append(asyncio.create_task(_arrives(hands[n % len(hands)], person, visit, tally)))
    await asyncio.sleep(max(0.0, began + SECONDS - time.monotonic()))
    await asyncio.gather(*under_way)


async def _arrives(hand: "_Line", person: Person, visit: UUID, tally: Tally) -> None:
    for verb, body in (("check-in", WHERE), ("device-check", DEVICE)):
        status = await hand.ask("POST", f"/api/v1/consultations/{visit}/{verb}", person.token, body)
        tally.wrong += status not in (200, 201)
    tally.arrived += 1


async def _page(port: int, person: Person, visit: UUID, tally: Tally) -> None:
    """A patient's page: its socket, and a look at the own place when the line has moved."""
    topics = [f"consultation.{visit}", f"line.{DEPARTMENT[0]}"]
    line = _Line(port)
    planned: list[asyncio.Task[None]] = []

    async def look(within: float) -> None:
        await asyncio.sleep(random.random() * within)  # noqa: S311 - spreads a load
        began = time.monotonic()
        status = await line.ask("GET", f"/visit/{visit}/line", person.token)
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        tally.wrong += status != 200
        tally.looked += 1

    def moved(within: float) -> None:
        if not planned or planned[-1].done():
            planned[:] = [asyncio.create_task(look(within))]

    await _socket(port, person, topics, tally, moved)


async def _socket(port: int, person: Person, topics: list[str], tally: Tally, moved: Any) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    where = f"ws://127.0.0.1:{port}/live"
    async with connect(where, subprotocols=[Subprotocol("bedside.v1")], additional_headers=headers,
                       compression=None, ping_interval=None) as live:  # fmt: skip
        await live.send(json.dumps({"t": "hello", "device": "bench", "since": None, "topics": topics}))
        beats = asyncio.create_task(_beat(live))
        try:
            async for text in live:
                if moved and '"LINE_MOVED"' in str(text):
                    tally.heard += 1
                    moved(json.loads(text)["within"] / 1000)
        finally:
            beats.cancel()


async def _beat(live: Any) -> None:
    await asyncio.sleep(random.random() * 25)  # noqa: S311 - spreads a load
    while True:
        await live.send('{"t":"beat"}')
        await asyncio.sleep(25)


class _Line:
    """One connection, kept open, one request at a time: as little of a client as will do."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, method: str, path: str, token: str, body: Any = None) -> int:
        """The answer's status; its body is read and dropped."""
        async with self._turn:
            if self._streams is None or self._streams[1].is_closing():
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            said = json.dumps(body).encode() if body else b""
            key = f"Idempotency-Key: {os.urandom(8).hex()}\r\nContent-Type: application/json\r\n" if body else ""
            writer.write(
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {token}\r\n"
                f"Accept: text/html, application/json\r\n{key}Content-Length: {len(said)}\r\n\r\n".encode()
                + said
            )
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
            await reader.readexactly(length)
            return int(head.split(" ", 2)[1])


def _cpu(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _open(port: int) -> None:
    until = time.monotonic() + 60
    line = _Line(port)
    while time.monotonic() < until:
        try:
            if await line.ask("GET", "/healthz", "") == 200:
                return
        except (OSError, asyncio.IncompleteReadError):
            pass
        await asyncio.sleep(0.2)
    raise TimeoutError("the server did not open")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
