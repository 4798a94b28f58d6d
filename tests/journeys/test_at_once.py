"""Many people at once: nobody is lost, nobody is called twice, and nothing is done after its permission was taken back.

Real HTTP handling and a real PostgreSQL; the order in which things happen is chance (seeded as far as it is ours), and
what is asserted holds in every order.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from bedside.care.appointments import Appointment
from bedside.care.consultation import schedule
from clinic import DEVICE, WHERE, ZONE, Clinic, Person
from journeys.crowd import CALL, CALLED, insist, steps_of, the_visit_is_whole, together

PRIORITIES = ("emergency", "urgent", "normal", "normal", "follow-up")


async def booked(clinic: Clinic, chance: Random, person: Person, provider: Person | None) -> UUID:
    """A visit of any priority."""
    visit = clinic.work().new_id()
    keys = [await clinic.house.vault.mint(clinic.org, "consultation", visit, kind) for kind in ("record", "transient")]
    assert person.patient
    async with clinic.work() as work:
        appointment = Appointment(
            id=work.new_id(), patient=person.patient, provider=provider.account if provider else None,
            department=clinic.department, starts_at=work.now + timedelta(minutes=10), zone=ZONE, minutes=20,
        )  # fmt: skip
        await schedule(
            work, appointment, id=visit, record_key=keys[0], transient_key=keys[1], priority=chance.choice(PRIORITIES)
        )
    return visit


async def the_line_is_exact(clinic: Clinic, desk: Person, visits: dict[UUID, Person]) -> int:
    """Who waits stands in the order (band, rank_at, id), on the board and in each patient's own eyes."""
    rows = await clinic.owner.fetch(
        "select id, provider, priority, rank_at from consultation where state = 'waiting' and department = $1",
        clinic.department,
    )
    line = sorted(rows, key=lambda row: (row["priority"] != "emergency", row["rank_at"], row["id"]))
    board = await desk.get(f"/departments/{clinic.department}/queue")
    shown = [row for row in board["rows"] if row["state"] == "waiting"]
    assert [row["consultation"] for row in shown] == [str(row["id"]) for row in line]
    assert [row["position"] for row in shown] == list(range(1, len(line) + 1))
    assert {row["consultation"] for row in board["rows"]} == {str(visit) for visit in visits}, "a patient was lost"
    for at, mine in enumerate(line):
        before = [row for row in line[:at] if mine["provider"] in (None, row["provider"]) or row["provider"] is None]
        seen = await visits[mine["id"]].see(mine["id"])
        assert seen["line"]["position"] == len(before) + 1
    return len(line)


