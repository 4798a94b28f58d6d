"""300 kills at random moments: what was answered is there, once, whichever process died.

BEDSIDE_KILLS says how many. A round is twenty kills with people of its own; each is audited by itself.
"""

import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from bedside.store.embedded import EmbeddedPostgres, lodging
from soak.report import Figure, keep
from trials.machine import Machine
from trials.sites import Alone, Outcome, Pair, Site, under_fire
from trials.test_kill import promises_broken

pytestmark = pytest.mark.soak
KILLS, ROUND, SEED = int(os.environ.get("BEDSIDE_KILLS", "300")), 20, 20_260_316


async def rounds(site: Site, victims: Sequence[str], kills: int, chance: Random) -> list[Outcome]:
    """So many kills, a round at a time; a round that breaks a promise is told in full."""
    outcomes: list[Outcome] = []
    while (done := sum(len(outcome.recoveries) for outcome in outcomes)) < kills:
        outcomes.append(await under_fire(site, victims, trials=min(ROUND, kills - done), chance=chance))
        last = outcomes[-1]
        unheard = len(last.told.messages.keys() - set(last.heard))
        sums = f"{len(last.told)} answers, {unheard} unheard, {last.resyncs} times told to begin anew, {last.cut[:3]}"
        print(f"{done + len(last.recoveries)} kills: {sums}; {last.found or 'all there'}")
    return outcomes


@pytest.mark.spec("G16")
async def test_whatever_is_killed_nothing_answered_is_lost(tmp_path: Path) -> None:
    """Two thirds with one server and its own database, a third with two servers behind one database."""
    began, chance = time.monotonic(), Random(SEED)
    machine = Machine(tmp_path / "alone")
    try:
        machine.start()
        outcomes = await rounds(Alone(machine), ("postmaster", "server", "a backend"), KILLS * 2 // 3, chance)
    finally:
        machine.discard()
    pair = await Pair.open(tmp_path)
    try:
        victims = ("one of two servers", "postmaster", "one of two servers", "a backend")
        outcomes += await rounds(pair, victims, KILLS - KILLS * 2 // 3, chance)
    finally:
        await pair.close()
    wrong = judge(outcomes, (time.monotonic() - began) / 60)
    assert not any(wrong.values()), [outcome.found for outcome in outcomes if outcome.found] or wrong
    assert sum(outcome.progressed for outcome in outcomes) > KILLS * 2 // 3


def judge(outcomes: list[Outcome], minutes: float) -> dict[str, int]:
    """All the promises together, on record: how often each was broken."""
    kills = sum(len(outcome.recoveries) for outcome in outcomes)
    hits = sum((outcome.hits for outcome in outcomes), Counter[str]())
    answers = sum(len(outcome.told) for outcome in outcomes)
    in_doubt = sum(outcome.told.unanswered for outcome in outcomes)
    replayed = sum(outcome.told.replayed for outcome in outcomes)
    back = sorted(seconds for outcome in outcomes for seconds in outcome.recoveries)
    unheard = sum(len(outcome.told.messages.keys() - set(outcome.heard)) for outcome in outcomes)
    twice = sum(len(outcome.heard) - len(set(outcome.heard)) for outcome in outcomes)
    wrong = {
        "lost": sum(len(outcome.found.lost) for outcome in outcomes),
        "doubled": sum(len(outcome.found.doubled) for outcome in outcomes),
        "gaps or wrong leaves": sum(outcome.found.gaps + outcome.found.leaves for outcome in outcomes),
        "acts without their entry": sum(len(outcome.found.orphans) for outcome in outcomes),
        "not heard, or heard twice, by who listened": unheard + twice,
        "times that who listened had to begin anew": sum(outcome.resyncs for outcome in outcomes),
        "answers that called an outage something else": sum(len(outcome.told.odd) for outcome in outcomes),
    }
    for what, found in wrong.items():
        name = f"kill -9: {what}"
        says = (
            f"{kills} times a process was killed with `kill -9` at a random moment ("
            + ", ".join(f"{victim} {times}" for victim, times in sorted(hits.items()))
            + f") while people checked in and wrote. They were given {answers:,} answers; {in_doubt:,} attempts got "
            f"none and were repeated under the same key, {replayed:,} of which had been done already."
        )
        keep(Figure(name, found, "cases", "0", met=not found, runs=kills), says, minutes=minutes)
    median = back[len(back) // 2]
    keep(
        Figure("kill -9: back after, median", round(median, 2), "s", "<= 10 s", met=median <= 10, runs=kills,
               spread=round((back[-1] - back[0]) / median, 2)),
        f"From the kill until the clinic said that it was well again; the slowest took {back[-1]:.1f} s.",
        minutes=minutes,
    )  # fmt: skip
    return wrong


async def test_the_harness_sees_what_is_lost(tmp_path: Path) -> None:
    """The control: commits that wait for no disk are lost with the process, and are seen to be."""
    settings = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    postgres = EmbeddedPostgres(tmp_path / "cluster", settings=settings)
    machine = Machine(tmp_path / "data", database_url=await postgres.start(), may_forget=True)
    try:
        lost, answered = await promises_broken(machine, postgres, trials=8, until_seen=True)
    finally:
        machine.discard()
        await postgres.stop()
        lodging.discard(tmp_path / "cluster")
    keep(
        Figure("kill -9: control, promises seen broken", lost, "answers", ">= 1", met=lost > 0, runs=answered),
        "The control: the same harness on a database that was told not to wait for its disk must see that it forgets.",
    )
    assert lost > 0
