"""A visit as its people see it: what they can do next, who is there, how it ended."""

from datetime import timedelta
from uuid import UUID

import pytest

from bedside.kernel import Role
from bedside.realtime.clinic import ClinicAuthority
from care.hands import acting_for, heard, principal
from clinic import DEVICE, WHERE, Clinic, Person, problem

CALL = {"identityConfirmed": True, "anyway": True}

# What the view offers, step by step: to the patient, to the provider.
OFFERED = {
    "scheduled": ({"cancel"}, {"cancel", "give-up"}),
    "with consent": ({"check-in", "cancel"}, {"cancel", "give-up"}),
    "checked-in": ({"device-check", "cancel", "send"}, {"device-check", "cancel", "send"}),
    "waiting": ({"cancel", "send"}, {"call-in", "give-up", "cancel", "send"}),
    "connecting": ({"enter", "minute", "send"}, {"send-back", "enter", "send"}),
    "in-progress": ({"enter", "send"}, {"send-back", "end", "enter", "send"}),
    "wrapping-up": (set[str](), {"call-back", "complete", "send"}),
    "completed": (set[str](), set[str]()),
}


async def test_each_step_offers_what_is_possible_then(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    seen: dict[str, tuple[set[str], set[str]]] = {}

    async def look(step: str) -> None:
        seen[step] = set((await amara.see(visit))["can"]), set((await osei.see(visit))["can"])

    await look("scheduled")
    await amara.consents()
    await look("with consent")
    await amara.do(visit, "check-in", WHERE)
    await look("checked-in")
    await amara.do(visit, "device-check", DEVICE)
    await look("waiting")
    await osei.do(visit, "call-in", CALL)
    await look("connecting")
    for person in (osei, amara):
        await person.do(visit, "enter", {})
    await clinic.settle()
    await look("in-progress")
    await osei.do(visit, "end")
    await look("wrapping-up")
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    await look("completed")
    assert seen == OFFERED


# Who may hear what is said, state by state: the patient, the provider. Steps are heard by both throughout.
TALKS = {
    "scheduled": (False, False),
    "checked-in": (True, True),
    "waiting": (True, True),
    "connecting": (True, True),
    "in-progress": (True, True),
    "wrapping-up": (False, True),
    "completed": (False, False),
}


@pytest.mark.spec("S136..S142", "S160", "S161", "X7")
async def test_each_state_has_its_channels(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    authority = ClinicAuthority(clinic.house)
    visit = await clinic.book(amara, osei)
    talks: dict[str, tuple[bool, bool]] = {}

    async def look() -> None:
        seen = await desk.see(visit)
        topic = f"consultation.{visit}"
        mine, theirs = [await authority.may_hear(principal(person), topic) for person in (amara, osei)]
        talks[seen["state"]] = mine.content, theirs.content
        assert (mine.ok, theirs.ok) == (True, True)
        assert (await authority.may_hear(principal(amara), f"notification.{amara.account}")).ok
        assert not (await authority.may_hear(principal(osei), f"notification.{amara.account}")).ok
        # The registry: while it goes on, who takes part is whom the view names. Afterwards it names who was there.
        named = {person["account"] for person in seen["people"]}
        taking_part = {str(p.account) for p, heard in ((amara, mine), (osei, theirs)) if heard.content}
        assert named == taking_part or seen["state"] in ("wrapping-up", "completed")
        assert not (await authority.may_hear(principal(desk), topic)).content

    await look()
    await amara.consents()
    for verb, body in (("check-in", WHERE), ("device-check", DEVICE)):
        await amara.do(visit, verb, body)
        await look()
    await osei.do(visit, "call-in", CALL)
    await look()
    await both_in(clinic, visit, osei, amara)
    await look()
    await osei.do(visit, "end")
    await look()
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    await look()
    assert talks == TALKS


async def test_nobody_is_hidden(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    guardian = await acting_for(clinic, amara, "guardian")
    visit = await clinic.in_progress(amara, osei)
    for viewer in (amara, guardian, osei):
        people = {person["role"]: person for person in (await viewer.see(visit))["people"]}
        assert {role: person["inRoom"] for role, person in people.items()} == {
            "patient": True,
            "guardian": False,
            "provider": True,
        }
        assert people["provider"]["name"] == "Dr. Kwame Osei"
        assert people["provider"]["since"] == "2026-03-16T09:00:00Z"
    await osei.do(visit, "leave")
    people = {person["role"]: person["inRoom"] for person in (await amara.see(visit))["people"]}
    assert people == {"patient": True, "guardian": False, "provider": False}


@pytest.mark.spec("S229")
async def test_the_summary_is_read_once_it_is_complete(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.wrapping_up(amara, osei)
    assert (await amara.see(visit))["summary"] is None
    await osei.do(visit, "complete", {"summary": "  Rest, and drink enough. ", "followUp": True})
    for person in (amara, osei):
        seen = await person.see(visit)
        assert (seen["summary"], seen["followUp"]) == ("Rest, and drink enough.", True)
    assert (await desk.see(visit))["summary"] is None, "who took no part reads none of it"
    told = [row["entry"] for row in await clinic.journal() if row["action"] == "END_CONSULTATION"]
    assert [(b'"minutes":1' in entry, b'"follow_up":true' in entry, b"drink" in entry) for entry in told] == [
        (True, True, False)
    ]
    assert (await heard(clinic, f"consultation.{visit}"))[-1] == "CONSULTATION_ENDED"


async def test_a_colleague_or_administrator_completes_on_behalf_with_a_reason(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    aalto, ada = await clinic.provider("Dr. Signe Aalto"), await clinic.staff("Ada Brandt", Role.ADMINISTRATOR)
    for person in (aalto, ada):
        visit = await clinic.wrapping_up(amara, osei)
        words = {"summary": "Rest.", "followUp": False}
        with problem("reason-needed"):
            await person.do(visit, "complete", words)
        await person.do(visit, "complete", words | {"reason": "colleague-away"})
        [*_, last] = [row for row in await clinic.journal() if row["action"] == "END_CONSULTATION"]
        assert (last["actor"], b'"code":"colleague-away"' in last["entry"]) == (person.account, True)


@pytest.mark.spec("S226")
async def test_nobody_but_the_patients_device_says_what_it_found(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await desk.do(visit, "check-in", WHERE)
    skipped = dict.fromkeys(("camera", "microphone", "connection"), "skipped")
    for person in (desk, osei):
        for check in (DEVICE, skipped, skipped | {"reason": "because"}):
            with problem("device-check-unclear"):
                await person.do(visit, "device-check", check)
    await desk.do(visit, "device-check", skipped | {"reason": "will-phone"})
    assert (await osei.see(visit))["device"] == skipped | {"reason": "will-phone"}


@pytest.mark.spec("S46", "G1")
async def test_another_day_is_another_appointment(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await amara.do(visit, "cancel", {"reason": "other"})
    for wrong in (timedelta(days=1), timedelta(minutes=-5)):
        with problem("new-time-needed"):
            await amara.do(visit, "reschedule", WHERE | {"startsAt": (clinic.clock.at + wrong).isoformat()})
    with problem("new-time-needed"):
        await amara.do(visit, "reschedule", WHERE | {"startsAt": "2026-03-16T15:00:00"})
    later = (clinic.clock.at + timedelta(hours=3)).isoformat()
    assert (await amara.do(visit, "reschedule", WHERE | {"startsAt": later}))["state"] == "checked-in"
    assert (await amara.see(visit))["startsAt"] == "2026-03-16T12:00:00Z"
    never = await clinic.book(amara, osei)
    await amara.do(never, "cancel", {"reason": "other"})
    await clinic.later(days=1)
    with problem("another-day"):
        await amara.do(never, "reopen", {"startsAt": (clinic.clock.at + timedelta(hours=1)).isoformat()})


@pytest.mark.spec("S38", "S41")
async def test_a_patient_cancels_with_a_reason(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await amara.consents()
    for steps in ([], ["check-in"], ["check-in", "device-check"]):
        visit = await clinic.book(amara, osei)
        for verb in steps:
            await amara.do(visit, verb, {"check-in": WHERE, "device-check": DEVICE}[verb])
        with problem("reason-needed"):
            await amara.do(visit, "cancel", {"reason": "because I say so"})
        assert (await amara.do(visit, "cancel", {"reason": "feeling-better"}))["state"] == "cancelled"


@pytest.mark.spec("G2c")
async def test_who_is_being_called_may_cancel_in_two_steps(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    with problem("reason-needed"):
        await amara.do(visit, "cancel", {"reason": "because I say so"})
    assert await clinic.state(visit) == "connecting"
    assert (await amara.do(visit, "cancel", {"reason": "cannot-come"}))["state"] == "cancelled"
    last = [row for row in await clinic.journal() if row["action"] in ("SEND_BACK", "CANCEL")]
    assert [(row["action"], b"cancelled-in-the-room" in row["entry"]) for row in last] == [
        ("SEND_BACK", True),
        ("CANCEL", False),
    ]


async def test_a_refusal_names_what_is_possible_instead(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    with problem("not-from-here") as refused:
        await osei.do(visit, "end")
    told = refused.value.problem
    assert (told["status"], told["state"], told["verb"]) == (409, "waiting", "end")
    assert set(told["can"]) == {"call-in", "give-up", "cancel"}
    assert told["title"].endswith(".")


async def both_in(clinic: Clinic, visit: UUID, *people: Person) -> None:
    for person in people:
        await person.here()
        await person.enters(visit)
    await clinic.settle()


async def test_it_begins_only_when_both_are_in_the_room(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await both_in(clinic, visit, osei)
    assert await clinic.state(visit) == "connecting", "a waiting page is not in the room"
    await osei.do(visit, "leave")
    await both_in(clinic, visit, amara)
    assert await clinic.state(visit) == "connecting"
    await both_in(clinic, visit, osei)
    assert await clinic.state(visit) == "in-progress"
