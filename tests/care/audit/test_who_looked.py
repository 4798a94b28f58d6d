"""Who looked at me: every access is listed, what patients ask is answered, and nobody answers for themselves."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from bedside.care.audit import views
from bedside.kernel import Role
from care.hands import acting_for, another_clinic, heard
from clinic import WHERE, Clinic, Person, problem


async def looked_at(clinic: Clinic, patient: Person, provider: Person) -> UUID:
    """A visit that goes on, and whose clinician has looked at it."""
    visit = await clinic.in_progress(patient, provider)
    await provider.see(visit)
    await clinic.settle()
    return visit


async def looks(person: Person, *, before: int | None = None) -> list[dict[str, Any]]:
    """The lines of somebody's page."""
    path = f"/patients/{person.patient}/accesses" + (f"?before={before}" if before else "")
    return list((await person.get(path))["accesses"])


def told(lines: list[dict[str, Any]]) -> set[tuple[str | None, str, str]]:
    """The lines of others: who, as what, saw what."""
    return {(one["name"], one["role"], one["what"]) for one in lines if not one["mine"]}


@pytest.mark.spec("U8")
async def test_every_access_is_listed_with_name_role_and_reason(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await looked_at(clinic, amara, osei)
    for glance in (
        lambda: osei.see(visit),
        lambda: desk.get(f"/departments/{clinic.department}/queue"),
        lambda: desk.post("/patients/find", {"family": "Okafor"}),
        lambda: amara.do(visit, "messages", {"content": "Good morning."}),
        lambda: osei.do(visit, "messages/read", {"upTo": 2**50}),
    ):
        await glance()
        await clinic.settle()
    assert told(await looks(amara)) >= {
        ("Dr. Kwame Osei", "provider", "visit"),
        ("Petra Novak", "front-desk", "list"),
        ("Petra Novak", "front-desk", "books"),
        ("Dr. Kwame Osei", "provider", "messages"),
    }


async def test_a_list_seen_before_does_not_hide_that_the_visit_was_opened(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.get("/waiting-room")
    await osei.see(visit)
    await clinic.settle()
    assert {what for name, _, what in told(await looks(amara)) if name == "Dr. Kwame Osei"} == {"list", "visit"}


async def test_what_is_read_again_is_counted_now_and_after_the_hour(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await looked_at(clinic, amara, osei)

    async def often() -> int:
        return next(o["times"] for o in await looks(amara) if (o["role"], o["what"]) == ("provider", "visit"))

    once = await often()
    for _ in range(3):
        await osei.see(visit)
    assert await often() == once + 3
    await clinic.later(minutes=70)
    assert await clinic.owner.fetchval("select count(*) from disclosure_window where viewer = $1", osei.account) == 0
    assert await often() == once + 3


async def test_short_pages_say_the_same_as_a_long_one(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    mei = await clinic.patient("Mei", "Chow")
    visit, other = await looked_at(clinic, amara, osei), await clinic.book(mei, osei)
    for _ in range(9):
        await clinic.later(hours=9)
        await mei.see(other)  # of somebody else: never on this list
        await desk.get(f"/departments/{clinic.department}/queue")
        await osei.see(visit)
    await clinic.settle()
    at_once = [one for one in await looks(amara) if not one["mine"]]
    monkeypatch.setattr(views, "A_PAGE", 9)
    listed: list[dict[str, Any]] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        older = f"?before={before}" if before else ""
        page = await amara.get(f"/patients/{amara.patient}/accesses{older}")
        listed += [one for one in page["accesses"] if not one["mine"]]
        before, pages = page["before"], pages + 1
    assert pages > 2
    assert listed == at_once


async def test_only_who_acts_for_the_patient_sees_it(clinic: Clinic) -> None:
    amara, mei, osei = await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.provider()
    guardian = await acting_for(clinic, amara, "guardian")
    await looked_at(clinic, amara, osei)
    assert told(await looks(guardian)) >= {("Dr. Kwame Osei", "provider", "visit")}
    with problem("not-found"):
        await mei.get(f"/patients/{amara.patient}/accesses")
    with problem("not-your-part"):
        await osei.get(f"/patients/{amara.patient}/accesses")
    elsewhere = await (await another_clinic(clinic)).patient("Ivo", "Ilic")
    with problem("not-found"):
        await elsewhere.get(f"/patients/{amara.patient}/accesses")


async def test_a_clinic_may_tell_what_its_people_are_instead_of_their_names(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await looked_at(clinic, amara, osei)
    await clinic.owner.execute("""update organization set settings = '{"staff-names": "role"}'""")
    assert told(await looks(amara)) >= {(None, "provider", "visit")}


async def asked(clinic: Clinic, amara: Person, role: str = "provider") -> tuple[str, UUID]:
    """Amara asks about an access. The line's entry, the question's id."""
    await clinic.settle()
    entry = next(one["entry"] for one in await looks(amara) if one["role"] == role)
    answer = await amara.post(
        f"/patients/{amara.patient}/access-questions", {"entry": entry, "words": " Why did you? "}
    )
    return entry, UUID(answer["id"])


@pytest.mark.spec("U8")
async def test_what_is_asked_is_told_and_answered_once_with_words(clinic: Clinic) -> None:
    amara, osei, ada = await clinic.patient(), await clinic.provider(), await clinic.staff("Ada", Role.ADMINISTRATOR)
    await looked_at(clinic, amara, osei)
    entry, id = await asked(clinic, amara)
    assert await heard(clinic, f"notification.{ada.account}") == ["ACCESS_QUESTIONED"]
    open_now = (await ada.get("/access-questions"))[0]
    assert (open_now["patientName"], open_now["name"], open_now["mine"]) == ("Amara Okafor", "Dr. Kwame Osei", False)
    assert open_now["asked"]["words"] == "Why did you?"
    await ada.post(f"/access-questions/{id}/answer", {"words": "He is your doctor."})
    assert (await heard(clinic, f"notification.{amara.account}"))[-1] == "ACCESS_ANSWERED"
    line = next(one for one in await looks(amara) if one["entry"] == entry)
    assert [(one["words"], one["answer"]) for one in line["asked"]] == [("Why did you?", "He is your doctor.")]
    with problem("conflict"):
        await ada.post(f"/access-questions/{id}/answer", {"words": "Or not."})
    # That it was read for the answer is an access too.
    await clinic.settle()
    assert ("Ada", "administrator", "question") in told(await looks(amara))
    kept = await clinic.owner.fetchrow("select words, answer from access_question")
    assert kept is not None
    assert b"Why" not in kept["words"] and b"doctor" not in kept["answer"]


async def test_nobody_answers_for_what_they_looked_at_themselves(clinic: Clinic) -> None:
    amara, osei, ada = await clinic.patient(), await clinic.provider(), await clinic.staff("Ada", Role.ADMINISTRATOR)
    visit = await clinic.waiting(amara, osei)
    await ada.see(visit)
    _, id = await asked(clinic, amara, "administrator")
    assert [one["mine"] for one in await ada.get("/access-questions")] == [True]
    with problem("own-access"):
        await ada.post(f"/access-questions/{id}/answer", {"words": "It was fine."})
    ines = await clinic.staff("Ines", Role.ADMINISTRATOR)
    await ines.post(f"/access-questions/{id}/answer", {"words": "She helped at the desk."})


async def test_one_asks_about_ones_own_record_only_and_with_words(clinic: Clinic) -> None:
    amara, mei, osei = await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await osei.see(visit)
    await clinic.settle()
    entry = (await looks(amara))[0]["entry"]
    wrong: list[tuple[Person, UUID | None, str, str, str]] = [
        (mei, amara.patient, entry, "Why?", "not-found"),
        (mei, mei.patient, entry, "Why?", "not-found"),
        (amara, amara.patient, str(uuid4()), "Why?", "not-found"),
        (amara, amara.patient, entry, "  ", "question-unfit"),
        (amara, amara.patient, entry, "x" * 2001, "question-unfit"),
    ]
    for person, patient, about, words, slug in wrong:
        with problem(slug):
            await person.post(f"/patients/{patient}/access-questions", {"entry": about, "words": words})
    assert await clinic.owner.fetchval("select count(*) from access_question") == 0
