"""Consent in a living clinic: what needs it asks for it anew each time, and a withdrawal acts."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from bedside.care import consent
from bedside.store.pool import dsn_as
from care.hands import acting_for, announced
from clinic import DEVICE, TEXT, WHERE, Clinic, Person, problem
from conftest import PASSWORDS

CALL = {"identityConfirmed": True, "anyway": True}


async def withdraws(person: Person, *, type: str = "telehealth", visit: UUID | None = None) -> Any:
    """Take a yes back."""
    path = f"/patients/{person.patient}/consents/{type}/withdraw"
    return await person.post(path, {"consultation": str(visit)} if visit else {})


# --- before anything of the patient's is shared


@pytest.mark.spec("S97", "S110", "S111", "S145")
async def test_nobody_checks_in_without_consent(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    with problem("consent-missing"):
        await amara.do(visit, "check-in", WHERE)
    await amara.consents(granted=False)
    with problem("consent-missing"):
        await amara.do(visit, "check-in", WHERE)
    with problem("consent-missing"):
        await desk.do(visit, "check-in", WHERE)
    await amara.consents()
    assert (await amara.do(visit, "check-in", WHERE))["state"] == "checked-in"


@pytest.mark.spec("S107", "S112")
async def test_consent_that_has_run_out_is_none(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await clinic.owner.execute("update consent set expires_at = $1", clinic.clock.at)
    with problem("consent-missing"):
        await osei.do(visit, "call-in", CALL)
    assert await clinic.state(visit) == "waiting"


@pytest.mark.spec("S99", "S100")
async def test_consent_of_one_type_says_nothing_of_another(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    for type in ("data-sharing", "recording"):
        await amara.consents(type=type)
    with problem("consent-missing"):
        await amara.do(visit, "check-in", WHERE)
    await amara.consents()
    await withdraws(amara, type="recording")
    await amara.consents(type="data-sharing", granted=False)
    assert (await amara.do(visit, "check-in", WHERE))["state"] == "checked-in"
    with problem("not-found"):
        await amara.get("/consent-texts/everything")


STEPS = {
    "call-in": ("waiting", CALL),
    "call-back": ("wrapping_up", None),
    "come-back": ("waiting", None),
    "reschedule": ("waiting", WHERE),
}


@pytest.mark.spec("S158")
@pytest.mark.parametrize("verb", STEPS)
async def test_it_is_asked_for_again_at_each_step_that_needs_it(clinic: Clinic, verb: str) -> None:
    """Once, at check-in, is not enough."""
    amara, osei = await clinic.patient(), await clinic.provider()
    begin, body = STEPS[verb]
    visit = await getattr(clinic, begin)(amara, osei)
    if verb == "come-back":
        await osei.do(visit, "give-up")
    if verb == "reschedule":
        await osei.do(visit, "cancel", {"reason": "clinic"})
    await withdraws(amara)
    before = await clinic.state(visit)
    asks = osei if verb in ("call-in", "call-back") else amara
    with problem("consent-missing"):
        await asks.do(visit, verb, body)
    assert await clinic.state(visit) == before


@pytest.mark.spec("S158")
async def test_nothing_begins_once_it_is_taken_back(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await withdraws(amara)
    for person in (osei, amara):
        await person.here()
        await person.enters(visit)
    await clinic.settle()
    assert "CONNECT" not in await clinic.actions()
    assert await clinic.state(visit) == "waiting"


@pytest.mark.spec("S113", "S158")
async def test_consent_that_cannot_be_read_is_no_consent(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await clinic.owner.execute("revoke select on consent_head from bedside_app")
    answer = await amara.raw("POST", f"/consultations/{visit}/check-in", WHERE)
    assert answer.status_code >= 500
    assert await clinic.state(visit) == "scheduled"
    assert "CHECK_IN" not in await clinic.actions()


# --- taken back


async def is_told(clinic: Clinic, visit: UUID) -> bool:
    """Whether the visit's topic heard of the withdrawal."""
    return any(
        (one.topic, one.frame.get("kind")) == (f"consultation.{visit}", "CONSENT_REVOKED")
        for one in await announced(clinic)
    )


