"""Where the patient is now: known to those who take part while it matters, and then to nobody, anywhere."""

from typing import Any
from uuid import UUID

import pytest

from bedside.crypto import KeyDestroyed
from bedside.kernel import Disclosure
from care.hands import acting_for, value
from clinic import DEVICE, WHERE, Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}


async def place_in(person: Person, visit: UUID) -> tuple[str | None, str | None]:
    """Where the patient is, in this person's eyes."""
    seen = await person.see(visit)
    return seen["place"], seen["callback"]


async def rows(clinic: Clinic) -> list[Any]:
    return await clinic.owner.fetch("select * from consultation_place")


async def key_of(clinic: Clinic) -> UUID:
    return await value(clinic, "select transient_key from consultation")


@pytest.mark.spec("U5")
async def test_who_takes_part_sees_it_and_nobody_else(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    guardian, aalto = await acting_for(clinic, amara, "guardian"), await clinic.provider("Dr. Signe Aalto")
    visit = await clinic.waiting(amara, osei)
    for person in (amara, guardian, osei):
        assert await place_in(person, visit) == (WHERE["place"], WHERE["callback"])
    for person in (desk, aalto):
        assert await place_in(person, visit) == (None, None)


async def test_it_is_sealed_under_a_key_of_its_own(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await clinic.waiting(amara, osei)
    [row] = await rows(clinic)
    key = await key_of(clinic)
    assert row["place"][1:17] == row["callback"][1:17] == key.bytes
    assert key != await clinic.owner.fetchval("select record_key from consultation")
    assert WHERE["place"].encode() not in row["place"]


@pytest.mark.spec("U5", "S161")
async def test_after_the_visit_the_row_is_gone_and_the_key_is_destroyed(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await amara.do(visit, "grant")
    await amara.do(visit, "messages", {"content": "Good morning."})
    [stolen] = await rows(clinic)
    key = await key_of(clinic)
    await osei.do(visit, "end")
    await clinic.settle()
    assert await rows(clinic), "while the summary is written it may still be needed"
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    await clinic.settle()
    assert await rows(clinic) == []
    for person in (amara, osei):
        assert await place_in(person, visit) == (None, None)
    with pytest.raises(KeyDestroyed):
        await opened(clinic, stolen, visit)
    [told] = [row for row in await clinic.journal() if row["kind"] == "TRANSIENT_KEY_DESTROYED"]
    assert (told["action"], told["as_role"], told["consultation"]) == ("FORGET_PLACE", "system", visit)
    assert f'"key":"{key}"'.encode() in told["entry"]
    seen = await amara.see(visit)
    assert (seen["summary"], [message["body"] for message in seen["messages"]]) == ("Rest.", ["Good morning."])


async def opened(clinic: Clinic, row: Any, visit: UUID) -> object:
    """Open a stolen row, as from a backup, with every permission there is."""
    patient = await value(clinic, "select patient from consultation where id = $1", visit)
    disclosure = Disclosure(UUID(int=0), frozenset([patient]), "TREAT", committed=True)
    return await clinic.house.vault.open(
        row["place"], str, org=clinic.org, at="consultation_place.place", row=visit, of=patient, under=disclosure
    )


async def test_the_control_a_stolen_row_opens_while_its_key_lives(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    [stolen] = await rows(clinic)
    assert repr(await opened(clinic, stolen, visit)) == "Phi(•)"


@pytest.mark.parametrize("verb", ["cancel", "give-up"])
async def test_of_a_visit_that_did_not_take_place_it_is_kept_until_midnight(clinic: Clinic, verb: str) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, verb, {"reason": "clinic"} if verb == "cancel" else None)
    await clinic.later(hours=13, minutes=59)
    assert len(await rows(clinic)) == 1
    await clinic.later(minutes=1)
    assert await rows(clinic) == []
    assert (await clinic.actions()).count("FORGET_PLACE") == 1


@pytest.mark.spec("S46", "U5")
async def test_each_check_in_confirms_it_anew(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await amara.do(visit, "cancel", {"reason": "other"})
    elsewhere = {"place": "A parked car, Quay Lane", "callback": "+43 555 0999"}
    with problem("place-not-confirmed"):
        await amara.do(visit, "reschedule", elsewhere | {"callback": "123"})
    await amara.do(visit, "reschedule", elsewhere)
    assert await place_in(osei, visit) == (elsewhere["place"], elsewhere["callback"])
    assert len(await rows(clinic)) == 1
    await amara.do(visit, "device-check", DEVICE)
    assert (await osei.do(visit, "call-in", CALL))["state"] == "connecting"


async def test_a_place_and_a_number_are_what_they_say(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    for wrong in ({"place": ""}, {"place": "  x "}, {"callback": "call me"}, {"callback": "12345"}):
        with problem("place-not-confirmed"):
            await amara.do(visit, "check-in", WHERE | wrong)
    with problem("invalid"):
        await amara.do(visit, "check-in", WHERE | {"planet": "Mars"})
    assert await clinic.state(visit) == "scheduled"
    assert await rows(clinic) == []
