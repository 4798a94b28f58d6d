"""What happens by itself, in a living clinic: time passes in the test's hand, the timekeeper does what is due."""

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import pytest

from care.hands import announced
from clinic import WHERE, Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}


async def by_whom(clinic: Clinic, action: str) -> list[tuple[str, str | None]]:
    """As what somebody did this, and with which reason, each time."""
    rows = [row for row in await clinic.journal() if row["action"] == action]
    return [(row["as_role"], json.loads(row["entry"])["code"]) for row in rows]


async def checked_in(clinic: Clinic, amara: Person, osei: Person) -> UUID:
    visit = await clinic.book(amara, osei, minutes=0)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    return visit


# --- who does not come


async def test_who_never_checks_in_is_missed_when_the_window_closes(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei, minutes=0)
    await clinic.later(minutes=59)
    assert await clinic.state(visit) == "scheduled"
    await clinic.later(minutes=1)
    assert await clinic.state(visit) == "no-show"
    assert await by_whom(clinic, "GIVE_UP") == [("system", None)]
    with problem("not-from-here"):
        await amara.do(visit, "come-back")
    starts = {"startsAt": (clinic.clock.at + timedelta(hours=1)).isoformat()}
    assert (await desk.do(visit, "reopen", starts))["state"] == "scheduled"


async def test_who_is_here_is_not_missed(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei, minutes=0)
    await amara.here()
    await clinic.later(minutes=70)
    assert await clinic.state(visit) == "scheduled"
    await amara.gone()
    await clinic.later(minutes=5)
    assert await clinic.state(visit) == "no-show"