@asynccontextmanager
async def busy(clinic: Clinic) -> AsyncIterator[None]:
    """The house works all the while: two number the journal at the same time, readers hear it, time is kept."""

    async def work(part: Callable[[], Awaitable[int]]) -> None:
        while True:
            await part()
            await asyncio.sleep(0.01)

    running = clinic.running
    parts = [
        running.sequencer.number,
        running.sequencer.number,
        running.timekeeper.keep,
        *(r.read for r in running.readers),
    ]
    tasks = [asyncio.create_task(work(part)) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended


async def the_journal_is_whole(clinic: Clinic) -> None:
    """Numbered without a gap from one on, each leaf over its bytes, the head at the last."""
    journal = await clinic.journal()
    assert [row["n"] for row in journal] == list(range(1, len(journal) + 1))
    assert all(hashlib.sha256(b"\0" + row["entry"]).digest() == row["leaf"] for row in journal)
    assert await clinic.owner.fetchval("select n from journal_head where org = $1", clinic.org) == len(journal)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.spec("S35", "G26")
async def test_sixty_four_at_once(clinic: Clinic, seed: int) -> None:
    """Check-ins (each twice), device checks, calls for the same people, returns and cancels, all in one moment."""
    chance = Random(seed)
    desk = await clinic.desk()
    osei, aalto, *others = [await clinic.provider(f"Dr. {name}") for name in ("Osei", "Aalto", "Reyes", "Ito")]
    providers = [osei, aalto, *others]
    visits: dict[UUID, Person] = {}
    for at in range(24):
        person = await clinic.patient("Amara", f"Okafor {at}")
        visits[await booked(clinic, chance, person, chance.choice([*providers, None]))] = person
        await person.consents()
    due, arriving, waiting = (list(visits)[at::3] for at in range(3))
    for visit in [*arriving, *waiting]:
        clinic.clock.at += timedelta(seconds=chance.randrange(1, 45))
        await visits[visit].do(visit, "check-in", WHERE)
        if visit in waiting:
            await visits[visit].do(visit, "device-check", DEVICE)

    acts: list[tuple[str, UUID, Awaitable[httpx.Response]]] = []

    def ask(person: Person, visit: UUID, verb: str, body: Any) -> None:
        acts.append((verb, visit, insist(person, visit, verb, body)))

    for visit in due:
        ask(visits[visit], visit, "check-in", WHERE)
        ask(desk, visit, "check-in", WHERE)
    for visit in arriving:
        ask(visits[visit], visit, "device-check", DEVICE)
    for at in range(24):
        ask(providers[at % 4], chance.choice(waiting), "call-in", CALL)
    for visit in chance.sample(list(visits), 12):
        ask(visits[visit], visit, "cancel", {"reason": "cannot-come"})
    for visit in chance.sample(waiting, 4):
        ask(chance.choice(providers), visit, "send-back", {"reason": "technical"})
    chance.shuffle(acts)
    assert len(acts) == 64
    async with busy(clinic):
        answers = await together(chance, *(act for _, _, act in acts))

    done = Counter(
        (verb, visit) for (verb, visit, _), answer in zip(acts, answers, strict=True) if answer.status_code < 300
    )
    names = {"check-in": "CHECK_IN", "device-check": "PASS_DEVICE_CHECK", "call-in": CALLED, "cancel": "CANCEL"}
    before = {("check-in", visit): 1 for visit in [*arriving, *waiting]} | {("device-check", v): 1 for v in waiting}
    for visit in visits:
        await the_visit_is_whole(clinic, visit)
        acted = Counter(step["action"] for step in await steps_of(clinic, visit))
        for verb, action in names.items():
            assert acted[action] == done[verb, visit] + before.get((verb, visit), 0), (verb, "told and done differ")
    assert await the_line_is_exact(clinic, desk, visits) > 0
    await the_journal_is_whole(clinic)


async def test_one_appointment_is_checked_in_once(clinic: Clinic) -> None:
    """From two devices and by the desk, eight requests with keys of their own: one queue entry."""
    desk, amara, osei = await clinic.desk(), await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    askers = [amara, desk] * 4
    answers = await together(Random(4), *(insist(asker, visit, "check-in", WHERE) for asker in askers))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"not-from-here"}
    assert (await clinic.actions()).count("CHECK_IN") == 1
    assert await clinic.owner.fetchval("select count(distinct queue_entry) from consultation") == 1


@pytest.mark.slow
async def test_two_providers_call_the_same_patient(clinic: Clinic) -> None:
    """One gets the patient, the other is told; ten times over, with nobody left in between."""
    chance = Random(5)
    osei, aalto = await clinic.provider("Dr. Osei"), await clinic.provider("Dr. Aalto")
    for at in range(10):
        visit = await clinic.waiting(await clinic.patient("Amara", f"Okafor {at}"), None)
        answers = await together(chance, *(insist(who, visit, "call-in", CALL) for who in (osei, aalto)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        lost = next(answer.json() for answer in answers if answer.status_code == 409)
        assert lost["type"] == "not-from-here"
        winner = osei if answers[0].status_code == 200 else aalto
        assert (await winner.see(visit))["provider"] == str(winner.account)
        await the_visit_is_whole(clinic, visit)
        await winner.do(visit, "send-back", {"reason": "other"})
        await winner.do(visit, "cancel", {"reason": "clinic"})


@pytest.mark.slow
async def test_one_provider_calls_two_patients(clinic: Clinic) -> None:
    """Two taps at once on two names: a provider who may see one patient sees one."""
    chance = Random(6)
    osei = await clinic.provider()
    for at in range(10):
        visits = [await clinic.waiting(await clinic.patient("Amara", f"Okafor {at} {two}"), osei) for two in range(2)]
        answers = await together(chance, *(insist(osei, visit, "call-in", CALL) for visit in visits))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"provider-full"}
        called = visits[0] if answers[0].status_code == 200 else visits[1]
        await osei.do(called, "send-back", {"reason": "other"})
        for visit in visits:
            await osei.do(visit, "cancel", {"reason": "clinic"})
