"""The desk gives times: today or tomorrow, now for who walks in, another; and the patient's link."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bedside.care import people
from bedside.kernel import Role
from care.hands import another_department, heard, member_of
from clinic import WHERE, Clinic, Person, problem

NEW = {"camera": "skipped", "microphone": "skipped", "connection": "skipped", "reason": "helped-by-desk"}


async def spoken(clinic: Clinic, desk: Person) -> str:
    """The hash of the text that the desk reads out."""
    return str((await desk.get("/consent-texts/telehealth"))["sha256"])


def wanted(clinic: Clinic, person: Person, **more: object) -> dict[str, object]:
    return {"patient": str(person.patient), "department": str(clinic.department)} | more


async def test_a_time_is_booked_on_the_clinics_wall_clock(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    today = wanted(clinic, amara, provider=str(osei.account), day="2026-03-16", time="15:30", minutes=30)
    booked = await desk.post("/consultations", today)
    assert (booked["startsAt"], booked["state"]) == ("2026-03-16T14:30:00Z", "scheduled")
    seen = await desk.see(UUID(booked["consultation"]))
    assert (seen["zone"], seen["minutes"], seen["providerName"]) == ("Europe/Vienna", 30, "Dr. Kwame Osei")
    tomorrow = await desk.post("/consultations", wanted(clinic, amara, day="2026-03-17", time="00:00"))
    assert tomorrow["startsAt"] == "2026-03-16T23:00:00Z"


@pytest.mark.parametrize(
    ("now", "day", "time", "instant"),
    [
        ("2026-03-28T12:00:00Z", "2026-03-29", "01:59", "2026-03-29T00:59:00Z"),
        ("2026-03-28T12:00:00Z", "2026-03-29", "02:30", None),  # the clocks go forward: this time never comes
        ("2026-03-28T12:00:00Z", "2026-03-29", "03:00", "2026-03-29T01:00:00Z"),
        (
            "2026-10-24T12:00:00Z",
            "2026-10-25",
            "02:30",
            "2026-10-25T00:30:00Z",
        ),  # back: it comes twice, the first counts
        ("2026-10-25T00:45:00Z", "2026-10-25", "02:30", "2026-10-25T01:30:00Z"),  # and then the one still to come
    ],
)
async def test_the_night_when_the_clocks_change(
    clinic: Clinic, now: str, day: str, time: str, instant: str | None
) -> None:
    clinic.clock.at = datetime.fromisoformat(now)
    amara, desk = await clinic.patient(), await clinic.desk()
    ask = desk.post("/consultations", wanted(clinic, amara, day=day, time=time))
    if instant is None:
        with problem("no-such-time"):
            await ask
    else:
        assert (await ask)["startsAt"] == instant


async def test_what_has_passed_or_is_nowhere_is_not_booked(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    elsewhere = await another_department(clinic)
    stranger = await member_of(clinic, "Dr. Far Away", Role.PROVIDER, elsewhere)
    for refusal, more in [
        ("time-past", {"day": "2026-03-16", "time": "09:59"}),
        ("time-past", {"day": "2027-03-18", "time": "10:00"}),
        ("time-past", {"day": "9999-12-31", "time": "23:00"}),
        ("time-past", {"day": "0001-01-01", "time": "00:00"}),
        ("time-past", {"day": "2026-03-17", "time": "24:30"}),
        ("invalid", {"day": "2026-03-17", "time": "ten"}),
        ("invalid", {"day": "2026-03-17", "time": "10:00", "minutes": 481}),
        ("invalid", {"day": "2026-03-17", "time": "10:00", "priority": "soon"}),
        ("nobody-there", {"day": "2026-03-17", "time": "10:00", "provider": str(stranger.account)}),
        ("not-found", {"day": "2026-03-17", "time": "10:00", "department": str(elsewhere)}),
        ("not-found", {"day": "2026-03-17", "time": "10:00", "patient": str(osei.account)}),
    ]:
        with problem(refusal):
            await desk.post("/consultations", wanted(clinic, amara, **more))
    assert (await desk.post("/consultations", wanted(clinic, amara, day="2026-03-16", time="10:00")))["state"]


async def test_who_walks_in_is_taken_in_at_once(clinic: Clinic) -> None:
    desk = await clinic.desk()
    mei = await desk.post("/patients", {"given": "Mei", "family": "Chow", "birthDate": "1989-07-19"})
    asked = {"patient": mei["patient"], "department": str(clinic.department)}
    with problem("consent-missing"):
        await desk.post("/consultations/walk-in", asked | WHERE)
    assert await clinic.owner.fetchval("select count(*) from consultation") == 0
    here = await desk.post("/consultations/walk-in", asked | WHERE | {"spoken": await spoken(clinic, desk)})
    assert (here["state"], here["startsAt"]) == ("checked-in", "2026-03-16T09:00:00Z")
    visit = UUID(here["consultation"])
    assert (await desk.do(visit, "device-check", NEW))["state"] == "waiting"
    [row] = (await desk.get(f"/departments/{clinic.department}/queue"))["rows"]
    assert (row["name"], row["consent"], row["position"]) == ("Mei Chow", True, 1)
    signed = await clinic.owner.fetchrow("select capacity, method, signer from consent")
    assert signed is not None
    assert tuple(signed) == ("on-behalf", "spoken", desk.account)


async def test_what_a_patient_says_on_the_telephone_is_noted(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    said = {"type": "telehealth", "granted": True, "textSha256": await spoken(clinic, desk)}
    path = f"/patients/{amara.patient}/consents/spoken"
    await desk.post(path, said | {"consultation": str(visit)})
    assert (await desk.do(visit, "check-in", WHERE))["state"] == "checked-in"
    await desk.post(path, said | {"consultation": str(visit), "granted": False})
    with problem("consent-text-changed"):
        await desk.post(path, said | {"consultation": str(visit), "textSha256": "00" * 32})
    await desk.do(visit, "device-check", NEW)
    with problem("consent-missing"):
        await osei.do(visit, "call-in", {"identityConfirmed": True, "anyway": True})
    with problem("not-found"):
        await desk.post(path, said | {"consultation": str(UUID(int=1))})


async def test_a_new_time_while_scheduled_is_the_same_visit(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei, minutes=0)
    moved = await desk.do(visit, "new-time", {"day": "2026-03-17", "time": "10:00"})
    assert (moved["consultation"], moved["startsAt"]) == (str(visit), "2026-03-17T09:00:00Z")
    assert "APPOINTMENT_CHANGED" in await heard(clinic, f"consultation.{visit}")
    await clinic.later(minutes=90)
    assert await clinic.state(visit) == "scheduled", "it was missed at its old time"
    with problem("not-your-part"):
        await amara.do(visit, "new-time", {"day": "2026-03-17", "time": "11:00"})


@pytest.mark.spec("S34")
async def test_another_day_is_another_visit_and_the_link_follows(clinic: Clinic) -> None:
    """G1: removed with reason `rescheduled`; `moved_to` joins the two; the patient's link leads to the new one."""
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    link = await desk.do(visit, "link")
    with problem("another-day-needed"):
        await desk.do(visit, "new-time", {"day": "2026-03-16", "time": "18:00"})
    moved = await desk.do(visit, "new-time", {"day": "2026-03-20", "time": "10:00"})
    seen = await amara.see(visit)
    assert (seen["state"], seen["closeReason"], seen["movedTo"]) == ("cancelled", "rescheduled", moved["consultation"])
    assert "PATIENT_REMOVED" in await heard(clinic, f"queue.{clinic.department}")
    new = await amara.see(UUID(moved["consultation"]))
    assert (new["state"], new["providerName"], new["queueEntry"]) == ("scheduled", "Dr. Kwame Osei", None)
    await clinic.later(hours=72, stay=False)
    signed_in, _ = await people.use_link(clinic.house, link["path"].removeprefix("/k/"))
    async with clinic.work(signed_in.actor) as work:
        assert str(await people.visit_of_session(work)) == moved["consultation"]