async def test_an_unfinished_device_check_is_abandoned_but_never_while_somebody_is_here(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await checked_in(clinic, amara, osei)
    await amara.here()
    await clinic.later(minutes=45)
    assert await clinic.state(visit) == "checked-in"
    await amara.gone()
    await clinic.later(minutes=30)
    assert await clinic.state(visit) == "cancelled"
    assert await by_whom(clinic, "CANCEL") == [("system", "abandoned")]


@pytest.mark.spec("S40", "S45")
async def test_who_is_called_in_vain_and_stays_away_is_a_no_show_and_may_come_back(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await amara.gone()
    await osei.do(visit, "send-back", {"reason": "not-there"})
    since = (await amara.see(visit))["waitingSince"]
    await clinic.later(minutes=14)
    assert await clinic.state(visit) == "waiting"
    await clinic.later(minutes=1)
    assert await clinic.state(visit) == "no-show"
    assert await by_whom(clinic, "GIVE_UP") == [("system", None)]
    await clinic.later(minutes=30)
    assert (await amara.do(visit, "come-back"))["state"] == "waiting"
    assert (await amara.see(visit))["waitingSince"] == since


@pytest.mark.spec("S45")
async def test_after_the_grace_only_the_desk_brings_back(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    await desk.do(visit, "give-up")
    await clinic.later(minutes=31)
    with problem("grace-over"):
        await amara.do(visit, "come-back")
    assert (await desk.do(visit, "come-back"))["state"] == "waiting"


async def test_a_locked_phone_alone_is_no_absence(clinic: Clinic) -> None:
    """Nobody called: whoever waits goes on waiting, page open or not."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await amara.gone()
    await clinic.later(hours=5)
    assert await clinic.state(visit) == "waiting"


async def test_who_is_here_is_never_swept_even_after_a_call_in_vain(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await osei.do(visit, "send-back", {"reason": "not-there"})
    await clinic.later(hours=2)
    assert await clinic.state(visit) == "waiting"


async def test_when_the_house_has_just_opened_silence_proves_nothing(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei, minutes=0)
    clinic.house.since = clinic.clock.at + timedelta(minutes=59)
    await clinic.later(minutes=60)
    assert await clinic.state(visit) == "scheduled"
    await clinic.later(minutes=5)
    assert await clinic.state(visit) == "no-show"


# --- the call


@pytest.mark.spec("S139", "G2b")
async def test_a_call_that_nobody_follows_ends_after_three_minutes_and_the_place_is_kept(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    before = await amara.see(visit)
    await osei.do(visit, "call-in", CALL)
    await clinic.later(minutes=2, seconds=59)
    assert await clinic.state(visit) == "connecting"
    await clinic.later(seconds=1)
    after = await amara.see(visit)
    assert (after["state"], after["waitingSince"]) == ("waiting", before["waitingSince"])
    assert after["line"] == before["line"]
    assert await by_whom(clinic, "SEND_BACK") == [("system", "nobody-came")]
    assert (await osei.get("/waiting-room"))["me"]["currentPatientCount"] == 0


async def test_a_minute_is_five_more(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await clinic.later(minutes=2)
    await amara.do(visit, "minute")
    with problem("not-from-here"):
        await amara.do(visit, "minute")
    await clinic.later(minutes=5, seconds=59)
    assert await clinic.state(visit) == "connecting"
    await clinic.later(seconds=1)
    assert await clinic.state(visit) == "waiting"


@pytest.mark.spec("S140", "G2d")
async def test_it_begins_when_both_are_in_and_the_calls_deadline_is_off(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await clinic.later(hours=1)
    assert await clinic.state(visit) == "in-progress"
    assert await by_whom(clinic, "CONNECT") == [("system", None)]


# --- the room


async def test_an_empty_room_ends_the_visit_after_five_minutes(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await clinic.later(minutes=10)
    await amara.do(visit, "leave")
    await clinic.later(minutes=6)
    assert await clinic.state(visit) == "in-progress", "the provider is in the room"
    await osei.do(visit, "leave")
    await clinic.later(minutes=4)
    assert await clinic.state(visit) == "in-progress"
    await clinic.later(minutes=1)
    assert await clinic.state(visit) == "wrapping-up"
    assert await by_whom(clinic, "END") == [("system", "nobody-came")]


async def test_a_room_that_fell_silent_is_empty_only_from_then_on(clinic: Clinic) -> None:
    """Both lose the line without a word, late in the visit: the seat is kept as long as ever."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await clinic.later(minutes=18)
    for _ in range(9):
        await clinic.later(stay=False, seconds=30)
    assert await clinic.state(visit) == "in-progress"
    await clinic.later(stay=False, minutes=3)
    assert await clinic.state(visit) == "wrapping-up"


async def test_who_comes_back_in_time_finds_the_room_open(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    for person in (amara, osei):
        await person.gone()
    await clinic.later(minutes=4)
    await amara.here()
    await amara.enters(visit)
    await clinic.later(minutes=30)
    assert await clinic.state(visit) == "in-progress"


async def test_the_desk_may_send_back_once_the_provider_has_been_gone_for_two_minutes(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.in_progress(amara, osei)
    technical = {"reason": "technical"}
    with problem("provider-there"):
        await desk.do(visit, "send-back", technical)
    await osei.gone()
    await clinic.later(seconds=119)
    with problem("provider-there"):
        await desk.do(visit, "send-back", technical)
    await clinic.later(seconds=1)
    assert (await desk.do(visit, "send-back", technical))["state"] == "waiting"


@pytest.mark.spec("S141", "G2a")
async def test_nothing_completes_by_itself(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.wrapping_up(amara, osei)
    await clinic.later(hours=10)
    assert await clinic.state(visit) == "wrapping-up"
    names = [one.frame["kind"] for one in await announced(clinic) if one.topic == f"consultation.{visit}"]
    assert "CONSULTATION_WRAPPING_UP" in names
    assert "CONSULTATION_ENDED" not in names
    assert "WRAP_UP_WAITS" in names


# --- the keeping itself


async def test_a_deadline_of_another_version_does_nothing(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    kinds = ("visit-missed", "device-check-abandoned", "called-in-vain", "connecting-over", "room-empty")
    for kind in kinds:
        await clinic.owner.execute(
            "insert into deadline (org, kind, ref, due_at, version) values ($1, $2, $3, $4, 1)",
            *(clinic.org, kind, visit, clinic.clock.at),
        )
    await amara.gone()
    await clinic.settle()
    assert await clinic.state(visit) == "waiting"
    left = await clinic.owner.fetch("select kind from deadline where ref = $1", visit)
    assert [row["kind"] for row in left] == ["day-over"]


async def test_two_timekeepers_do_it_once(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    clinic.clock.at += timedelta(minutes=3)
    kept = await asyncio.gather(*(clinic.running.timekeeper.keep() for _ in range(4)))
    assert sum(kept) >= 1
    assert await clinic.state(visit) == "waiting"
    assert (await clinic.actions()).count("SEND_BACK") == 1


async def test_each_step_calls_off_what_the_last_had_set(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()

    async def due() -> set[str]:
        rows = await clinic.owner.fetch("select kind from deadline where kind <> 'disclosure-windows'")
        return {row["kind"] for row in rows}

    visit = await clinic.book(amara, osei)
    assert await due() == {"visit-missed"}
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    assert await due() == {"device-check-waits", "device-check-abandoned", "day-over"}
    await amara.do(visit, "device-check", {"camera": "works", "microphone": "weak", "connection": "works"})
    assert await due() == {"day-over"}
    await osei.do(visit, "call-in", CALL)
    assert await due() == {"connecting-over"}
    for person in (osei, amara):
        await person.here()
        await person.enters(visit)
    await clinic.settle()
    assert await due() == {"room-empty"}
    await osei.do(visit, "end")
    assert await due() == {"wrap-up-waits"}
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    assert await due() == {"forget-place"}
    await clinic.settle()
    assert await due() == set()
