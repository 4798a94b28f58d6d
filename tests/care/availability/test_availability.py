"""Who is free, who is here, who is in the room: what was said, and what the silence says."""

from datetime import timedelta
from typing import Any

import pytest

from bedside.care import availability
from bedside.journal import Work
from bedside.kernel import Role
from care.hands import announced, another_department, heard, member_of
from clinic import Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}


async def shown(clinic: Clinic, desk: Person) -> dict[str, str]:
    """Each colleague's status, as the desk sees it."""
    board = await desk.get(f"/departments/{clinic.department}/queue")
    return {colleague["name"]: colleague["status"] for colleague in board["colleagues"]}


async def says(person: Person, status: str) -> None:
    """A provider sets their own status."""
    await person.ask("PUT", "/availability", {"status": status})


@pytest.mark.spec("S80", "S82", "S83")
async def test_a_provider_is_what_they_say_while_their_page_is_open(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "offline"}, "available, and not connected"
    await osei.here()
    for status in ("available", "away", "offline", "available"):
        await says(osei, status)
        assert await shown(clinic, desk) == {"Dr. Kwame Osei": status}
    await osei.gone()
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "offline"}


@pytest.mark.spec("S83", "X6")
async def test_two_minutes_of_silence_are_an_absence(clinic: Clinic) -> None:
    osei, amara, desk = await clinic.provider(), await clinic.patient(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    await osei.here()
    clinic.clock.at += timedelta(seconds=119)
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "available"}
    assert (await osei.see(visit))["patientHere"] is True
    clinic.clock.at += timedelta(seconds=1)
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "offline"}
    assert (await osei.see(visit))["patientHere"] is False
    with problem("patient-away"):
        await osei.do(visit, "call-in", {"identityConfirmed": True})
    await amara.here()
    assert (await osei.do(visit, "call-in", {"identityConfirmed": True}))["state"] == "connecting"


@pytest.mark.spec("S81", "S96")
async def test_a_visit_makes_busy_and_its_end_makes_free(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    await osei.here()
    await osei.do(visit, "call-in", CALL)
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "in-consultation"}
    await osei.do(visit, "send-back", {"reason": "technical"})
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "available"}
    await osei.do(visit, "call-in", CALL)
    for person in (osei, amara):
        await person.enters(visit)
    await clinic.settle()
    await osei.do(visit, "end")
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "in-consultation"}, "the summary is still to be written"
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "available"}


@pytest.mark.spec("S85..S91")
async def test_patients_are_sent_only_to_who_is_free(clinic: Clinic) -> None:
    amara, osei, aalto = await clinic.patient(), await clinic.provider(), await clinic.provider("Dr. Signe Aalto")
    away = await clinic.provider("Dr. Away")
    await clinic.provider("Dr. Not Connected")
    elsewhere = await member_of(clinic, "Dr. Elsewhere", Role.PROVIDER, await another_department(clinic))
    for person in (osei, aalto, away, elsewhere):
        await person.here()
        await says(person, "available")
    await says(away, "away")
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "call-in", CALL)
    free = await amara.get(f"/departments/{clinic.department}/providers/available")
    assert free == [
        {
            "account": str(aalto.account),
            "name": "Dr. Signe Aalto",
            "specialty": "General practice",
            "status": "available",
            "statusAt": "2026-03-16T09:00:00Z",
            "currentPatientCount": 0,
            "maxPatients": 1,
        }
    ]


@pytest.mark.spec("G24", "S88", "S89")
async def test_who_may_see_two_may_be_called_twice(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    await osei.here()
    visits = [await clinic.waiting(await clinic.patient("Amara", f"Okafor {n}"), osei) for n in range(3)]
    await clinic.owner.execute("update provider set max_patients = 2")
    await osei.do(visits[0], "call-in", CALL)
    await says(osei, "available")
    free = await desk.get(f"/departments/{clinic.department}/providers/available")
    assert [(one["currentPatientCount"], one["maxPatients"]) for one in free] == [(1, 2)]
    await osei.do(visits[1], "call-in", CALL)
    with problem("provider-full") as full:
        await osei.do(visits[2], "call-in", CALL)
    assert (full.value.problem["load"], full.value.problem["most"]) == (2, 2)
    await says(osei, "available")
    assert await desk.get(f"/departments/{clinic.department}/providers/available") == []


@pytest.mark.spec("S84")
async def test_a_change_is_heard_in_each_of_the_departments(clinic: Clinic) -> None:
    elsewhere = await another_department(clinic)
    osei = await clinic.provider()
    everywhere = await member_of(clinic, "Dr. Everywhere", Role.PROVIDER, None)
    before = len(await clinic.journal())
    await says(everywhere, "available")
    await says(everywhere, "available")
    await says(osei, "away")
    assert await heard(clinic, f"presence.providers.{clinic.department}", before) == ["statusChange"] * 2
    assert await heard(clinic, f"presence.providers.{elsewhere}", before) == ["statusChange"]
    told = [one.frame["status"] for one in await announced(clinic, before) if one.topic.endswith(str(elsewhere))]
    assert told == ["available"]


@pytest.mark.spec("S92", "G31")
async def test_an_outage_is_never_an_empty_list(clinic: Clinic) -> None:
    osei, desk = await clinic.provider(), await clinic.desk()
    amara = await clinic.patient()
    await clinic.waiting(amara, osei)
    await clinic.house.database.app.close()
    for path in (f"/departments/{clinic.department}/providers/available", f"/departments/{clinic.department}/queue"):
        answer = await desk.raw("GET", path)
        told: dict[str, Any] = answer.json()
        assert (answer.status_code, told["type"]) == (503, "unavailable")
        assert answer.headers["retry-after"]


async def test_only_a_provider_is_available(clinic: Clinic) -> None:
    amara, desk, osei = await clinic.patient(), await clinic.desk(), await clinic.provider()
    for person in (amara, desk):
        with problem("not-your-part"):
            await says(person, "available")
    with problem("invalid"):
        await says(osei, "asleep")


async def test_a_page_of_somebody_else_does_not_beat_for_me(clinic: Clinic) -> None:
    """A heartbeat under another person's connection changes nothing of theirs."""
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    await osei.here()
    clinic.clock.at += timedelta(seconds=119)
    async with Work(clinic.house, amara.actor) as work:
        await availability.beat(work, connection=osei.account, device="test")
        assert await availability.gone(work, connection=osei.account) is None
    clinic.clock.at += timedelta(seconds=2)
    assert await shown(clinic, desk) == {"Dr. Kwame Osei": "offline"}


@pytest.mark.spec("S83")
async def test_nobody_is_there_after_two_minutes_of_silence_and_not_before(clinic: Clinic) -> None:
    """A page that beats stays, however long; silence counts from the last beat, and after 120 s nobody is there."""
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)

    async def there() -> bool:
        rows = (await desk.get(f"/departments/{clinic.department}/queue"))["rows"]
        [here] = [row["here"] for row in rows if row["consultation"] == str(visit)]
        return bool(here)

    for _ in range(10):
        clinic.clock.at += timedelta(seconds=30)
        await amara.here()
        assert await there()
    clinic.clock.at += timedelta(seconds=119)
    assert await there()
    clinic.clock.at += timedelta(seconds=1)
    assert not await there()
    await amara.here()
    assert await there()
