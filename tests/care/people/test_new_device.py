"""A patient's link on a second device: it asks the birth date, once, and rests when the answers are guesses."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from bedside.care.people import BirthDateNeeded, BirthDateWrong
from bedside.care.people.rules import may_enter, rest_after
from care.hands import link_for, value
from clinic import Clinic, Person

RIGHT, WRONG = "1955-02-03", "1955-03-02"
PHONE, TABLET = {"device": "the-letters-of-the-phone"}, {"device": "the-letters-of-the-tablet"}
FORM = {
    "accept": "text/html",
    "origin": "http://127.0.0.1",
    "content-type": "application/x-www-form-urlencoded",
}


@pytest.fixture
async def link(clinic: Clinic) -> str:
    """Amara's link, used once: on her phone."""
    secret, _ = await used(clinic, await clinic.patient(), await clinic.provider())
    return secret


async def used(clinic: Clinic, amara: Person, osei: Person) -> tuple[str, UUID]:
    visit = await clinic.book(amara, osei)
    secret = await link_for(clinic, amara, minutes=600, visit=visit)
    assert (await comes(clinic, secret, **PHONE)).status_code == 201
    return secret, visit


async def comes(clinic: Clinic, secret: str, **said: str) -> httpx.Response:
    return await clinic.http.post("/api/v1/sessions", json={"link": secret} | said)


async def said(clinic: Clinic, secret: str, **words: str) -> str:
    """What came of it: a refusal's slug, or `in`."""
    answer = await comes(clinic, secret, **words)
    return "in" if answer.status_code == 201 else str(answer.json()["type"])


def test_who_may_enter() -> None:
    new: dict[str, Any] = {"policy": "birth-date", "first": False, "known": False}
    unasked: list[dict[str, Any]] = [{"policy": "open"}, {"first": True}, {"known": True}]
    for way in unasked:
        may_enter(**new | way, said_right=None)
        may_enter(**new | way, said_right=False)
    may_enter(**new, said_right=True)
    with pytest.raises(BirthDateNeeded):
        may_enter(**new, said_right=None)
    with pytest.raises(BirthDateWrong):
        may_enter(**new, said_right=False)


def test_how_long_the_door_rests() -> None:
    minutes = [rest_after(wrong) / timedelta(minutes=1) for wrong in range(12)]
    assert minutes == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60]
    assert rest_after(10**9) == timedelta(hours=1)


@pytest.mark.spec("U11")
async def test_a_new_device_is_asked_once_and_a_known_one_never(clinic: Clinic, link: str) -> None:
    assert await said(clinic, link, **TABLET) == "birth-date-needed"
    assert await said(clinic, link, **TABLET, birthDate=WRONG) == "birth-date-wrong"
    assert await said(clinic, link, **TABLET, birthDate=RIGHT) == "in"
    for known in (PHONE, TABLET):
        assert await said(clinic, link, **known) == "in"
    assert await said(clinic, link) == "birth-date-needed"
    assert await said(clinic, link, birthDate="soon") == "invalid"


async def test_guesses_make_the_door_rest_and_known_devices_go_in_meanwhile(clinic: Clinic, link: str) -> None:
    for _ in range(5):
        assert await said(clinic, link, **TABLET, birthDate=WRONG) == "birth-date-wrong"
    rests = (await comes(clinic, link, **TABLET, birthDate=RIGHT)).json()
    assert (rests["type"], rests["minutes"], "1 min," in rests["title"]) == ("too-many-answers", 1, True)
    assert await said(clinic, link, **PHONE) == "in"
    await clinic.later(seconds=61)
    assert await said(clinic, link, **TABLET, birthDate=RIGHT) == "in"
    # The right answer wipes the slate.
    assert await said(clinic, link, birthDate=WRONG) == "birth-date-wrong"
    assert await value(clinic, "select max(wrong) from link") == 1


async def test_guesses_at_once_do_not_slip_through_together(clinic: Clinic, link: str) -> None:
    answers = await asyncio.gather(*(said(clinic, link, birthDate=f"1954-0{n % 9 + 1}-11") for n in range(24)))
    assert sorted(set(answers)) == ["birth-date-wrong", "too-many-answers"]
    assert answers.count("birth-date-wrong") == 5


async def test_of_two_devices_that_come_first_at_once_one_is_asked(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    secret = await link_for(clinic, amara, minutes=60, visit=await clinic.book(amara, osei))
    answers = await asyncio.gather(*(said(clinic, secret, device=f"letters-of-device-{n}") for n in range(6)))
    assert sorted(answers) == ["birth-date-needed"] * 5 + ["in"]


async def test_an_open_house_asks_nobody(clinic: Clinic, link: str) -> None:
    await clinic.owner.execute("""update organization set settings = '{"new-device": "open"}'""")
    assert await said(clinic, link) == "in"


async def test_what_was_asked_is_on_record_and_the_answer_is_not(clinic: Clinic, link: str) -> None:
    await said(clinic, link, birthDate=WRONG)
    entries = [str(entry) for entry in await clinic.journal()]
    assert any("birth-date-wrong" in entry for entry in entries)
    assert any("PHI_ACCESSED" in entry or "PHI_DISCLOSED" in entry or "DISCLOSE" in entry for entry in entries)
    assert not [entry for entry in entries if WRONG in entry or RIGHT in entry]


async def test_the_page_asks_and_says_what_was_wrong(clinic: Clinic, link: str) -> None:
    async def press(**fields: str) -> httpx.Response:
        body = "&".join(f"{name}={text}" for name, text in fields.items())
        return await clinic.http.post(f"/k/{link}", content=f"key={uuid4()}&{body}", headers=FORM)

    asks = await press()
    assert (asks.status_code, 'name="year"' in asks.text, "set-cookie" in asks.headers) == (200, True, False)
    odd = await press(day="31", month="2", year="1955")
    assert odd.status_code == 422 and "There is no such day." in odd.text
    wrong = await press(day="2", month="3", year="1955")
    assert wrong.status_code == 422 and "not the date that we have" in wrong.text
    for page in (asks, odd, wrong):
        assert page.headers["referrer-policy"] == "no-referrer"
    there = await press(day="3", month="2", year="1955")
    assert there.status_code == 303
    cookies = there.headers.get_list("set-cookie")
    (device,) = [cookie for cookie in cookies if cookie.startswith("__Host-bedside-device=")]
    assert "HttpOnly" in device and "Secure" in device
    again = FORM | {"cookie": device.partition(";")[0]}
    assert (await clinic.http.post(f"/k/{link}", content="key=once-more-please", headers=again)).status_code == 303
