"""What is said in a visit: once, in order, sealed, to those who take part and to nobody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bedside.kernel import Role
from care.hands import announced, value
from clinic import Clinic, Person, problem

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "{{ 7*7 }} ${7*7} <%= 7*7 %>",
    "'; drop table message; --",
    "../../evil.exe",
    "\u202egnirts desrever",
    "a\u200bb\u2028c",
    "👩‍⚕️ 你好 שלום",
    "\\u0000 \\x00 %00",
]


async def talking(clinic: Clinic) -> tuple[Person, Person, UUID]:
    """A visit that goes on, and both are permitted to speak."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    for person in (amara, osei):
        await person.do(visit, "grant")
    return amara, osei, visit


async def says(person: Person, visit: UUID, content: str, **more: Any) -> Any:
    key = more.pop("key", None)
    return await person.do(visit, "messages", {"content": content} | more, key=key)


async def said(person: Person, visit: UUID) -> list[str]:
    """The words, as this person reads them."""
    return [message["body"] for message in await person.get(f"/consultations/{visit}/messages")]


@pytest.mark.spec("S294")
async def test_what_is_said_is_kept_in_order(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    for n in range(10):
        await says((amara, osei)[n % 2], visit, f"{n}")
    for person in (amara, osei):
        assert await said(person, visit) == [str(n) for n in range(10)]
    await osei.do(visit, "end")
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    assert await said(amara, visit) == [str(n) for n in range(10)], "the record stays"


@pytest.mark.spec("S285..S289", "S293")
async def test_a_message_says_what_it_is_and_whose(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    id = uuid4()
    sent = await says(amara, visit, "Good morning.", id=str(id))
    assert sent["id"] == str(id)
    [entry] = [row for row in await clinic.journal() if row["kind"] == "PHI_MESSAGE_SENT"]
    assert sent["entry"] == str(entry["id"]), "the answer names its entry in the record"
    [frame] = [one for one in await announced(clinic) if one.frame["t"] == "m"]
    assert frame.topic == f"consultation.{visit}"
    assert frame.frame == {
        "t": "m",
        "id": str(id),
        "type": "text",
        "content": "Good morning.",
        "sender": {"id": str(amara.account), "role": "patient"},
        "at": "2026-03-16T09:00:00+00:00",
        "seq": sent["seq"],
    }
    assert frame.to == {amara.account, osei.account}
    [seen] = await osei.get(f"/consultations/{visit}/messages")
    assert (seen["id"], seen["role"], seen["mine"]) == (str(id), "patient", False)
    assert (await amara.get(f"/consultations/{visit}/messages"))[0]["mine"] is True


@pytest.mark.spec("S295", "G40")
async def test_the_record_names_who_could_read_it_and_none_of_the_words(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    await says(amara, visit, "Kumquat.")
    [row] = [row for row in await clinic.journal() if row["action"] == "SEND_MESSAGE"]
    assert (row["kind"], row["consultation"], row["patient"]) == ("PHI_MESSAGE_SENT", visit, amara.patient)
    told = ",".join(f'"{account}"' for account in sorted((amara.account, osei.account)))
    assert f'"told":[{told}]'.encode() in row["entry"]
    assert b"Kumquat" not in row["entry"]
    await clinic.owner.execute('update "grant" set expires_at = $1 where account = $2', clinic.clock.at, osei.account)
    await says(amara, visit, "Alone?")
    assert f'"told":["{amara.account}"]'.encode() in (await clinic.journal())[-1]["entry"]


@pytest.mark.spec("S278")
async def test_the_words_are_sealed_for_their_place(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    await says(amara, visit, "Kumquat.")
    await says(amara, visit, "Other words.")
    first, second = await clinic.owner.fetch("select id, body from message order by seq")
    assert b"Kumquat" not in first["body"]
    assert first["body"][1:17] == (await value(clinic, "select record_key from consultation")).bytes
    await clinic.owner.execute("update message set body = $2 where id = $1", second["id"], first["body"])
    answer = await osei.raw("GET", f"/consultations/{visit}/messages")
    assert answer.status_code == 500, "moved to another row, it does not open"
    assert "Kumquat" not in answer.text


# --- once


async def test_a_repeat_under_its_key_says_it_once(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    answers = [await says(amara, visit, "Once.", key="the-same-key") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert await said(osei, visit) == ["Once."]
    with problem("key-reused"):
        await says(amara, visit, "Something else.", key="the-same-key")
    assert (await clinic.actions()).count("SEND_MESSAGE") == 1


async def test_the_same_id_says_it_once_whatever_the_key(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    id = str(uuid4())
    first, again = [await says(amara, visit, "Once.", id=id) for _ in range(2)]
    assert first == again
    assert await said(osei, visit) == ["Once."]
    answer = await osei.raw("POST", f"/consultations/{visit}/messages", {"content": "Mine.", "id": id})
    assert 400 <= answer.status_code < 500, "somebody else's id is taken"
    assert await said(osei, visit) == ["Once."]


async def test_two_people_may_hit_upon_the_same_key(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    await says(amara, visit, "Mine.", key="the-same-key")
    await says(osei, visit, "Mine too.", key="the-same-key")
    assert await said(amara, visit) == ["Mine.", "Mine too."]


# --- by whom, and when


@pytest.mark.spec("S296", "S297", "G40")
async def test_without_a_living_permission_nothing_is_said(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await says(amara, visit, "Hello!")
    with problem("grant-lapsed") as lapsed:
        await says(osei, visit, "Hello?")
    assert lapsed.value.status == 403
    await clinic.later(minutes=15)
    with problem("grant-lapsed"):
        await says(amara, visit, "Hello?")
    await amara.do(visit, "grant")
    await says(amara, visit, "Hello again!")
    assert await said(osei, visit) == ["Hello!", "Hello again!"]
    failed = [row for row in await clinic.journal() if row["kind"] == "MESSAGE_FAILED"]
    assert [(row["actor"], row["consultation"]) for row in failed] == [(osei.account, visit), (amara.account, visit)]
    assert all(b'"code":"grant-lapsed"' in row["entry"] and b"Hello" not in row["entry"] for row in failed)
    answer = await osei.raw("POST", f"/consultations/{visit}/messages", {"content": "Hello?"})
    assert answer.json()["title"] == "Your permission for this visit has ended. Reload the page to renew it."


async def test_patients_write_until_the_end_and_providers_until_it_is_complete(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    await osei.do(visit, "end")
    with problem("not-found"):
        await says(amara, visit, "One more thing.")
    await says(osei, visit, "Take care.")
    assert await said(amara, visit) == ["Take care."]
    await osei.do(visit, "complete", {"summary": "Rest.", "followUp": False})
    with problem("not-found"):
        await says(osei, visit, "One more thing.")


@pytest.mark.spec("S278")
async def test_nobody_else_reads_or_writes(clinic: Clinic) -> None:
    amara, _, visit = await talking(clinic)
    await says(amara, visit, "Between us.")
    mei, desk, aalto = await clinic.patient("Mei", "Chow"), await clinic.desk(), await clinic.provider("Dr. Aalto")
    for person in (mei, desk, aalto):
        with problem("not-found"):
            await says(person, visit, "May I?")
        with problem("not-found"):
            await person.do(visit, "messages/read", {"upTo": 1})
        answer = await person.raw("GET", f"/consultations/{visit}/messages")
        assert answer.json() == [] if answer.status_code == 200 else answer.status_code == 404
    row = next(r for r in (await desk.get(f"/departments/{clinic.department}/queue"))["rows"])
    assert row["messages"] == 1, "the board shows the count alone"
    assert "Between us" not in str(row)


async def test_what_is_no_message_is_refused(clinic: Clinic) -> None:
    amara, _, visit = await talking(clinic)
    for content in ("", "   ", "\n\t", "x" * 4001, "a\u0000b"):
        with problem("message-unfit"):
            await says(amara, visit, content)
    assert await clinic.owner.fetchval("select count(*) from message") == 0


async def test_the_sender_is_the_session_never_the_body(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    for claim in ({"sender": str(osei.account)}, {"role": "provider"}, {"at": "2020-01-01T00:00:00Z"}):
        with problem("invalid"):
            await says(amara, visit, "I am the doctor.", **claim)
    assert await said(osei, visit) == []


async def test_hostile_words_come_back_as_they_went_in(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    words = [*HOSTILE, "x" * 4000]
    for content in words:
        await says(amara, visit, content)
    assert await said(osei, visit) == words
    for person, path in ((osei, f"/consultations/{visit}"), (amara, f"/visit/{visit}")):
        bearer = {"authorization": f"Bearer {person.token}", "accept": "text/html"}
        page = await clinic.http.get(path, headers=bearer)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]


# --- read


async def test_having_read_is_told_once_and_never_goes_back(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    one, two, three = [(await says(amara, visit, str(n)))["seq"] for n in range(3)]
    for up_to in (two, two, one, three, 2**60):
        await clinic.later(minutes=1)
        await osei.do(visit, "messages/read", {"upTo": up_to})
    assert (await clinic.actions()).count("READ_MESSAGES") == 2
    mine = await amara.get(f"/consultations/{visit}/messages")
    seen = [[(one["name"], one["role"], one["at"]) for one in message["seenBy"]] for message in mine]
    first, later = "2026-03-16T09:01:00Z", "2026-03-16T09:04:00Z"
    osei_at = [("Dr. Kwame Osei", "provider", at) for at in (first, first, later)]
    assert seen == [[one] for one in osei_at], "each message knows when it was seen first"


async def test_who_has_seen_what_is_for_the_sender(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    sent = await says(amara, visit, "Good morning.")
    await amara.do(visit, "messages/read", {"upTo": sent["seq"]})
    [mine] = await amara.get(f"/consultations/{visit}/messages")
    assert (mine["seen"], mine["seenBy"]) == (False, []), "one's own reading is no receipt"
    await osei.do(visit, "messages/read", {"upTo": sent["seq"]})
    nils = await clinic.staff("Nils Berg", Role.NURSE)
    await nils.do(visit, "join")
    [theirs] = await nils.get(f"/consultations/{visit}/messages")
    assert (theirs["seen"], theirs["seenBy"]) == (True, []), "that somebody read it; not who, for it is not theirs"


async def test_a_reading_of_the_record_is_on_record(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    await says(amara, visit, "Good morning.")
    clinic.clock.at += timedelta(hours=1)
    await clinic.owner.execute("update session set idle_until = $1", clinic.clock.at + timedelta(hours=1))
    before = len(await clinic.journal())
    for _ in range(3):
        await said(osei, visit)
    told = [row for row in (await clinic.journal())[before:] if row["kind"] == "PHI_DISCLOSED"]
    assert [(row["actor"], row["patient"], row["action"]) for row in told] == [(osei.account, amara.patient, "VIEW")]
    await clinic.later(hours=1, minutes=2)
    counted = [row for row in await clinic.journal() if row["action"] == "VIEW_COUNT"]
    assert any(b'"times":2' in row["entry"] and str(osei.account).encode() in row["entry"] for row in counted)
