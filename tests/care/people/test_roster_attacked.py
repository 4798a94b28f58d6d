"""The books under attack: two desks at once, names that are none, searches that want everybody."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from clinic import Clinic, Person, problem
from journeys.hostile import BIDI, HTML, MARKER, wrong_with

HANA = {"given": "Hana", "family": "Kobayashi", "birthDate": "1967-05-01", "phone": "+43 555 0199 20", "mrn": "20-419"}


async def at_once(desks: list[Person], *bodies: dict[str, Any]) -> list[httpx.Response]:
    """Each at another desk, in the same moment."""
    asked = zip(desks, bodies, strict=True)
    return list(await asyncio.gather(*(desk.raw("POST", "/patients", body) for desk, body in asked)))


@pytest.mark.parametrize("same", ["family", "phone", "mrn"])
async def test_two_desks_at_once_put_one_person_on_the_books_once(clinic: Clinic, same: str) -> None:
    """The second is shown the first, whichever way they are alike, as if they had come one after the other."""
    desks = [await clinic.desk(f"Desk {at}") for at in range(6)]
    for round_ in range(4):
        day = f"19{60 + round_}-05-01"
        alike = {"family": f"Kobayashi {'abcd'[round_]}", "phone": f"+43 555 0199 2{round_}", "mrn": f"20-41{round_}"}
        bodies = [
            {"given": f"Hana {'abcdef'[at]}", "family": f"Other{'abcdef'[at]}", "birthDate": day, same: alike[same]}
            for at in range(6)
        ]
        if same == "mrn":
            bodies = [body | {"birthDate": f"{day[:-1]}{2 + at}"} for at, body in enumerate(bodies)]
        answers = await at_once(desks, *bodies)
        assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
        [new] = [answer.json()["patient"] for answer in answers if answer.status_code == 201]
        assert {answer.json()["candidates"] for answer in answers if answer.status_code == 409} == {new}
    assert await clinic.owner.fetchval("select count(*) from patient") == 4


async def test_people_who_are_not_alike_come_onto_the_books_at_once(clinic: Clinic) -> None:
    """Born on one day, and each with the other's day and number: nobody waits for one who waits for them."""
    desks = [await clinic.desk(f"Desk {at}") for at in range(6)]
    bodies = [
        HANA | {"family": f"Family{'abcdef'[at]}", "phone": "", "mrn": f"9{at}", "birthDate": f"1967-05-0{1 + at % 2}"}
        for at in range(6)
    ]
    assert [answer.status_code for answer in await at_once(desks, *bodies)] == [201] * 6


async def test_the_same_click_twice_is_one_person(clinic: Clinic) -> None:
    desk = await clinic.desk()
    key = uuid4().hex
    answers = await asyncio.gather(*(desk.raw("POST", "/patients", HANA, key=key) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["patient"] for answer in answers}) == 1
    here = {"patient": answers[0].json()["patient"], "department": str(clinic.department)}
    came = await asyncio.gather(*(desk.raw("POST", "/consultations/walk-in", here, key=key[::-1]) for _ in range(6)))
    assert {answer.status_code for answer in came} == {201}
    assert await clinic.owner.fetchval("select count(*) from consultation") == 1


UNFIT = [
    "",
    " ",
    "\u200b",
    ".",
    "7",
    "a\0b",
    "a\nb",
    "a\x1b[31m",
    BIDI,
    "a\u2066b",
    "a\u2028b",
    "x" * 101,
    "x" * 10_000,
]


async def test_a_name_is_one_that_can_be_read_beside_another(clinic: Clinic) -> None:
    desk = await clinic.desk()
    for part in ("given", "family"):
        for odd in UNFIT:
            with problem("name-unfit"):
                await desk.post("/patients", HANA | {part: odd})
    for more in ({"phone": "1" * 61}, {"mrn": "x" * 10_000}, {"mrn": "a\0b"}, {"language": "tlh"}, {"language": ""}):
        with problem("invalid"):
            await desk.post("/patients", HANA | more)
    assert await clinic.owner.fetchval("select count(*) from patient") == 0


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Nguyễn", "Thị"),
        ("محمد", "علي‌زاده"),
        ("明", "李"),
        ("D'Arcy", "O’Brien-Łukasz"),
        ("X", "Æ A-12"),
        ("ක්‍රිස්", "සිල්වා"),
    ],
)
async def test_names_of_every_language_are_taken_as_they_are(clinic: Clinic, given: str, family: str) -> None:
    desk = await clinic.desk()
    id = (await desk.post("/patients", HANA | {"given": given, "family": family}))["patient"]
    [found] = (await desk.post("/patients/find", {"family": family}))["patients"]
    assert (found["id"], found["given"], found["family"]) == (id, given, family)


async def test_a_search_for_everybody_finds_nobody(clinic: Clinic) -> None:
    """Signs that mean "anything" elsewhere mean nothing here; what cannot be read is refused, never a bug."""
    desk = await clinic.desk()
    await desk.post("/patients", HANA)
    for odd in ("%", "_", "Koba%", "K_bayashi", "Koba.*", "*", "?", "' or 1=1 --", "\0", HTML, BIDI, "x" * 10_000):
        for member in ("family", "phone", "mrn"):
            answer = await desk.raw("POST", "/patients/find", {member: odd})
            if answer.status_code == 200:
                assert answer.json() == {"patients": [], "more": False}, (member, odd)
            else:
                assert answer.json()["type"] == "too-little-to-go-on", (member, odd)
    headers = {"authorization": f"Bearer {desk.token}", "content-type": "application/json"}
    for raw in (rb"\ud800", rb"\udfff\ud800", b"\xed\xa0\x80", b"\xff", rb"\u0000"):
        body = json.dumps(HANA | {"given": MARKER, "family": "???"}).encode().replace(b"???", raw)
        sought = b'{"family": "' + raw + b'"}'
        for path, sent in (("/patients", body), ("/patients/find", sought)):
            made = headers | {"idempotency-key": uuid4().hex}
            answer = await clinic.http.post(f"/api/v1{path}", content=sent, headers=made)
            assert answer.status_code >= 400 and wrong_with(answer) is None, (path, raw, answer.text)
    assert await clinic.owner.fetchval("select count(*) from patient") == 1
