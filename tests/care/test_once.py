"""A change is done once: a repeat gets the first answer, another request under its key is refused."""

import asyncio
from datetime import timedelta
from typing import Any

from clinic import DEVICE, WHERE, Clinic, problem

KEY = "one-key-for-one-act"


async def test_a_repeat_gets_the_first_answer_and_nothing_happens_again(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    path = f"/consultations/{visit}/check-in"
    first = await amara.raw("POST", path, WHERE, key=KEY)
    await amara.do(visit, "device-check", DEVICE)
    clinic.clock.at += timedelta(minutes=5)
    again = await amara.raw("POST", path, WHERE, key=KEY)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert (first.headers.get("idempotent-replay"), again.headers["idempotent-replay"]) == (None, "true")
    assert (await clinic.actions()).count("CHECK_IN") == 1
    assert await clinic.state(visit) == "waiting"


async def test_another_request_under_the_same_key_is_refused(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit, other = await clinic.book(amara, osei), await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE, key=KEY)
    with problem("key-reused") as reused:
        await amara.do(visit, "check-in", WHERE | {"place": "Somewhere else, 1"}, key=KEY)
    assert reused.value.status == 409
    for id, verb, body in ((other, "check-in", WHERE), (visit, "cancel", {"reason": "other"})):
        with problem("key-reused"):
            await amara.do(id, verb, body, key=KEY)
    assert [await clinic.state(id) for id in (visit, other)] == ["checked-in", "scheduled"]


async def test_a_change_needs_a_key(clinic: Clinic) -> None:
    amara = await clinic.patient()
    for key in (None, "", "short", "x" * 256, "a\u0007bell-in-it"):
        headers = {"authorization": f"Bearer {amara.token}"} | ({"idempotency-key": key} if key is not None else {})
        answer = await clinic.http.post("/api/v1/sessions/end", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (422, "key-missing"), key
    assert await amara.get("/me")


async def test_what_was_refused_does_not_use_up_its_key(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    for _ in range(2):
        with problem("consent-missing"):
            await amara.do(visit, "check-in", WHERE, key=KEY)
    await amara.consents()
    assert (await amara.do(visit, "check-in", WHERE, key=KEY))["state"] == "checked-in"


async def test_at_once_is_once(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    ask = f"/consultations/{visit}/check-in"
    answers = await asyncio.gather(*(amara.raw("POST", ask, WHERE, key=KEY) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replay" in answer.headers for answer in answers) == 5
    assert (await clinic.actions()).count("CHECK_IN") == 1


async def test_who_may_no_longer_see_it_gets_no_kept_answer(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    cancel: dict[str, Any] = {"reason": "clinic"}
    await desk.do(visit, "cancel", cancel, key=KEY)
    assert (await desk.do(visit, "cancel", cancel, key=KEY))["state"] == "cancelled"
    await clinic.owner.execute("delete from account_role where account = $1", desk.account)
    with problem("not-found"):
        await desk.do(visit, "cancel", cancel, key=KEY)


async def test_the_kept_answer_is_sealed_and_says_nothing_of_the_body(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE, key=KEY)
    token = (await amara.do(visit, "grant"))["token"]
    row, *_ = await clinic.owner.fetch(
        "select i.*, i::text as spelled from idempotency i where ref = $1 and status = 201", visit
    )
    assert KEY not in row["spelled"], "a key is whatever somebody took for one: a name, perhaps"
    assert (row["status"], row["ref"], row["account"]) == (201, visit, amara.account)
    assert len(row["body_hmac"]) == 32
    assert b"checked-in" not in row["answer"]
    spelled = [kept["spelled"] for kept in await clinic.owner.fetch("select i::text as spelled from idempotency i")]
    assert not [text for text in spelled if token in text or WHERE["place"] in text]


async def test_a_form_carries_its_key_in_a_field(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    form = {"place": WHERE["place"], "callback": WHERE["callback"], "key": KEY}
    bearer = {"authorization": f"Bearer {amara.token}", "accept": "text/html"}
    for _ in range(2):
        there = await clinic.http.post(f"/visit/{visit}/check-in", data=form, headers=bearer)
        assert (there.status_code, there.headers["location"]) == (303, f"/visit/{visit}")
    assert (await clinic.actions()).count("CHECK_IN") == 1
