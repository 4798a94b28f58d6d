"""The line: who is before whom, and what the board says of each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bedside.kernel import Role
from care.hands import another_department, heard, member_of
from clinic import DEVICE, WHERE, Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}


async def queue(clinic: Clinic, desk: Person) -> list[dict[str, Any]]:
    """The department's board, row by row."""
    return (await desk.get(f"/departments/{clinic.department}/queue"))["rows"]


async def arrives(clinic: Clinic, name: str, osei: Person | None, *, priority: str = "normal") -> tuple[Person, UUID]:
    """Somebody of that priority comes into the waiting room."""
    person = await clinic.patient("Amara", name)
    visit = await clinic.book(person, osei)
    await clinic.owner.execute("update consultation set priority = $2 where id = $1", visit, priority)
    await person.consents()
    await person.do(visit, "check-in", WHERE)
    await person.do(visit, "device-check", DEVICE)
    return person, visit


async def position(person: Person, visit: UUID) -> int:
    """Where they stand, in their own eyes."""
    return (await person.see(visit))["line"]["position"]


@pytest.mark.spec("S4..S11", "S13..S15", "S3")
async def test_an_entry_says_who_waits_for_whom_since_when(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    [row] = await queue(clinic, desk)
    assert (row["queueEntry"], row["status"], row["state"]) == (None, None, "scheduled")
    await amara.consents()
    done = await amara.do(visit, "check-in", WHERE)
    await amara.do(visit, "device-check", DEVICE)
    [row] = await queue(clinic, desk)
    assert row["queueEntry"] == done["queueEntry"] == str(UUID(done["queueEntry"]))
    ask = "select a.patient from appointment a join consultation c on c.appointment = a.id where c.queue_entry = $1"
    assert await clinic.owner.fetchval(ask, UUID(row["queueEntry"])) == amara.patient
    assert (row["patient"], row["provider"]) == (str(amara.patient), str(osei.account))
    assert (row["status"], row["priority"]) == ("waiting", "normal")
    assert row["checkedInAt"] == "2026-03-16T09:00:00Z"
    assert (row["consent"], row["device"]) == (True, DEVICE | {"reason": None})
    assert (await desk.see(visit))["consent"]["at"] == "2026-03-16T09:00:00Z"
    assert (await desk.see(visit))["department"] == str(clinic.department)
    assert (row["position"], row["placeConfirmed"], row["here"]) == (1, True, False)


@pytest.mark.spec("S23..S26")
async def test_the_line_is_by_priority_and_by_waiting(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    stood: dict[str, tuple[Person, UUID]] = {}
    for name, priority in [
        ("first normal", "normal"),  # at 0 min
        ("follow-up", "follow-up"),  # at 10, counts as 25
        ("second normal", "normal"),  # at 20
        ("urgent", "urgent"),  # at 29, counts as −1
        ("emergency", "emergency"),  # at 39: before everybody
        ("late urgent", "urgent"),  # at 49, counts as 19
    ]:
        stood[name] = await arrives(clinic, name, osei, priority=priority)
        await clinic.later(minutes=9 if name == "second normal" else 10)
    board = [row["name"].removeprefix("Amara ") for row in await queue(clinic, desk) if row["state"] == "waiting"]
    assert board == ["emergency", "urgent", "first normal", "late urgent", "second normal", "follow-up"]
    assert [await position(*stood[name]) for name in board] == [1, 2, 3, 4, 5, 6]


async def test_two_emergencies_stand_in_the_order_in_which_they_came(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    for name in ("one", "two"):
        await arrives(clinic, name, osei, priority="emergency")
        clinic.clock.at += timedelta(seconds=1)
    assert [row["name"] for row in await queue(clinic, desk)] == ["Amara one", "Amara two"]


@pytest.mark.spec("S43", "S45")
async def test_who_is_sent_back_or_comes_back_stands_where_they_stood(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    first, visit = await arrives(clinic, "one", osei)
    clinic.clock.at += timedelta(minutes=1)
    second, behind = await arrives(clinic, "two", osei)
    await osei.do(visit, "call-in", CALL)
    assert await position(second, behind) == 1
    await osei.do(visit, "send-back", {"reason": "technical"})
    assert (await position(first, visit), await position(second, behind)) == (1, 2)
    await desk.do(visit, "give-up")
    assert await position(second, behind) == 1
    await first.do(visit, "come-back")
    assert (await position(first, visit), await position(second, behind)) == (1, 2)


async def test_a_place_counts_only_those_before_the_same_provider(clinic: Clinic) -> None:
    osei, aalto = await clinic.provider(), await clinic.provider("Dr. Signe Aalto")
    places: list[tuple[Person, UUID]] = []
    for name, provider in (("one", osei), ("two", aalto), ("three", None), ("four", osei)):
        places.append(await arrives(clinic, name, provider))
        clinic.clock.at += timedelta(seconds=1)
    # Before three, who sees anybody, stand one and two; before four stand one and three.
    assert [await position(*place) for place in places] == [1, 1, 3, 3]


@pytest.mark.spec("S3", "S17..S22", "S40..S42", "S44", "S46")
async def test_the_board_follows_a_patient_from_arrival_to_completion(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    await amara.consents()
    visit = await clinic.book(amara, osei)
    entries: set[str] = set()

    async def status() -> str:
        [row] = await queue(clinic, desk)
        entries.add(row["queueEntry"])
        return row["status"]

    for verb, who, body, then in [
        ("check-in", amara, WHERE, "checked-in"),
        ("cancel", amara, {"reason": "other"}, "cancelled"),
        ("reschedule", amara, WHERE, "checked-in"),
        ("device-check", amara, DEVICE, "waiting"),
        ("give-up", desk, None, "no-show"),
        ("come-back", amara, None, "waiting"),
        ("cancel", amara, {"reason": "other"}, "cancelled"),
        ("reschedule", amara, WHERE, "checked-in"),
        ("device-check", amara, DEVICE, "waiting"),
        ("call-in", osei, CALL, "in-consultation"),
        ("send-back", osei, {"reason": "technical"}, "waiting"),
        ("call-in", osei, CALL, "in-consultation"),
    ]:
        await who.do(visit, verb, body)
        assert await status() == then, verb
    for person in (osei, amara):
        await person.here()
        await person.enters(visit)
    await clinic.settle()
    for verb, body, then in [
        ("end", None, "in-consultation"),
        ("complete", {"summary": "Rest.", "followUp": False}, "completed"),
    ]:
        await osei.do(visit, verb, body)
        assert await status() == then
    assert len(entries) == 1, "one entry from check-in to completion"


@pytest.mark.spec("S27..S33", "S137", "S147", "S152", "S154", "S159", "G39", "G40")
async def test_each_topic_hears_its_own_names_of_what_happens(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await osei.do(visit, "end")
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    quiet = {"PARTICIPANT_JOINED", "PARTICIPANT_LEFT", "CONSENT_GIVEN"}
    heard_by = {
        topic: [name for name in await heard(clinic, f"{topic}.{id}") if name not in quiet]
        for topic, id in (
            ("queue", clinic.department),
            ("waiting-room", osei.account),
            ("consultation", visit),
            ("line", clinic.department),
        )
    }
    assert heard_by == {
        "queue": ["APPOINTMENT_SCHEDULED", "PATIENT_ADDED", *["STATUS_UPDATED"] * 4, "PATIENT_REMOVED"],
        "waiting-room": ["APPOINTMENT_SCHEDULED", "PATIENT_CHECKED_IN", *["STATUS_UPDATED"] * 4, "PATIENT_REMOVED"],
        "consultation": [
            "APPOINTMENT_SCHEDULED",
            "STATUS_UPDATED",
            "STATUS_UPDATED",
            "PROVIDER_JOINED",
            "STATUS_UPDATED",
            "CONSULTATION_WRAPPING_UP",
            "CONSULTATION_ENDED",
        ],
        "line": ["LINE_MOVED", "LINE_MOVED"],
    }


@pytest.mark.spec("S30..S33")
async def test_who_leaves_the_queue_is_removed_with_a_reason(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    for verb, body, reason in (("give-up", None, "no-show"), ("cancel", {"reason": "patient-asked"}, "cancelled")):
        visit = await clinic.waiting(amara, osei)
        await desk.do(visit, verb, body)
        assert (await heard(clinic, f"queue.{clinic.department}"))[-1] == "PATIENT_REMOVED"
        assert (await desk.see(visit))["closeReason"] == reason


async def test_a_board_is_for_those_who_work_there(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    elsewhere = await another_department(clinic)
    far = await member_of(clinic, "Far Away", Role.NURSE, elsewhere)
    await clinic.waiting(amara, osei)
    assert len(await queue(clinic, desk)) == 1
    for person, slug in ((amara, "not-found"), (far, "not-found")):
        with problem(slug):
            await queue(clinic, person)
    assert (await far.get(f"/departments/{elsewhere}/queue"))["rows"] == []


async def test_names_alike_are_marked(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    for family in ("Okafor", "Okafurr", "Chow"):
        await clinic.book(await clinic.patient("Amara", family), osei)
    assert {row["name"]: row["similar"] for row in await queue(clinic, desk)} == {
        "Amara Okafor": True,
        "Amara Okafurr": True,
        "Amara Chow": False,
    }
