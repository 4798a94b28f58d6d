"""Two servers, one database, one data folder: what is done at one is heard at the other, and either may die."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from bedside.store.embedded import EmbeddedPostgres, lodging
from bedside_client import Bedside
from bedside_client.feed import Closed, Feed
from clinic import Person
from journeys.house import OpenClinic
from trials.fire import inside
from trials.machine import Machine

pytestmark = pytest.mark.slow


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Machine, Machine]]:
    """Two processes of `bedside serve` that share everything but the port."""
    postgres = EmbeddedPostgres(tmp_path / "cluster")
    dsn = await postgres.start()
    machines = Machine(tmp_path / "data", database_url=dsn), Machine(tmp_path / "data", database_url=dsn)
    try:
        for machine in machines:
            machine.start()
        for machine in machines:
            await machine.ready()
        yield machines
    finally:
        for machine in machines:
            machine.discard()
        await postgres.stop()
        lodging.discard(tmp_path / "cluster")


def listens(clinic: OpenClinic, person: Person, at: Machine, topic: str) -> Feed:
    hands = Bedside(at.url, person.token, account=str(person.account), org=str(clinic.org), chance=lambda: 0.1)
    return hands.live([topic])


async def talking(clinic: OpenClinic) -> tuple[Person, Person, UUID, str]:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    for person in (amara, osei):
        await person.do(visit, "grant")
    return amara, osei, visit, f"consultation.{visit}"


async def heard(feed: Feed, word: str, within: float) -> float:
    """Seconds until the feed says this word."""
    began = time.monotonic()
    await asyncio.wait_for(feed.next("m", content=word), within)
    return time.monotonic() - began


async def deafen(owner: asyncpg.Connection) -> int:
    """End every connection that listens; how many there were."""
    return await owner.fetchval(  # pyright: ignore[reportReturnType]
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where query ilike 'listen%' and pid <> $1",
        owner.get_server_pid(),
    )


async def test_two_servers_behind_one_database(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    async with inside(first) as clinic:
        amara, osei, visit, topic = await talking(clinic)
        async with listens(clinic, osei, second, topic) as his, listens(clinic, amara, first, topic) as hers:
            await asyncio.gather(his.welcomed(), hers.welcomed())
            await done_there_heard_here(clinic, amara, visit, his)
            await heard_without_a_wake_up(clinic, amara, visit, his)
            await one_dies(pair, hers, his, visit)
        await a_right_ends_everywhere(clinic, amara, osei, second, topic)


async def done_there_heard_here(clinic: OpenClinic, amara: Person, visit: UUID, his: Feed) -> None:
    took: list[float] = []
    for at in range(20):
        await amara.do(visit, "messages", {"content": f"word {at}"})
        took.append(await heard(his, f"word {at}", 2))
    print(f"\nsaid at one server, heard at the other: median {sorted(took)[10] * 1000:.0f} ms after the answer")


async def heard_without_a_wake_up(clinic: OpenClinic, amara: Person, visit: UUID, his: Feed) -> None:
    """Nobody listens to PostgreSQL while it is said; the other server looks by itself."""
    slowest, deafened = 0.0, 0
    for at in range(6):
        deafened += await deafen(clinic.owner)
        await amara.do(visit, "messages", {"content": f"unannounced {at}"})
        slowest = max(slowest, await heard(his, f"unannounced {at}", 2))
        await until_they_listen(clinic)
    print(f"{deafened} listening connections ended: heard within {slowest * 1000:.0f} ms all the same")
    assert deafened >= 12


async def until_they_listen(clinic: OpenClinic) -> None:
    count = "select count(*) from pg_stat_activity where query ilike 'listen%' and pid <> pg_backend_pid()"
    async with asyncio.timeout(10):
        while (await clinic.owner.fetchval(count) or 0) < 2:
            await asyncio.sleep(0.05)


async def one_dies(pair: tuple[Machine, Machine], hers: Feed, his: Feed, visit: UUID) -> None:
    """He talks on at the second; she was at the first, and comes to the second with what she knows."""
    first, second = pair
    await his.send(str(visit), "before")
    await heard(hers, "before", 2)
    first.kill()
    said = [f"meanwhile {at}" for at in range(10)]
    for word in said:
        await his.send(str(visit), word)
    hers._url = "ws" + second.url.removeprefix("http") + "/live"
    frames: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        async for event in hers:
            frames.append(event.frame)
            if event.frame.get("content") == said[-1]:
                break
    assert [frame["content"] for frame in frames if frame["t"] == "m"] == said
    assert [frame["resumed"] for frame in frames if frame["t"] == "welcome"] == [True]
    assert "entry" in await hers.send(str(visit), "I am back", id=str(uuid4()))
    first.start()
    await first.ready()


async def a_right_ends_everywhere(clinic: OpenClinic, amara: Person, osei: Person, second: Machine, topic: str) -> None:
    """She signs out at the first server; her socket at the second ends within a second, and hears nothing after."""
    visit = UUID(topic.removeprefix("consultation."))
    async with listens(clinic, amara, second, topic) as hers:
        await hers.welcomed()
        await amara.post("/sessions/end")
        began = time.monotonic()
        talk = asyncio.create_task(_talks_on(osei, visit))
        with pytest.raises(Closed) as closed:
            async with asyncio.timeout(3):
                await hers.next("never")
        took = time.monotonic() - began
        await talk
        assert hers._events.empty()
    print(f"signed out at one server: the socket at the other ended after {took * 1000:.0f} ms")
    assert closed.value.code == 4100
    assert took <= 1.0


async def _talks_on(osei: Person, visit: UUID) -> None:
    for at in range(10):
        await osei.do(visit, "messages", {"content": f"not for her {at}"})
