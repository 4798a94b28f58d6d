"""kill -9 at random moments, of the server, of PostgreSQL, of one backend, of all: what was answered is there, once.

And the control: the same harness on a database that may forget must see that it does.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from bedside.store.embedded import EmbeddedPostgres, lodging
from trials.fire import Crowd, audit, inside
from trials.machine import Machine
from trials.sites import Alone, Outcome, under_fire

pytestmark = pytest.mark.slow
TRIALS, VICTIMS = 20, ("postmaster", "server", "a backend", "all of it")


@pytest.fixture(scope="module")
def fire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    machine = Machine(tmp_path_factory.mktemp("fire") / "data")
    try:
        machine.start()
        yield asyncio.run(under_fire(Alone(machine), VICTIMS, trials=TRIALS, chance=Random(11)))
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
    machine = Machine(tmp_path / "data", database_url=await postgres.start(), may_forget=True)
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
    lost, answered = await promises_broken(*weak, trials=8 if forgets else 3, until_seen=forgets)
    assert answered > 10
    assert (lost > 0) is forgets


async def promises_broken(
    machine: Machine, postgres: EmbeddedPostgres, *, trials: int, until_seen: bool
) -> tuple[int, int]:
    """Kill the database while people are answered; how many answers were lost, and how many there were."""
    machine.start()
    await machine.ready()
    lost = answered = done = 0
    while done < trials and not (until_seen and lost):
        done += 1
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
    print(f"\n{done} kills: {lost} promises broken of {answered} answers")
    return lost, answered
