"""Words are changed and taken back by who said them, while they may speak; what they were stays in the record."""

from uuid import UUID, uuid4

import pytest

from bedside.kernel import Role
from care.hands import announced, value
from care.messages.test_messages import said, says, talking
from clinic import Clinic, Person, problem


async def changes(person: Person, visit: UUID, message: str, content: str) -> int:
    return int((await person.do(visit, f"messages/{message}/edit", {"content": content}))["version"])


async def takes_back(person: Person, visit: UUID, message: str) -> int:
    return int((await person.do(visit, f"messages/{message}/delete"))["version"])


async def test_what_was_changed_says_so_and_what_it_was(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    id = (await says(osei, visit, "Take 50 mg."))["id"]
    await clinic.later(minutes=2)
    assert await changes(osei, visit, id, "Take 5 mg.") == 2
    assert await changes(osei, visit, id, "Take 5 mg, twice a day.") == 3
    [message] = await amara.get(f"/consultations/{visit}/messages")
    assert (message["body"], message["version"], message["type"]) == ("Take 5 mg, twice a day.", 3, "text")
    assert (message["at"], message["editedAt"]) == ("2026-03-16T09:00:00Z", "2026-03-16T09:02:00Z")
    earlier = await amara.get(f"/consultations/{visit}/messages/{id}/versions")
    assert [(one["version"], one["body"]) for one in earlier] == [(1, "Take 50 mg."), (2, "Take 5 mg.")]
    stranger = await clinic.patient("Mei", "Chow")
    with problem("not-found"):
        await stranger.get(f"/consultations/{visit}/messages/{id}/versions")


async def test_what_was_taken_back_is_read_by_nobody_and_kept(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    id = (await says(amara, visit, "Kumquat."))["id"]
    await changes(amara, visit, id, "Kumquats.")
    assert await takes_back(amara, visit, id) == 3
    for person in (amara, osei):
        [message] = await person.get(f"/consultations/{visit}/messages")
        assert (message["type"], message["body"]) == ("deleted", "")
        assert message["deletedAt"] == "2026-03-16T09:00:00Z"
        with problem("not-found"):
            await person.get(f"/consultations/{visit}/messages/{id}/versions")
        assert "umquat" not in str(await person.see(visit))
    kept = await clinic.owner.fetch("select id, version, body from message_version order by version")
    words = [
        await clinic.house.vault.open_own(row["body"], org=clinic.org, at="message_version.body", row=row["id"])
        for row in kept
    ]
    assert words == [b'"Kumquat."', b'"Kumquats."'], "the record has them, under the visit's own key"
    assert not any(b"umquat" in row["body"] for row in kept)
    board = await (await clinic.desk()).get(f"/departments/{clinic.department}/queue")
    assert [row["messages"] for row in board["rows"]] == [0]


async def test_who_when_and_what_is_on_record_and_told(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    id = (await says(amara, visit, "Kumquat."))["id"]
    at = len(await clinic.journal())
    await changes(amara, visit, id, "Medlar.")
    await takes_back(amara, visit, id)
    entries = (await clinic.journal())[at:]
    assert [(row["kind"], row["actor"]) for row in entries] == [
        ("PHI_MESSAGE_EDITED", amara.account),
        ("PHI_MESSAGE_DELETED", amara.account),
    ]
    assert not any(word in row["entry"] for row in entries for word in (b"Kumquat", b"Medlar"))
    assert str(osei.account).encode() in entries[0]["entry"], "who could read the new words"
    heard = [one for one in await announced(clinic, at) if one.frame["t"] == "n"]
    assert [(one.frame["kind"], one.frame["message"], one.topic) for one in heard] == [
        ("MESSAGE_EDITED", id, f"consultation.{visit}"),
        ("MESSAGE_DELETED", id, f"consultation.{visit}"),
    ]
    [again] = [one.frame for one in await announced(clinic) if one.frame["t"] == "m"]
    assert (again["type"], again["content"]) == ("deleted", ""), "who comes late does not hear it either"


async def test_only_ones_own_and_only_while_one_may_speak(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    id = (await says(amara, visit, "Mine."))["id"]
    for other in (osei, await clinic.patient("Mei", "Chow"), await clinic.desk()):
        for verb, body in (("edit", {"content": "Theirs."}), ("delete", None)):
            with problem("not-found"):
                await other.do(visit, f"messages/{id}/{verb}", body)
    with problem("not-found"):
        await takes_back(amara, visit, str(uuid4()))
    with problem("message-unfit"):
        await changes(amara, visit, id, "  ")
    await clinic.later(minutes=15)
    with problem("grant-lapsed"):
        await changes(amara, visit, id, "Too late.")
    await osei.do(visit, "end")
    with problem("not-found"):
        await takes_back(amara, visit, id)
    assert await said(osei, visit) == ["Mine."]


async def test_two_pages_of_one_person_do_not_undo_each_other(clinic: Clinic) -> None:
    amara, _, visit = await talking(clinic)
    sent = await says(amara, visit, "One.", id=str(uuid4()))
    id = sent["id"]
    key = "the-same-key"
    edit = f"messages/{id}/edit"
    first = await amara.do(visit, edit, {"content": "Two."}, key=key)
    assert await amara.do(visit, edit, {"content": "Two."}, key=key) == first, "a repeat changes nothing"
    assert await says(amara, visit, "One.", id=id) == sent, "a late repeat of the sending finds the first"
    await takes_back(amara, visit, id)
    with problem("message-gone"):
        await changes(amara, visit, id, "Three.")
    with problem("message-gone"):
        await takes_back(amara, visit, id)
    assert await says(amara, visit, "One.", id=id) == sent
    assert await value(clinic, "select count(*) from message_version") == 2


# --- who answers


@pytest.mark.spec("S299", "X3")
async def test_a_nurse_joins_as_a_nurse_and_everybody_sees_it(clinic: Clinic) -> None:
    amara, _, visit = await talking(clinic)
    await says(amara, visit, "Is anybody there?")
    nils = await clinic.staff("Nils Berg", Role.NURSE)
    before = await nils.see(visit)
    assert (before["messages"], before["messageCount"]) == ([], 1), "the count alone"
    assert {"join", "send"} & set(before["can"]) == {"join"}
    at = len(await clinic.journal())
    await nils.do(visit, "join")
    await nils.do(visit, "join")
    assert [one.frame["kind"] for one in await announced(clinic, at)] == ["PARTICIPANT_ADDED"], "told once"
    register = (await amara.see(visit))["people"]
    assert ("Nils Berg", "nurse") in [(one["name"], one["role"]) for one in register]
    await nils.do(visit, "grant")
    await says(nils, visit, "I am. Dr. Osei is coming.")
    assert (await amara.get(f"/consultations/{visit}/messages"))[-1]["role"] == "nurse"
    await nils.do(visit, "step-out")
    await clinic.later(minutes=1)
    await says(amara, visit, "Thank you.")
    assert await said(nils, visit) == ["Is anybody there?", "I am. Dr. Osei is coming."], "what was said while there"
    with problem("not-found"):
        await says(nils, visit, "One more thing.")
    assert "Nils Berg" not in [one["name"] for one in (await amara.see(visit))["people"]]
    await nils.do(visit, "join")
    assert len(await said(nils, visit)) == 3


async def test_nobody_joins_from_elsewhere_or_when_it_is_over(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    nils = await clinic.staff("Nils Berg", Role.NURSE)
    with problem("not-from-here"):
        await nils.do(visit, "join")
    for person in (amara, osei):
        with problem("not-your-part"):
            await person.do(visit, "join")
    async with clinic.work() as work:
        from bedside.care import people

        elsewhere = await people.open_department(work, name="Cardiology")
    stranger = await clinic.staff("Ines Far", Role.NURSE, department=elsewhere)
    with problem("not-found"):
        await stranger.do(visit, "join")
