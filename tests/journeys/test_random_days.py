"""Random days at the desk: many hands, every verb, jumps of the clock. Most of it is refused; what is not keeps every
promise: legal arrows only, one entry for each visit, nobody lost, the line in its order, a journal without a gap."""

from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

import pytest

from clinic import DEVICE, WHERE, Clinic, Person
from journeys.crowd import CALL
from laws.arrows import QUEUE_ARROWS, QUEUE_STATUS

pytestmark = pytest.mark.slow
STEPS = 150
SKIP = {"camera": "skipped", "microphone": "skipped", "connection": "skipped", "reason": "will-phone"}


def bodies(chance: Random, clinic: Clinic, visits: list[UUID], providers: list[Person]) -> dict[str, Any]:
    """Something that each verb can read."""
    later = clinic.clock.at + timedelta(minutes=chance.randrange(1, 90))
    tomorrow = (clinic.clock.at + timedelta(days=1)).date().isoformat()
    return {
        "check-in": WHERE,
        "device-check": chance.choice([DEVICE, SKIP]),
        "call-in": CALL | {"anyway": True},
        "send-back": {"reason": chance.choice(["not-there", "technical"])},
        "end": None,
        "complete": {"summary": "Rest.", "followUp": False, "reason": "handed-over"},
        "give-up": None,
        "come-back": None,
        "reopen": {"startsAt": later.isoformat()},
        "cancel": {"reason": "cannot-come"},
        "reschedule": WHERE,
        "enter": {},
        "leave": None,
        "priority": {"priority": chance.choice(["emergency", "urgent", "normal", "follow-up"]), "reason": "triage"},
        "move": {"reason": "fairness", "before": str(chance.choice(visits))},
        "transfer": {"reason": "specialty", "provider": str(chance.choice(providers).account)},
        "new-time": {"day": tomorrow, "time": "10:00"},
        "undo": {"version": chance.randrange(2, 12)},
    }


# On the last of these two stand in line since the same second: the board once had the second before the first.
@pytest.mark.parametrize("seed", [21, 22, 1048])
@pytest.mark.spec("S37..S47", "G2")
async def test_whatever_they_do_nothing_is_lost(clinic: Clinic, seed: int) -> None:
    assert await a_random_day(clinic, seed) > STEPS / 8, "nothing was tried"


async def a_random_day(clinic: Clinic, seed: int) -> int:
    """What is done, and to whom, hangs on one number, ids included. How much of it was not refused."""
    chance = Random(seed)
    clinic.house.chance = Random(seed).randbytes
    desk, providers = await clinic.desk(), [await clinic.provider("Dr. Osei"), await clinic.provider("Dr. Aalto")]
    patients = [await clinic.patient("Amara", f"Okafor {at}") for at in range(5)]
    for person in patients:
        await person.consents()
        await clinic.book(person, chance.choice([*providers, None]), minutes=chance.randrange(0, 20))
    done = 0
    for _ in range(STEPS):
        visits = [row["id"] for row in await clinic.owner.fetch("select id from consultation order by id")]
        possible = bodies(chance, clinic, visits, providers)
        who, visit, verb = (
            chance.choice([desk, *providers, *patients]),
            chance.choice(visits),
            chance.choice([*possible]),
        )
        view = await who.raw("GET", f"/consultations/{visit}")
        can = [v for v in view.json()["can"] if v in possible] if view.status_code == 200 else []
        if can and chance.random() < 0.75:  # mostly what they can do; else, and often in vain, anything
            verb = chance.choice(can)
        answer = await who.raw("POST", f"/consultations/{visit}/{verb}", possible[verb])
        assert answer.status_code < 500, answer.text
        done += answer.status_code < 300
        if chance.random() < 0.3:
            await (who.gone if chance.random() < 0.4 else who.here)()
        if chance.random() < 0.25:
            await clinic.later(minutes=chance.choice([0, 1, 4, 16]), seconds=chance.randrange(60))
    await clinic.settle()
    await every_promise_is_kept(clinic)
    return done


async def every_promise_is_kept(clinic: Clinic) -> None:
    """What no day may break."""
    journal = await clinic.journal()
    assert [row["n"] for row in journal] == list(range(1, len(journal) + 1))
    rows = await clinic.owner.fetch(
        "select c.*, a.moved_to from consultation c join appointment a on a.id = c.appointment"
        " order by band, rank_at, c.id"
    )
    entries = [row["queue_entry"] for row in rows if row["queue_entry"]]
    assert len(set(entries)) == len(entries)
    for row in rows:
        states = await the_states(clinic, row["id"])
        assert states[-1] == row["state"], "the journal ends where the visit is"
        for then, now in pairwise(states):
            here, there = QUEUE_STATUS.get(then), QUEUE_STATUS.get(now)
            assert here == there or (here, there) in QUEUE_ARROWS or "scheduled" in (then, now)
        if row["close_reason"] == "rescheduled":
            assert row["moved_to"], "who was moved has a visit to come to"
    desk = clinic.people["Petra Novak"]
    board = {row["consultation"]: row for row in (await desk.get(f"/departments/{clinic.department}/queue"))["rows"]}
    line = [str(row["id"]) for row in rows if row["state"] == "waiting"]
    assert [id for id, row in board.items() if row["state"] == "waiting"] == line
    here = ("checked-in", "waiting", "connecting", "in-progress", "wrapping-up")
    assert {str(row["id"]) for row in rows if row["state"] in here} <= board.keys(), "nobody is lost"


async def the_states(clinic: Clinic, visit: UUID) -> list[str]:
    """The states of a visit, one after the other, as its journal tells them."""
    told = await clinic.owner.fetch(
        "select convert_from(entry, 'UTF8')::json -> 'refs' ->> 'state' as state from journal"
        " where consultation = $1 and kind like 'CONSULTATION_S%' order by n",
        visit,
    )
    return [row["state"] for row in told if row["state"]]
