"""Who takes part in which visit, may do what there, and until when."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from care.hands import acting_for
from clinic import DEVICE, WHERE, Clinic, Person, problem

PATIENTS = ["read", "send", "signal", "files"]
PROVIDERS = ["read", "send", "signal", "files", "update"]


async def says(person: Person, visit: UUID) -> None:
    """Try to speak."""
    await person.do(visit, "messages", {"content": "Good morning."})


async def checked_in(clinic: Clinic, amara: Person, osei: Person) -> UUID:
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    return visit


@pytest.mark.spec("S146", "S151", "S299", "S300", "S303", "S304", "S308", "G10")
async def test_who_takes_part_is_permitted_by_name_and_by_operation(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await checked_in(clinic, amara, osei)
    token = {person.name: await person.do(visit, "grant") for person in (amara, osei)}
    assert token[amara.name]["operations"] == PATIENTS
    assert token[osei.name]["operations"] == PROVIDERS
    ask = 'select account, consultation, operations, token_hash from "grant" where revoked_at is null'
    rows = await clinic.owner.fetch(f"{ask} order by cardinality(operations)")
    for row, person in zip(rows, (amara, osei), strict=True):
        secret = token[person.name]["token"]
        assert (row["account"], row["consultation"]) == (person.account, visit)
        assert row["token_hash"] == hashlib.sha256(secret.encode()).digest(), "of the token only the hash is kept"
        assert not [operation for operation in row["operations"] if "*" in operation or "." in operation]
    kept = await clinic.owner.fetch("select t::text from journal t union all select i::text from idempotency i")
    assert not [row for row in kept for one in token.values() if one["token"] in row[0]]


@pytest.mark.spec("S302", "S307", "G33")
async def test_patients_are_permitted_for_a_quarter_and_providers_for_an_hour(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await checked_in(clinic, amara, osei)
    for person, minutes in ((amara, 15), (osei, 60)):
        ends = datetime.fromisoformat((await person.do(visit, "grant"))["expiresAt"])
        assert ends - clinic.clock.at == timedelta(minutes=minutes)
    await says(amara, visit)
    await amara.here()
    await clinic.later(minutes=15)
    with problem("grant-lapsed"):
        await says(amara, visit)
    await says(osei, visit)
    await clinic.later(minutes=45)
    with problem("grant-lapsed"):
        await says(osei, visit)
    await amara.do(visit, "grant")
    await says(amara, visit)


async def test_a_renewed_permission_replaces_the_old_one(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await checked_in(clinic, amara, osei)
    tokens = {(await amara.do(visit, "grant"))["token"] for _ in range(3)}
    assert len(tokens) == 3
    live = await clinic.owner.fetch('select token_hash from "grant" where revoked_at is null')
    assert len(live) == 1
    assert (await clinic.actions()).count("GRANT") == 1 + 3, "the first came with the check-in"


async def test_there_is_nothing_to_permit_before_check_in_and_after_the_end(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    for person in (amara, osei):
        with problem("not-from-here"):
            await person.do(visit, "grant")
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await amara.do(visit, "cancel", {"reason": "other"})
    for person in (amara, osei):
        with problem("not-from-here"):
            await person.do(visit, "grant")


@pytest.mark.spec("S300", "S301")
async def test_who_takes_no_part_is_permitted_nothing(clinic: Clinic) -> None:
    amara, mei, osei = await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.provider()
    desk, colleague = await clinic.desk(), await clinic.provider("Dr. Signe Aalto")
    visit = await checked_in(clinic, amara, osei)
    for person in (mei, desk, colleague):
        for verb, body in (("grant", None), ("messages", {"content": "Good morning."}), ("enter", {}), ("leave", None)):
            with problem("not-from-here" if verb == "enter" and person is not mei else "not-found"):
                await person.do(visit, verb, body)


async def test_the_patients_people_take_part_as_what_they_are(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    guardian = await acting_for(clinic, amara, "guardian")
    visit = await checked_in(clinic, amara, osei)
    assert (await guardian.do(visit, "grant"))["operations"] == PATIENTS
    seen = await osei.see(visit)
    assert sorted(person["role"] for person in seen["people"]) == ["guardian", "patient", "provider"]


@pytest.mark.spec("S161", "G38")
async def test_the_end_ends_every_permission_but_the_providers(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    for person in (amara, osei):
        await person.do(visit, "grant")
        await says(person, visit)
    await osei.do(visit, "end")
    with problem("not-found"):
        await says(amara, visit)
    with problem("not-found"):
        await amara.do(visit, "grant")
    await says(osei, visit)
    revoked = [row for row in await clinic.journal() if row["kind"] == "ACCESS_TOKEN_REVOKED"]
    assert [f'"account":"{amara.account}"'.encode() in row["entry"] for row in revoked] == [True]
    await osei.do(visit, "call-back")
    await amara.do(visit, "grant")
    await says(amara, visit)
    await osei.do(visit, "end")
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    for person in (amara, osei):
        with problem("not-found"):
            await says(person, visit)
    assert await clinic.owner.fetchval('select count(*) from "grant" where revoked_at is null') == 0
    assert await clinic.owner.fetchval("select count(*) from participant where state = 'present'") == 0
    assert await clinic.owner.fetchval("select count(*) from connection where entered is not null") == 0


async def test_a_visit_of_another_day_needs_a_permission_of_its_own(clinic: Clinic) -> None:
    """One pair of people, two visits: nothing of the one opens the other."""
    amara, osei = await clinic.patient(), await clinic.provider()
    first, second = await checked_in(clinic, amara, osei), await clinic.book(amara, osei)
    await amara.do(first, "grant")
    await says(amara, first)
    await (await clinic.desk()).do(second, "check-in", WHERE)
    with problem("grant-lapsed"):
        await says(amara, second)
    await amara.do(second, "device-check", DEVICE)
    assert await amara.get(f"/consultations/{second}/messages") == []