@pytest.mark.spec("S114")
async def test_taken_back_in_the_visit_it_ends(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await withdraws(amara, visit=visit)
    await clinic.settle()
    assert await clinic.state(visit) == "wrapping-up"
    ended = [row for row in await clinic.journal() if row["action"] == "END"]
    assert [(row["as_role"], b'"code":"consent-withdrawn"' in row["entry"]) for row in ended] == [("system", True)]
    assert await is_told(clinic, visit)
    assert (await osei.see(visit))["consent"]["granted"] is False
    with problem("consent-missing"):
        await osei.do(visit, "call-back")


async def test_taken_back_while_being_called_one_waits_again(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    since = (await amara.see(visit))["waitingSince"]
    await withdraws(amara, visit=visit)
    await clinic.settle()
    seen = await amara.see(visit)
    assert (seen["state"], seen["waitingSince"]) == ("waiting", since)
    sent = [row for row in await clinic.journal() if row["action"] == "SEND_BACK"]
    assert [(row["as_role"], b'"code":"consent-withdrawn"' in row["entry"]) for row in sent] == [("system", True)]
    assert await is_told(clinic, visit)


async def test_taken_back_while_waiting_the_place_is_kept(clinic: Clinic) -> None:
    amara, mei, osei = await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    clinic.clock.at += timedelta(minutes=1)
    await clinic.waiting(mei, osei)
    await withdraws(amara, visit=visit)
    await clinic.settle()
    assert (await amara.see(visit))["state"] == "waiting"
    with problem("consent-missing"):
        await osei.do(visit, "call-in", CALL)
    await amara.consents(visit=visit)
    assert (await amara.see(visit))["line"]["position"] == 1
    assert (await osei.do(visit, "call-in", CALL))["state"] == "connecting"


async def test_taken_back_at_check_in_the_place_is_kept(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await withdraws(amara, visit=visit)
    await clinic.settle()
    assert await clinic.state(visit) == "checked-in"
    assert (await amara.do(visit, "device-check", DEVICE))["state"] == "waiting"


async def test_other_consents_taken_back_end_nothing(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await amara.consents(type="recording")
    await withdraws(amara, type="recording", visit=visit)
    await clinic.settle()
    assert await clinic.state(visit) == "in-progress"


async def test_what_was_never_given_cannot_be_taken_back(clinic: Clinic) -> None:
    amara = await clinic.patient()
    with problem("not-found"):
        await withdraws(amara)


# --- the record


@pytest.mark.spec("S101..S109", "S114", "S115")
async def test_the_record_says_who_agreed_to_which_words(clinic: Clinic) -> None:
    amara = await clinic.patient()
    await amara.consents()
    await withdraws(amara)
    yes, no = await clinic.owner.fetch("select * from consent order by seq")
    digest = hashlib.sha256(TEXT.encode()).digest()
    for row, granted in ((yes, True), (no, False)):
        assert (row["patient"], row["type"], row["granted"], row["scope"]) == (
            amara.patient,
            "telehealth",
            granted,
            "clinic",
        )
        assert (row["text_sha256"], row["version"], row["language"]) == (digest, 1, "en")
        assert (row["signer"], row["capacity"], row["method"]) == (amara.account, "patient", "screen")
        assert (row["at"], row["expires_at"]) == (clinic.clock.at, None)
    given, revoked = [row for row in await clinic.journal() if row["kind"].startswith("PATIENT_CONSENT")]
    assert (given["kind"], given["action"]) == ("PATIENT_CONSENT_GIVEN", "CONSENT_GRANTED_telehealth")
    assert (revoked["kind"], revoked["action"]) == ("PATIENT_CONSENT_REVOKED", "CONSENT_REVOKED_telehealth")
    for told, row in ((given, yes), (revoked, no)):
        assert (told["as_role"], told["patient"], told["actor"]) == ("patient", amara.patient, amara.account)
        assert f'"consent_ref":"{row["id"]}"'.encode() in told["entry"]
        assert f'"on":{{"id":"{amara.patient}","kind":"patient"}}'.encode() in told["entry"]
        assert b'"type":"telehealth"' in told["entry"]


@pytest.mark.spec("S108")
async def test_nobody_consents_to_words_they_were_not_shown(clinic: Clinic) -> None:
    amara = await clinic.patient()
    shown = (await amara.get("/consent-texts/telehealth"))["sha256"]
    agree = {"type": "telehealth", "granted": True, "textSha256": "00" * 32}
    with problem("consent-text-changed"):
        await amara.post(f"/patients/{amara.patient}/consents", agree)
    async with clinic.work() as work:
        await consent.publish_text(work, type="telehealth", version=2, language="en", body="Other words.")
    with problem("consent-text-changed"):
        await amara.post(f"/patients/{amara.patient}/consents", agree | {"textSha256": shown})
    given = await amara.consents()
    assert (given["version"], given["textSha256"]) == (2, hashlib.sha256(b"Other words.").hexdigest())


async def test_a_text_in_use_is_never_changed(clinic: Clinic, database: str) -> None:
    app = await asyncpg.connect(dsn_as(database, "bedside_app", PASSWORDS["bedside_app"]))
    await app.execute("select set_config('bedside.org', $1, false)", str(clinic.org))
    amara = await clinic.patient()
    await amara.consents()
    try:
        for statement in (
            "update consent set granted = true",
            "delete from consent",
            "update consent_text set body = 'x'",
            "delete from consent_text",
            "truncate consent cascade",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
        with pytest.raises(asyncpg.CheckViolationError):
            await app.execute(
                "insert into consent_text values ($1, 'telehealth', 9, 'en', 'These words.', sha256('other words'))",
                clinic.org,
            )
    finally:
        await app.close()


async def test_only_the_patients_people_decide(clinic: Clinic) -> None:
    amara, mei, osei, desk = (
        await clinic.patient(),
        await clinic.patient("Mei", "Chow"),
        await clinic.provider(),
        await clinic.desk(),
    )
    shown = (await amara.get("/consent-texts/telehealth"))["sha256"]
    agree = {"type": "telehealth", "granted": True, "textSha256": shown}
    for person, slug in ((mei, "not-found"), (osei, "not-your-part"), (desk, "not-your-part")):
        with problem(slug):
            await person.post(f"/patients/{amara.patient}/consents", agree)
    guardian = await acting_for(clinic, amara, "guardian")
    await guardian.post(f"/patients/{amara.patient}/consents", agree)
    assert [tuple(row) for row in await clinic.owner.fetch("select signer, capacity from consent")] == [
        (guardian.account, "guardian")
    ]
    await clinic.owner.execute("update account_patient set until = now() where account = $1", guardian.account)
    with problem("not-found"):
        await withdraws(guardian)