async def test_what_was_moved_is_not_taken_up_again(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    await desk.do(visit, "new-time", {"day": "2026-03-17", "time": "10:00"})
    with problem("moved-away"):
        await desk.do(visit, "reschedule", WHERE)
    with problem("not-from-here"):
        await desk.do(visit, "new-time", {"day": "2026-03-18", "time": "10:00"})
    never = await clinic.book(amara, osei)
    await desk.do(never, "give-up")
    await desk.do(never, "new-time", {"day": "2026-03-17", "time": "11:00"})
    with problem("moved-away"):
        await amara.do(never, "reopen", {"startsAt": (clinic.clock.at + timedelta(hours=1)).isoformat()})
    assert await clinic.owner.fetchval("select count(*) from consultation where state = 'scheduled'") == 2


async def test_who_is_being_called_is_first_sent_back(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.connecting(amara, osei)
    await desk.do(visit, "new-time", {"day": "2026-03-17", "time": "10:00"})
    acts = await clinic.actions()
    assert acts[acts.index("SEND_BACK") :].count("CANCEL") == 1
    assert await clinic.state(visit) == "cancelled"
    for person in (osei, amara):
        await person.here()
    live = await clinic.in_progress(amara, osei)
    with problem("not-from-here"):
        await desk.do(live, "new-time", {"day": "2026-03-17", "time": "10:00"})


async def test_a_link_lives_until_a_day_after_the_visit_and_belongs_to_it(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    link = await desk.do(visit, "link")
    assert datetime.fromisoformat(link["expiresAt"]) == clinic.clock.at.astimezone(UTC) + timedelta(days=1, minutes=30)
    await desk.do(visit, "cancel", {"reason": "clinic"})
    with problem("not-from-here"):
        await desk.do(visit, "link")
    elsewhere = await member_of(clinic, "Far Desk", Role.FRONT_DESK, await another_department(clinic))
    with problem("not-found"):
        await elsewhere.do(visit, "link")
