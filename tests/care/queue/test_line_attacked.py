"""The line under attack: a move beside an arrival, what is taken back twice or late, a place that is taken."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from bedside.care import consultation, queue
from bedside.care.consultation import DeviceCheck
from bedside.kernel import Role
from care.hands import another_department, member_of
from clinic import DEVICE, WHERE, Clinic, Person, problem

URGENT = {"priority": "urgent", "reason": "triage"}
WORKS = DeviceCheck("works", "works", "works", None)


async def waits_in_line(clinic: Clinic) -> list[UUID]:
    """Who waits, as the database keeps the order."""
    rows = await clinic.owner.fetch("select id from consultation where state = 'waiting' order by band, rank_at, id")
    return [row["id"] for row in rows]


async def arrived(clinic: Clinic, name: str, osei: Person) -> tuple[Person, UUID]:
    """Somebody checked in, with the device check to pass."""
    person = await clinic.patient("Amara", name)
    visit = await clinic.book(person, osei)
    await person.consents()
    await person.do(visit, "check-in", WHERE)
    return person, visit


async def held_up(clinic: Clinic) -> bool:
    """Whether some piece of work waits for a lock of another."""
    return bool(
        await clinic.owner.fetchval("select count(*) from pg_locks where not granted and locktype = 'advisory'")
    )


async def until_held_up(clinic: Clinic, done: asyncio.Task[Any]) -> None:
    """Return once it waits for the other one."""
    while not await held_up(clinic):
        assert not done.done(), "it went on beside the other"
        await asyncio.sleep(0.01)


@pytest.mark.spec("G26")
async def test_who_is_put_at_the_end_is_behind_who_was_just_arriving(clinic: Clinic) -> None:
    """The newcomer's work is not committed when the move begins: the move waits, and then knows of them."""
    osei, desk = await clinic.provider(), await clinic.desk()
    first = await clinic.waiting(await clinic.patient("Mei", "Chow"), osei)
    second = await clinic.waiting(await clinic.patient("Zoe", "Zapata"), osei)
    amara, late = await arrived(clinic, "Okafor", osei)
    clinic.clock.at += timedelta(minutes=1)
    async with clinic.work(amara.actor) as arriving:
        await consultation.pass_device_check(arriving, late, check=WORKS)
        moving = asyncio.create_task(desk.do(first, "move", {"reason": "fairness"}))
        await until_held_up(clinic, moving)
    await moving
    assert await waits_in_line(clinic) == [second, late, first]


async def test_who_arrives_while_somebody_is_put_at_the_end_stands_behind_them(clinic: Clinic) -> None:
    """And the other way round: the move is not committed, the newcomer waits for it."""
    osei, desk = await clinic.provider(), await clinic.desk()
    first = await clinic.waiting(await clinic.patient("Mei", "Chow"), osei)
    second = await clinic.waiting(await clinic.patient("Zoe", "Zapata"), osei)
    amara, late = await arrived(clinic, "Okafor", osei)
    clinic.clock.at += timedelta(minutes=1)
    async with clinic.work(desk.actor) as moving:
        await queue.move_in_line(moving, first, before=None, reason="fairness")
        arriving = asyncio.create_task(amara.do(late, "device-check", DEVICE))
        await until_held_up(clinic, arriving)
    await arriving
    assert await waits_in_line(clinic) == [second, first, late]
    told = [
        row["consultation"] for row in await clinic.journal() if row["action"] in ("MOVE_IN_LINE", "PASS_DEVICE_CHECK")
    ]
    assert told[-2:] == [first, late], "and the journal tells it in that order"


async def test_arrivals_do_not_wait_for_each_other(clinic: Clinic) -> None:
    osei = await clinic.provider()
    (amara, first), (mei, second) = await arrived(clinic, "Okafor", osei), await arrived(clinic, "Chow", osei)
    async with clinic.work(amara.actor) as one:
        await consultation.pass_device_check(one, first, check=WORKS)
        async with asyncio.timeout(2):
            await mei.do(second, "device-check", DEVICE)
    assert sorted(await waits_in_line(clinic)) == sorted([first, second])


@pytest.mark.parametrize(("seconds", "micro", "works"), [(9, 999_999, True), (10, 0, True), (10, 1, False)])
async def test_ten_seconds_are_ten_seconds(clinic: Clinic, seconds: int, micro: int, *, works: bool) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(await clinic.patient(), osei)
    done = await desk.do(visit, "priority", URGENT)
    clinic.clock.at += timedelta(seconds=seconds, microseconds=micro)
    [row] = (await desk.get(f"/departments/{clinic.department}/queue"))["rows"]
    assert ("undo" in row["can"]) is works, "what is offered is what works"
    answer = await desk.raw("POST", f"/consultations/{visit}/undo", {"version": done["version"]})
    assert answer.status_code == (200 if works else 409), answer.text
    priority = await clinic.owner.fetchval("select priority from consultation where id = $1", visit)
    assert priority == ("normal" if works else "urgent")


