"""Who is told that they are waited for: once, at once, and no longer than it is true."""

from typing import Any
from uuid import UUID

import pytest

from care.hands import acting_for, announced, heard
from clinic import DEVICE, WHERE, Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}


async def told(person: Person) -> list[str]:
    """What this person has been told and has not taken note of, the newest first."""
    await person.clinic.settle()
    return [one["kind"] for one in await person.get("/notifications") if one["readAt"] is None]


@pytest.mark.spec("S51", "S57", "G3", "G4")
async def test_a_provider_is_told_when_somebody_waits_and_not_before(clinic: Clinic) -> None:
    amara, osei, aalto = await clinic.patient(), await clinic.provider(), await clinic.provider("Dr. Signe Aalto")
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    assert await told(osei) == [], "check-in itself is a quiet update"
    await amara.do(visit, "device-check", DEVICE)
    assert await told(osei) == ["PATIENT_READY"]
    assert await told(aalto) == await told(amara) == []
    assert await heard(clinic, f"notification.{osei.account}") == ["PATIENT_READY"]


async def test_what_is_no_longer_news_is_told_as_well(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await told(osei)
    at = len(await clinic.journal())
    await osei.do(visit, "give-up")
    assert await told(osei) == []
    settled = [one for one in await announced(clinic, at) if one.topic == f"notification.{osei.account}"]
    assert [one.frame["kind"] for one in settled] == ["NOTIFICATION_SETTLED"], "the other page's bell falls silent too"


@pytest.mark.spec("S50", "S153")
async def test_a_patient_is_told_when_the_provider_is_ready(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    guardian = await acting_for(clinic, amara, "guardian")
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "call-in", CALL)
    assert await told(amara) == await told(guardian) == ["PROVIDER_READY"]
    assert await told(osei) == [], "who is called waits no longer"
    [one] = await amara.get("/notifications")
    assert (one["priority"], one["consultation"]) == ("high", str(visit))
    assert await heard(clinic, f"notification.{amara.account}") == ["PROVIDER_READY"]


@pytest.mark.spec("S56", "S60", "S62", "S65")
async def test_a_notification_has_an_id_a_priority_a_time_and_a_history(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await clinic.settle()
    [one] = await osei.get("/notifications")
    assert UUID(one.pop("id"))
    assert one == {
        "kind": "PATIENT_READY",
        "priority": "normal",
        "consultation": str(visit),
        "madeAt": "2026-03-16T09:00:00Z",
        "readAt": None,
    }
    await osei.do(visit, "give-up")
    await clinic.settle()
    [kept] = await osei.get("/notifications")
    assert (kept["kind"], kept["readAt"]) == ("PATIENT_READY", "2026-03-16T09:00:00Z")


@pytest.mark.spec("S55", "G6")
async def test_its_priority_follows_the_queues(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await amara.consents()
    loud: dict[str, str] = {}
    for queue in ("emergency", "urgent", "normal", "follow-up"):
        visit = await clinic.book(amara, osei)
        await clinic.owner.execute("update consultation set priority = $2 where id = $1", visit, queue)
        await amara.do(visit, "check-in", WHERE)
        await amara.do(visit, "device-check", DEVICE)
        await clinic.settle()
        told_of = {one["consultation"]: one["priority"] for one in await osei.get("/notifications")}
        loud[queue] = told_of[str(visit)]
    assert loud == {"emergency": "critical", "urgent": "high", "normal": "normal", "follow-up": "normal"}


async def test_with_nobody_assigned_those_on_duty_are_told(clinic: Clinic) -> None:
    amara, osei, aalto = await clinic.patient(), await clinic.provider(), await clinic.provider("Dr. Signe Aalto")
    away, desk = await clinic.provider("Dr. Away"), await clinic.desk()
    await away.ask("PUT", "/availability", {"status": "away"})
    await clinic.waiting(amara, None)
    assert await told(osei) == await told(aalto) == ["PATIENT_READY"]
    assert await told(away) == await told(desk) == []


async def test_each_occasion_tells_once_however_often_it_is_heard(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "call-in", CALL)
    await clinic.settle()
    await clinic.owner.execute("update reader set n = 0 where name = 'notification'")
    await clinic.settle()
    rows = await clinic.owner.fetch("select account, kind from notification order by made_at, kind")
    assert sorted(tuple(row) for row in rows) == sorted(
        [(osei.account, "PATIENT_READY"), (amara.account, "PROVIDER_READY")]
    )
    assert (await clinic.actions()).count("NOTIFY_PATIENT_READY") == 1
    await osei.do(visit, "send-back", {"reason": "technical"})
    assert await told(osei) == ["PATIENT_READY"], "a new occasion"
    await osei.do(visit, "call-in", CALL)
    assert await told(amara) == ["PROVIDER_READY"]
    assert (await clinic.actions()).count("NOTIFY_PROVIDER_READY") == 2


async def test_called_back_rings_again(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.wrapping_up(amara, osei)
    assert await told(amara) == []
    await osei.do(visit, "call-back")
    assert await told(amara) == ["PROVIDER_READY"]


async def test_only_its_reader_takes_note_of_it(clinic: Clinic) -> None:
    amara, osei, aalto = await clinic.patient(), await clinic.provider(), await clinic.provider("Dr. Signe Aalto")
    await clinic.waiting(amara, osei)
    await clinic.settle()
    [one] = await osei.get("/notifications")
    for person in (amara, aalto):
        await person.post(f"/notifications/{one['id']}/read")
    assert await told(osei) == ["PATIENT_READY"]
    for _ in range(2):
        await osei.post(f"/notifications/{one['id']}/read")
    assert await told(osei) == []
    assert (await clinic.actions()).count("READ_NOTIFICATION") == 1


@pytest.mark.spec("S148", "S298", "G25", "G40")
async def test_what_is_told_names_nobody(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await clinic.settle()
    frames: list[dict[str, Any]] = [
        one.frame for one in await announced(clinic) if one.topic == f"notification.{osei.account}"
    ]
    [frame] = frames
    assert frame == {
        "t": "n",
        "kind": "PATIENT_READY",
        "at": "2026-03-16T09:00:00.000000Z",
        "consultation": str(visit),
        "account": str(osei.account),
    }
    [sent] = [row for row in await clinic.journal() if row["kind"] == "NOTIFICATION_SENT"]
    assert (sent["action"], sent["as_role"], sent["consultation"]) == ("NOTIFY_PATIENT_READY", "system", visit)
    assert b"Amara" not in sent["entry"]


async def test_the_summary_that_is_not_written_nags(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await clinic.wrapping_up(amara, osei)
    await clinic.later(minutes=14)
    assert await told(osei) == []
    await clinic.later(minutes=1)
    assert await told(osei) == ["WRAP_UP_WAITS"]
    await clinic.later(minutes=59)
    assert await told(osei) == ["WRAP_UP_WAITS"]
    await clinic.later(minutes=1)
    assert await told(osei) == ["WRAP_UP_WAITS"] * 2


async def test_a_notification_that_is_not_there_is_no_error_and_no_act(clinic: Clinic) -> None:
    amara = await clinic.patient()
    await amara.post(f"/notifications/{UUID(int=1)}/read")
    assert "READ_NOTIFICATION" not in await clinic.actions()
    with problem("not-found"):
        await amara.post("/notifications/none/read")
