"""Midnight on the clinic's wall: who is not here is swept; who is here and unseen is an alarm, never swept."""

from datetime import datetime, timedelta
from uuid import UUID

from care.hands import heard
from clinic import DEVICE, WHERE, Clinic, Person

EVENING = datetime.fromisoformat("2026-03-16T21:30:00+00:00")  # half past ten in Vienna


async def one_who(clinic: Clinic, given: str, osei: Person, *, waits: bool) -> tuple[Person, UUID]:
    person = await clinic.patient(given, "Testerin")
    visit = await clinic.book(person, osei)
    await person.consents()
    await person.do(visit, "check-in", WHERE)
    if waits:
        await person.do(visit, "device-check", DEVICE)
    await person.here()
    return person, visit


async def test_who_is_here_and_unseen_is_an_alarm_and_who_left_is_swept(clinic: Clinic) -> None:
    clinic.clock.at = EVENING
    osei, desk = await clinic.provider(), await clinic.desk()
    (amara, unseen), (mei, gone) = [await one_who(clinic, name, osei, waits=True) for name in ("Amara", "Mei")]
    (hana, unchecked), (zoe, left) = [await one_who(clinic, name, osei, waits=False) for name in ("Hana", "Zoe")]
    await clinic.later(minutes=60)
    for person in (mei, zoe):
        await person.gone()
    await clinic.later(minutes=29)
    assert {await clinic.state(v) for v in (unseen, gone)} == {"waiting"}
    await clinic.later(minutes=1)
    assert [await clinic.state(v) for v in (unseen, unchecked)] == ["waiting", "checked-in"]
    assert [await clinic.state(v) for v in (gone, left)] == ["no-show", "cancelled"]
    trouble = (await desk.get(f"/departments/{clinic.department}/queue"))["trouble"]
    assert {one["consultation"] for one in trouble if one["kind"] == "unseen"} == {str(unseen), str(unchecked)}
    assert (await heard(clinic, f"queue.{clinic.department}")).count("PATIENT_UNSEEN") == 2
    told = [one["kind"] for one in await desk.get("/notifications")]
    assert told.count("PATIENT_UNSEEN") == 2
    await clinic.later(minutes=61)
    assert (await heard(clinic, f"queue.{clinic.department}")).count("PATIENT_UNSEEN") == 4
    await amara.gone()
    await hana.gone()
    await clinic.later(hours=2)
    assert [await clinic.state(v) for v in (unseen, unchecked)] == ["no-show", "cancelled"]


async def test_a_locked_phone_at_midnight_is_no_absence(clinic: Clinic) -> None:
    clinic.clock.at = EVENING
    osei = await clinic.provider()
    amara, visit = await one_who(clinic, "Amara", osei, waits=True)
    await clinic.later(minutes=80)
    await amara.gone()
    await clinic.later(minutes=14)
    assert await clinic.state(visit) == "waiting", "gone for a quarter of an hour, not less"
    await clinic.later(minutes=10)
    assert await clinic.state(visit) == "no-show"
    assert (await amara.do(visit, "come-back"))["state"] == "waiting"


async def test_who_checks_in_after_midnight_belongs_to_the_new_day(clinic: Clinic) -> None:
    clinic.clock.at = datetime.fromisoformat("2026-03-16T22:50:00+00:00")
    osei = await clinic.provider()
    amara = await clinic.patient()
    visit = await clinic.book(amara, osei, minutes=0)
    await amara.consents()
    await clinic.later(minutes=20)
    await amara.do(visit, "check-in", WHERE)
    await amara.do(visit, "device-check", DEVICE)
    await clinic.later(hours=3)
    assert await clinic.state(visit) == "waiting"
    clinic.clock.at += timedelta(hours=21)
    await clinic.settle()
    assert await clinic.state(visit) == "no-show"


async def test_an_unfinished_device_check_is_asked_about_once(clinic: Clinic) -> None:
    osei = await clinic.provider()
    amara, visit = await one_who(clinic, "Amara", osei, waits=False)
    await clinic.later(minutes=4)
    assert await amara.get("/notifications") == []
    await clinic.later(minutes=1)
    assert [one["kind"] for one in await amara.get("/notifications")] == ["DEVICE_CHECK_WAITS"]
    assert "DEVICE_CHECK_WAITS" in await heard(clinic, f"queue.{clinic.department}")
    await clinic.later(minutes=20)
    await amara.do(visit, "device-check", DEVICE)
    await clinic.settle()
    [old] = await amara.get("/notifications")
    assert old["readAt"]