@pytest.mark.parametrize("verb", ["priority", "device-check", "come-back"])
async def test_what_was_taken_back_is_not_taken_back_again(clinic: Clinic, verb: str) -> None:
    """An undo has no undo, at whatever version it is asked for."""
    osei, desk = await clinic.provider(), await clinic.desk()
    amara, visit = await arrived(clinic, "Okafor", osei)
    skip = {"camera": "skipped", "microphone": "skipped", "connection": "skipped", "reason": "will-phone"}
    if verb == "priority":
        await amara.do(visit, "device-check", DEVICE)
    if verb == "come-back":
        await desk.do(visit, "device-check", skip)
        await desk.do(visit, "give-up")
    done = await desk.do(visit, verb, {"priority": URGENT, "device-check": skip, "come-back": None}[verb])
    back = await desk.do(visit, "undo", {"version": done["version"]})
    before = await clinic.owner.fetchrow("select state, version, priority, rank_at, undo from consultation")
    for version in range(done["version"] - 1, back["version"] + 2):
        with problem("conflict"):
            await desk.do(visit, "undo", {"version": version})
    assert await clinic.owner.fetchrow("select state, version, priority, rank_at, undo from consultation") == before


async def test_two_who_take_back_at_once_take_back_once(clinic: Clinic) -> None:
    """Two pages of one person, each with a key of its own: one of them did it."""
    osei, desk = await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(await clinic.patient(), osei)
    for _ in range(5):
        done = await desk.do(visit, "priority", URGENT)
        body = {"version": done["version"]}
        answers: list[httpx.Response] = await asyncio.gather(
            *(desk.raw("POST", f"/consultations/{visit}/undo", body) for _ in range(4))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        row = await clinic.owner.fetchrow("select priority, version from consultation where id = $1", visit)
        assert (row and tuple(row)) == ("normal", done["version"] + 1)
    assert (await clinic.actions()).count("CHANGE_PRIORITY") == 10


async def test_who_is_brought_back_stands_where_they_stood_whoever_came_meanwhile(clinic: Clinic) -> None:
    """Another patient was taken in for the same clinician; nobody is pushed out, and each stands once in line."""
    osei, desk = await clinic.provider(), await clinic.desk()
    amara = await clinic.patient()
    gone = await clinic.waiting(amara, osei)
    await desk.do(gone, "give-up")
    await clinic.later(minutes=2)
    mei = await clinic.patient("Mei", "Chow")
    taken = await clinic.waiting(mei, osei)
    await desk.do(gone, "come-back")
    assert await waits_in_line(clinic) == [gone, taken]
    await osei.do(taken, "call-in", {"identityConfirmed": True, "anyway": True})
    with problem("provider-full"):
        await osei.do(gone, "call-in", {"identityConfirmed": True, "anyway": True})
    assert await waits_in_line(clinic) == [gone]


DESK_VERBS: dict[str, Any] = {
    "check-in": WHERE,
    "device-check": {"camera": "skipped", "microphone": "skipped", "connection": "skipped", "reason": "will-phone"},
    "cancel": {"reason": "clinic"},
    "give-up": None,
    "come-back": None,
    "reopen": {"startsAt": "2026-03-16T15:00:00Z"},
    "reschedule": WHERE,
    "send-back": {"reason": "other"},
    "priority": URGENT,
    "move": {"reason": "fairness"},
    "transfer": {"reason": "specialty"},
    "new-time": {"day": "2026-03-17", "time": "10:00"},
    "undo": {"version": 4},
    "link": None,
    "join": None,
}


async def test_a_nurse_of_one_department_does_nothing_in_another(clinic: Clinic) -> None:
    """Nor brings anybody over from there, nor books there: what is not theirs is not there."""
    osei, amara = await clinic.provider(), await clinic.patient()
    elsewhere = await another_department(clinic)
    nils = await member_of(clinic, "Nils Berg", Role.NURSE, elsewhere)
    visit = await clinic.waiting(amara, osei)
    before = await clinic.owner.fetchrow("select * from consultation")
    for verb, body in DESK_VERBS.items():
        answer = await nils.raw("POST", f"/consultations/{visit}/{verb}", body)
        assert answer.status_code in (403, 404), (verb, answer.text)
    assert (await nils.raw("GET", f"/consultations/{visit}")).status_code == 404
    assert (await nils.raw("GET", f"/departments/{clinic.department}/queue")).status_code == 404
    wanted = {"patient": str(amara.patient), "department": str(clinic.department)}
    for path, more in (("", {"day": "2026-03-17", "time": "10:00"}), ("/walk-in", {})):
        assert (await nils.raw("POST", f"/consultations{path}", wanted | more)).status_code == 404
    mei = await clinic.patient("Mei", "Chow")
    own = await clinic.book(mei, None, department=elsewhere)
    await mei.consents()
    await mei.do(own, "check-in", WHERE)
    await mei.do(own, "device-check", DEVICE)
    with problem("not-in-this-line"):
        await nils.do(own, "move", {"reason": "fairness", "before": str(visit)})
    assert await clinic.owner.fetchrow("select * from consultation where id = $1", visit) == before
