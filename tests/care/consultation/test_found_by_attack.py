"""Holes that were found by trying to break a visit, each kept shut."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from clinic import WHERE, Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}


async def _called_in_vain(clinic: Clinic) -> tuple[Person, UUID]:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await amara.gone()
    await osei.do(visit, "call-in", CALL)
    await clinic.later(minutes=3, seconds=1)
    return amara, visit


async def test_a_locked_phone_is_no_absence(clinic: Clinic) -> None:
    """Called in vain once, here for an hour since, then silent for some minutes: still in line."""
    amara, visit = await _called_in_vain(clinic)
    await amara.here()
    for _ in range(60):
        await clinic.later(minutes=1)
    for _ in range(8):
        await clinic.later(minutes=1, stay=False)
    assert await clinic.state(visit) == "waiting"


async def test_a_page_that_reloads_at_the_deadline_is_here(clinic: Clinic) -> None:
    amara, visit = await _called_in_vain(clinic)
    await amara.here()
    for _ in range(14):
        await clinic.later(minutes=1)
    await clinic.later(seconds=50)
    await amara.gone()
    await clinic.later(seconds=10)
    assert await clinic.state(visit) == "waiting"


async def test_who_stays_away_a_quarter_of_an_hour_is_a_no_show(clinic: Clinic) -> None:
    _, visit = await _called_in_vain(clinic)
    for _ in range(20):
        await clinic.later(minutes=1, stay=False)
    assert await clinic.state(visit) == "no-show"


async def test_cancelled_today_for_tomorrow_can_be_reopened_tomorrow(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei, minutes=25 * 60)
    await amara.consents()
    await amara.do(visit, "cancel", {"reason": "cannot-come"})
    await clinic.later(hours=24)
    at = (clinic.clock.at + timedelta(minutes=20)).isoformat()
    await amara.do(visit, "reopen", {"startsAt": at})
    assert (await amara.do(visit, "check-in", WHERE))["state"] == "checked-in"


async def test_the_place_is_known_after_coming_back_over_midnight(clinic: Clinic) -> None:
    clinic.clock.at = datetime(2026, 3, 16, 22, 40, tzinfo=UTC)  # twenty to midnight on the clinic's wall
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await clinic.later(minutes=10)
    await osei.do(visit, "give-up")
    await clinic.later(minutes=15)
    await amara.do(visit, "come-back")
    assert (await osei.see(visit))["place"] == WHERE["place"]


async def test_both_in_the_room_are_connected_however_late_it_is_heard(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await osei.here()
    await osei.enters(visit)
    await amara.enters(visit)
    clinic.clock.at += timedelta(minutes=3, seconds=1)
    await amara.here()
    await osei.here()
    await clinic.running.timekeeper.keep()
    await clinic.settle()
    assert await clinic.state(visit) == "in-progress"


async def test_who_was_taken_over_takes_part_no_longer(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "grant")
    aalto = await clinic.provider("Dr. Signe Aalto")
    await aalto.do(visit, "call-in", CALL)
    with problem("not-found"):
        await osei.do(visit, "messages", {"content": "Am I still here?"})
    assert (await osei.see(visit))["place"] is None


async def test_a_decision_is_not_put_into_somebody_elses_visit(clinic: Clinic) -> None:
    amara, mei, osei = await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.provider()
    visit = await clinic.book(amara, osei)
    with problem("not-found"):
        await mei.consents(visit=visit)


async def test_nobody_has_seen_what_is_not_yet_said(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await amara.do(visit, "grant")
    await osei.do(visit, "grant")
    await osei.do(visit, "messages", {"content": "First."})
    await amara.do(visit, "messages/read", {"upTo": 2**53})
    await osei.do(visit, "messages", {"content": "Call 112 now."})
    assert [one["seen"] for one in await osei.get(f"/consultations/{visit}/messages")] == [True, False]


async def test_a_basic_password_is_no_bearer(clinic: Clinic) -> None:
    """A browser adds it by itself: it must not stand in for the check where a change comes from."""
    amara = await clinic.patient()
    headers = {
        "authorization": "Basic abc",
        "cookie": f"__Host-bedside={amara.token}",
        "origin": "https://elsewhere.example",
        "idempotency-key": "twelve-letters",
    }
    answer = await clinic.http.post("/api/v1/sessions/end", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "origin-foreign")


async def test_what_the_api_answers_is_kept_nowhere(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    answer = await amara.raw("GET", f"/consultations/{visit}")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_patient_in_one_visit_is_not_called_into_another(clinic: Clinic) -> None:
    amara, osei, aalto = await clinic.patient(), await clinic.provider(), await clinic.provider("Dr. Signe Aalto")
    first, second = await clinic.waiting(amara, osei), await clinic.waiting(amara, aalto)
    await osei.do(first, "call-in", CALL)
    with problem("patient-elsewhere"):
        await aalto.do(second, "call-in", CALL)


@pytest.mark.spec("G2c")
async def test_cancelling_while_called_goes_by_way_of_waiting(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    assert (await amara.do(visit, "cancel", {"reason": "cannot-come"}))["state"] == "cancelled"
    acts = await clinic.actions()
    assert (acts.count("SEND_BACK"), acts.count("CANCEL")) == (1, 1)
