"""The database stops. Nobody is told that nobody waits: what cannot be read says so, and it comes back by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from bedside import app
from bedside.config import Settings
from bedside.store.embedded import EmbeddedPostgres, lodging
from bedside.store.embedded.server import _end
from bedside_client import Bedside
from clinic import Person
from conftest import PASSWORDS
from journeys.house import OpenClinic, WallClock, doors, open_house, settled, until
from journeys.network import Network

WITHIN = 10.0


class Stoppable(EmbeddedPostgres):
    """A PostgreSQL that is stopped and started on the same port, as an operator would."""

    async def halt(self) -> None:
        """Stop, and stay stopped."""
        assert self._watcher and self._child
        self._watcher.cancel()
        await asyncio.gather(self._watcher, return_exceptions=True)
        await _end(self._child)

    async def resume(self) -> None:
        """Start again."""
        await self._launch(moving=False)
        self._watcher = asyncio.create_task(self._watch())


@dataclass(slots=True)
class Day:
    """A visit that waits, and everybody who looks at it."""

    clinic: OpenClinic
    postgres: Stoppable
    amara: Person
    osei: Person
    desk: Person
    visit: UUID


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    data = tmp_path / "data"
    postgres = Stoppable(tmp_path / "cluster")
    settings = Settings(data=data, database_url=await postgres.start())
    try:
        async with running(settings) as clinic:
            amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
            visit = await clinic.waiting(amara, osei)
            await amara.do(visit, "grant")
            await osei.do(visit, "call-in", {"identityConfirmed": True})
            await osei.do(visit, "grant")
            yield Day(clinic, postgres, amara, osei, desk, visit)
    finally:
        await postgres.stop()
        lodging.discard(tmp_path / "cluster")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[OpenClinic]:
    """The whole clinic, opened by its own root."""
    assert settings.database_url
    async with (
        app.running(settings, clock=WallClock()) as clinic,
        doors(clinic.asgi) as url,
        settled(clinic, settings.database_url, url) as opened,
    ):
        yield opened


async def page(clinic: OpenClinic, person: Person, path: str) -> httpx.Response:
    """As a browser asks."""
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    return await clinic.http.get(path, headers=headers)


async def readings(day: Day) -> dict[str, httpx.Response]:
    """Everything on which one sees who waits."""
    queue = f"/departments/{day.clinic.department}/queue"
    return {
        "waiting room": await day.osei.raw("GET", "/waiting-room"),
        "queue": await day.desk.raw("GET", queue),
        "visit": await day.amara.raw("GET", f"/consultations/{day.visit}"),
        "free": await day.osei.raw("GET", f"/departments/{day.clinic.department}/providers/available"),
        "waiting room's page": await page(day.clinic, day.osei, "/waiting-room"),
        "desk's page": await page(day.clinic, day.desk, "/desk"),
        "visit's page": await page(day.clinic, day.amara, f"/visit/{day.visit}"),
    }


async def well(day: Day) -> bool:
    return (await day.clinic.http.get("/healthz")).status_code == 200


@pytest.mark.spec("S35", "S92", "G31")
async def test_a_queue_that_cannot_be_read_is_an_error(day: Day) -> None:
    """503 from the API, the unreadable page for people, no row and no empty list; afterwards all of it again."""
    before = await readings(day)
    assert {name: answer.status_code for name, answer in before.items()} == dict.fromkeys(before, 200)
    await day.postgres.halt()
    for name, answer in (await readings(day)).items():
        assert answer.status_code == 503, name
        if name.endswith("page"):
            assert answer.headers["content-type"].startswith("text/html")
            assert ("We cannot read the queue" in answer.text) is ("visit" not in name)
            assert "Okafor" not in answer.text
        else:
            assert answer.headers["content-type"] == "application/problem+json"
            problem = answer.json()
            assert (problem["type"], problem["status"]) == ("unavailable", 503)
            assert problem["title"]
            assert answer.headers["retry-after"]
    sick = await day.clinic.http.get("/healthz")
    assert (sick.status_code, bool(sick.json()["reason"])) == (503, True)
    await day.postgres.resume()
    began = time.monotonic()
    await until(lambda: well(day), within=WITHIN)
    after = await readings(day)
    print(f"\nwell {time.monotonic() - began:.1f} s after the database was")
    assert {name: answer.status_code for name, answer in after.items()} == dict.fromkeys(after, 200)
    assert after["queue"].json()["rows"][0]["consultation"] == str(day.visit)


@pytest.mark.slow
async def test_what_is_said_meanwhile_arrives_once(day: Day) -> None:
    """Seven seconds without a database: sockets come back by themselves, and what was sent is heard once."""
    topic, visit = f"consultation.{day.visit}", str(day.visit)
    patient, doctor = day.clinic.hands(day.amara), day.clinic.hands(day.osei)
    async with doctor.live([topic]) as his, patient.live([topic]) as hers:
        await asyncio.gather(his.welcomed(), hers.welcomed())
        await day.postgres.halt()
        spoken = asyncio.create_task(hers.send(visit, "over the socket"))
        asked = asyncio.create_task(persistently(patient, visit, "over HTTP"))
        await asyncio.sleep(7)
        assert not spoken.done()
        assert not asked.done()
        await day.postgres.resume()
        back = time.monotonic()
        async with asyncio.timeout(30):
            await asyncio.gather(spoken, asked)
            heard = [(await his.next("m")).frame["content"] for _ in range(2)]
            print(f"\nboth heard {time.monotonic() - back:.1f} s after the database was back")
            await day.amara.do(day.visit, "messages", {"content": "that was all"})
            last = await his.next("m")
        assert sorted(heard) == ["over HTTP", "over the socket"]
        assert last.frame["content"] == "that was all"
        said = [message["body"] for message in await day.osei.get(f"/consultations/{visit}/messages")]
        assert sorted(said) == ["over HTTP", "over the socket", "that was all"]


async def persistently(me: Bedside, visit: str, words: str) -> Any:
    """Under one key, until there is an answer."""
    from bedside_client import Problem

    while True:
        try:
            return await me.consultation(visit).send(content=words, key="said-once-only")
        except Problem as no:
            if no.status != 503:
                raise


@pytest.mark.slow
async def test_a_database_that_does_not_answer(database: str, tmp_path: Path) -> None:
    """The network to it swallows everything: still an error, in bounded time, and well again when it answers."""
    async with (
        Network(database) as network,
        open_house(database, tmp_path / "data", PASSWORDS, by=network.url) as clinic,
    ):
        osei = await clinic.provider()
        assert (await osei.raw("GET", "/waiting-room")).status_code == 200
        network.stall()
        async with httpx.AsyncClient(base_url=clinic.url, timeout=40, trust_env=False) as http:

            async def seconds_to_503(path: str) -> float:
                began = time.monotonic()
                answer = await http.get(path, headers={"authorization": f"Bearer {osei.token}"})
                assert answer.status_code == 503
                return time.monotonic() - began

            paths = ("/api/v1/waiting-room", "/healthz")
            room, health = await asyncio.gather(*(seconds_to_503(path) for path in paths))
        print(f"\n503 after {room:.1f} s, health after {health:.1f} s")
        assert max(room, health) < 8
        await network.cut()
        network.mend()

        async def readable() -> bool:
            return (await osei.raw("GET", "/waiting-room")).status_code == 200

        await until(readable, within=20)


@pytest.mark.slow
async def test_a_journal_that_stands_still_is_ill(day: Day) -> None:
    """Entries are no longer numbered: care goes on, screens go quiet, and whoever watches over the house is told."""
    amara, owner = await day.clinic.patient("Mei", "Chow"), day.clinic.owner
    await owner.execute("revoke delete on journal_pending from bedside_sequencer")
    await amara.consents()
    assert await owner.fetchval("select exists (select from journal_pending)")

    async def ill() -> bool:
        return not await well(day)

    await until(ill, within=25)


@pytest.mark.slow
async def test_who_cannot_ask_tells_nobody_anything(database: str, tmp_path: Path) -> None:
    """The database no longer answers who may listen: after five seconds every socket is closed."""
    data = tmp_path / "data"
    async with Network(database) as network, open_house(database, data, PASSWORDS, by=network.url) as clinic:
        osei = await clinic.provider()
        async with clinic.hands(osei).live([f"waiting-room.{osei.account}"]) as feed:
            await feed.welcomed()
            network.stall()
            began = time.monotonic()

            async def cut() -> bool:
                return not feed._welcomed.is_set()

            await until(cut, within=30)
            took = time.monotonic() - began
            await network.cut()
            network.mend()
        print(f"\nclosed after {took:.1f} s")
        assert took < 10
