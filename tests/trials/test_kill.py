"""kill -9 at random moments, of the server, of PostgreSQL, of one backend, of all: what was answered is there, once.

And the control: the same harness on a database that may forget must see that it does.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from bedside.store.embedded import EmbeddedPostgres, lodging
from trials.fire import Crowd, Findings, Told, audit, inside
from trials.machine import Machine

pytestmark = pytest.mark.slow
TRIALS = 20


@dataclass(slots=True)
class Outcome:
    """How the twenty kills went."""

    told: Told
    found: Findings
    recoveries: list[float]
    progressed: int
    heard: list[UUID]
    resyncs: int


async def under_fire(machine: Machine) -> Outcome:
    """People check in and talk all the while; the database, one of its processes, the server or all are killed."""
    chance, recoveries, progressed = Random(11), list[float](), 0
    machine.start()
    await machine.ready()
    async with inside(machine) as clinic:
        crowd = await Crowd.gather(clinic, speakers=4, arrivals=200)
    await crowd.start()
    for trial in range(TRIALS):
        before = len(crowd.told)
        await asyncio.sleep(chance.uniform(0.3, 0.9))
        progressed += len(crowd.told) > before
        match trial % 4:
            case 0:
                machine.kill_database()
            case 1:
                machine.kill()
                machine.start()
            case 2:
                machine.kill_backend(chance)
            case _:
                machine.kill_database()
                machine.kill()
                machine.start()
        recoveries.append(await machine.ready())
    await asyncio.sleep(1)
    await crowd.stop()
    return Outcome(crowd.told, await audit(machine.dsn, crowd), recoveries, progressed, crowd.heard, crowd.resyncs)


@pytest.fixture(scope="module")
def fire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    machine = Machine(tmp_path_factory.mktemp("fire") / "data")
    try:
        yield asyncio.run(under_fire(machine))
    finally:
        machine.discard()


@pytest.mark.spec("G16")
def test_what_was_answered_is_there_once(fire: Outcome) -> None:
    """Nothing lost, nothing doubled, no number missing, every leaf right, no act without its entry."""
    told, back = fire.told, sorted(fire.recoveries)
    print(
        f"\n{TRIALS} kills: {len(told)} answers, {len(told.steps)} of them check-ins and device checks; "
        f"{told.unanswered} attempts without an answer, {told.replayed} of them had been done; "
        f"back after {back[TRIALS // 2]:.1f} s, at most {back[-1]:.1f} s"
    )
    assert not fire.found, fire.found
    assert not told.refused, told.refused[:3]
    assert fire.progressed > TRIALS * 2 // 3
    assert told.unanswered >= TRIALS
    assert min(len(told.messages), len(told.steps)) > 40


def test_who_listens_misses_nothing(fire: Outcome) -> None:
    """One feed through all twenty kills: each message once, and never told to begin anew."""
    assert len(fire.heard) == len(set(fire.heard))
    missed = fire.told.messages.keys() - set(fire.heard)
    assert not missed, f"{len(missed)} of {len(fire.told.messages)}"
    assert fire.resyncs == 0


def test_an_outage_is_said_to_be_one(fire: Outcome) -> None:
    """Who asks while the database dies hears 503, never that something broke."""
    assert not fire.told.odd, fire.told.odd[:3]


@pytest.fixture
async def weak(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Machine, EmbeddedPostgres]]:
    """A clinic on a PostgreSQL whose promises are weaker."""
    postgres = EmbeddedPostgres(tmp_path / "cluster", settings=request.param)
    machine = Machine(tmp_path / "data", database_url=await postgres.start())
    yield machine, postgres
    machine.discard()
    await postgres.stop()
    lodging.discard(tmp_path / "cluster")


@pytest.mark.parametrize(
    ("weak", "forgets"),
    [({"synchronous_commit": "off", "wal_writer_delay": "10s"}, True), ({"fsync": "off"}, False)],
    indirect=["weak"],
    ids=["synchronous_commit=off", "fsync=off"],
)
async def test_the_harness_sees_what_is_lost(weak: tuple[Machine, EmbeddedPostgres], forgets: bool) -> None:
    """Commits that wait for no disk are lost with the process, and seen to be; only a power cut would show fsync."""
    machine, postgres = weak
    machine.start()
    await machine.ready()
    lost = answered = trials = 0
    while trials < (8 if forgets else 3) and not (forgets and lost):
        trials += 1
        async with inside(machine) as clinic:
            crowd = await Crowd.gather(clinic, speakers=4, arrivals=30)
            await clinic.owner.execute("checkpoint")
        await crowd.start()
        await crowd.has_heard(40)
        os.kill(postgres.pid, signal.SIGKILL)
        crowd.going = False
        await machine.ready()
        await crowd.stop()
        found = await audit(machine.dsn, crowd)
        lost, answered = lost + len(found.lost), answered + len(crowd.told)
    print(f"\n{trials} kills: {lost} promises broken of {answered} answers")
    assert answered > 10
    assert (lost > 0) is forgets
