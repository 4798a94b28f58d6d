"""What a patient, a clinician and the desk are told of the wait, out of a real database."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bedside.kernel import Role
from care.hands import member_of
from clinic import Clinic, Person, problem


async def seen(clinic: Clinic, name: str, osei: Person, *, minutes: int) -> None:
    """A visit that took so long, from call to summary."""
    amara = await clinic.patient("Amara", name)
    visit = await clinic.in_progress(amara, osei)
    await clinic.later(minutes=minutes)
    await osei.do(visit, "end")
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    await amara.gone()
    await clinic.later(minutes=1)


async def wait_of(person: Person, visit: UUID) -> dict[str, Any]:
    """What their page is told, by the cheap way, which says the same as the whole view."""
    place = await person.get(f"/consultations/{visit}/line")
    assert place == (await person.see(visit))["line"]
    return place["wait"]


@pytest.mark.spec("U1", "S228", "S12")
async def test_the_wait_is_by_plan_first_and_learned_from_todays_visits_then(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    await osei.here()
    mei, zoe = await clinic.patient("Mei", "Chow"), await clinic.patient("Zoe", "Zapata")
    await clinic.waiting(mei, osei)
    await clinic.later(minutes=1)
    visit = await clinic.waiting(zoe, osei)
    planned = await wait_of(zoe, visit)
    assert planned["basis"] == "booked"
    assert 12 <= planned["middle"] <= 32 < planned["nineInTen"] < 90
    [row] = [
        r for r in (await desk.get(f"/departments/{clinic.department}/queue"))["rows"] if r["name"].startswith("Zoe")
    ]
    assert (row["estimatedWaitMinutes"], row["nineInTenMinutes"]) == (planned["middle"], planned["nineInTen"])
    assert row["waitBasis"] == "booked"
    assert row["told"] == {"middle": planned["middle"], "nineInTen": planned["nineInTen"]}, "of what, is not kept"
    assert (await osei.get("/waiting-room"))["waiting"][1]["estimatedWaitMinutes"] == planned["middle"]
    for n in range(5):
        await seen(clinic, f"Number {n}", osei, minutes=4)
    learned = await wait_of(zoe, visit)
    assert learned["basis"] == "learned"
    assert learned["middle"] <= 9, "five visits took four minutes each"


@pytest.mark.spec("U1")
async def test_visits_of_other_days_change_nothing(clinic: Clinic) -> None:
    osei, zoe = await clinic.provider(), await clinic.patient("Zoe", "Zapata")
    await osei.here()
    for n in range(6):
        await seen(clinic, f"Number {n}", osei, minutes=3)
    visit = await clinic.waiting(zoe, osei)
    assert (await wait_of(zoe, visit))["basis"] == "learned"
    await zoe.do(visit, "cancel", {"reason": "other"})
    await clinic.later(hours=24)
    mei = await clinic.patient("Mei", "Chow")
    for person in (mei, osei):
        await person.here()
    second = await clinic.waiting(mei, osei)
    with_yesterday = await wait_of(mei, second)
    long_ago = """update consultation set called_at = called_at - interval '40 days',
        ended_at = ended_at - interval '40 days' + interval '3 hours' where state = 'completed'"""
    await clinic.owner.execute(long_ago)
    clinic.house.memory.clear()
    assert await wait_of(mei, second) == with_yesterday
    assert with_yesterday["basis"] == "booked"


@pytest.mark.spec("U1")
async def test_without_anybody_on_duty_we_cannot_tell(clinic: Clinic) -> None:
    osei, zoe = await clinic.provider(), await clinic.patient("Zoe", "Zapata")
    visit = await clinic.waiting(zoe, osei)
    unknown = {"middle": None, "nineInTen": None, "basis": "unknown"}
    assert await wait_of(zoe, visit) == unknown, "no page of the clinician is open"
    await osei.here()
    await clinic.later(seconds=2)
    assert (await wait_of(zoe, visit))["middle"] >= 1
    await osei.ask("PUT", "/availability", {"status": "away"})
    await clinic.later(seconds=2)
    assert await wait_of(zoe, visit) == unknown


async def test_it_says_when_it_takes_longer_than_was_said_first(clinic: Clinic) -> None:
    osei, zoe = await clinic.provider(), await clinic.patient("Zoe", "Zapata")
    await osei.here()
    await clinic.waiting(await clinic.patient("Mei", "Chow"), osei)
    await clinic.later(minutes=1)
    visit = await clinic.waiting(zoe, osei)
    first = await wait_of(zoe, visit)
    assert not (await zoe.get(f"/consultations/{visit}/line"))["longer"]
    await clinic.later(minutes=first["nineInTen"])
    assert (await zoe.get(f"/consultations/{visit}/line"))["longer"]
    told_at = await clinic.owner.fetchval("select at from wait_told where consultation = $1", visit)
    assert told_at == clinic.clock.at - timedelta(minutes=first["nineInTen"]), "the first word stands"


@pytest.mark.spec("U2")
async def test_who_is_passed_sees_why_and_when(clinic: Clinic) -> None:
    osei, nurse = await clinic.provider(), await member_of(clinic, "Ana Lima", Role.NURSE, clinic.department)
    zoe, mei = await clinic.patient("Zoe", "Zapata"), await clinic.patient("Mei", "Chow")
    mine = await clinic.waiting(zoe, osei)
    await clinic.later(minutes=1)
    other = await clinic.waiting(mei, osei)
    await nurse.do(other, "priority", {"priority": "emergency", "reason": "worse"})
    page = await clinic.http.get(f"/visit/{mine}/line", headers={"authorization": f"Bearer {zoe.token}"})
    assert "The order changed at 10:01." in page.text
    assert "Someone needs care urgently and goes first. You did not lose your seat." in page.text
    assert "1 before you" in page.text


@pytest.mark.spec("S228")
async def test_a_place_says_nothing_of_anybody_else_and_is_only_ones_own(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    zoe, mei = await clinic.patient("Zoe", "Zapata"), await clinic.patient("Mei", "Chow")
    await osei.here()
    mine, other = await clinic.waiting(zoe, osei), await clinic.waiting(mei, osei)
    for person, visit in ((zoe, other), (mei, mine), (desk, mine), (osei, mine)):
        with problem("not-found"):
            await person.get(f"/consultations/{visit}/line")
    place = await mei.get(f"/consultations/{other}/line")
    assert place.keys() == {"position", "ahead", "since", "changed", "wait", "longer"}, "numbers and times, nobody's id"
    page = await clinic.http.get(f"/visit/{other}/line", headers={"authorization": f"Bearer {mei.token}"})
    assert "From the booked times, your turn in about" in page.text
    for somebody in ("Zoe", "Zapata", str(mine), str(zoe.patient), "Osei"):
        assert somebody not in page.text
    elsewhere = await clinic.http.get(f"/visit/{mine}/line", headers={"authorization": f"Bearer {mei.token}"})
    assert elsewhere.headers["location"] == f"/visit/{mine}", "where she is told that it is not hers"
    await desk.do(other, "cancel", {"reason": "clinic"})
    with problem("not-found"):
        await mei.get(f"/consultations/{other}/line")
