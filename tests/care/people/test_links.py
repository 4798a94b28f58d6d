"""Coming in: a link is harmless to look at, a patient's works on many devices, a colleague's works once."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID

import httpx
import pytest

from care.hands import link_for, value
from clinic import WHERE, Clinic, Person

PAGE = {"accept": "text/html", "origin": "http://127.0.0.1"}
FORM = {**PAGE, "content-type": "application/x-www-form-urlencoded"}


async def sessions(clinic: Clinic) -> int:
    """How many sessions there are."""
    return await value(clinic, "select count(*) from session")


async def opens(clinic: Clinic, path: str, key: str = "a-key-of-the-form") -> httpx.Response:
    """Press the one button."""
    return await clinic.http.post(path, content=f"key={key}", headers=FORM)


async def exchanges(clinic: Clinic, secret: str, key: str | None = None, **said: str) -> httpx.Response:
    """The same, as a program does it."""
    headers = {"idempotency-key": key} if key else {}
    return await clinic.http.post("/api/v1/sessions", json={"link": secret} | said, headers=headers)


@pytest.mark.parametrize("kind", ["k", "s"])
async def test_looking_at_a_link_changes_nothing(clinic: Clinic, kind: str) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    person: Person = amara if kind == "k" else osei
    secret = await link_for(clinic, person, visit=visit if kind == "k" else None)
    before, entries = await sessions(clinic), len(await clinic.journal())
    for _ in range(5):
        page = await clinic.http.get(f"/{kind}/{secret}", headers=PAGE)
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "set-cookie" not in page.headers
    assert (await sessions(clinic), len(await clinic.journal())) == (before, entries)
    there = await opens(clinic, f"/{kind}/{secret}")
    assert there.status_code == 303
    assert there.headers["location"] == (f"/visit/{visit}" if kind == "k" else "/waiting-room")
    assert secret not in str(there.headers)
    assert await sessions(clinic) == before + 1


async def test_the_cookie_is_ours_alone(clinic: Clinic) -> None:
    osei = await clinic.provider()
    there = await opens(clinic, f"/s/{await link_for(clinic, osei)}")
    name, _, rest = there.headers["set-cookie"].partition("=")
    parts = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == "__Host-bedside"
    assert {"httponly", "secure", "path=/", "samesite=lax"} <= parts
    assert not [part for part in parts if part.startswith("domain")]


async def test_a_patients_link_works_on_every_device_until_it_ends(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    secret = await link_for(clinic, amara, minutes=60, visit=visit)
    tokens: set[str] = set()
    for device in range(3):
        answer = (await exchanges(clinic, secret, f"device-{device}", birthDate="1955-02-03")).json()
        assert answer["consultation"] == str(visit)
        tokens.add(answer["token"])
    assert len(tokens) == 3
    await clinic.later(minutes=60)
    assert (await exchanges(clinic, secret)).json()["type"] == "link-spent"
    assert (await opens(clinic, f"/k/{secret}", "another-key")).status_code == 404


async def test_a_colleagues_link_works_once(clinic: Clinic) -> None:
    osei = await clinic.provider()
    secret = await link_for(clinic, osei)
    assert (await exchanges(clinic, secret)).status_code == 201
    assert (await exchanges(clinic, secret)).json()["type"] == "link-spent"
    late = await link_for(clinic, osei)
    await clinic.later(minutes=15)
    assert (await exchanges(clinic, late)).json()["type"] == "link-spent"


async def test_of_many_who_try_a_colleagues_link_at_once_one_comes_in(clinic: Clinic) -> None:
    osei = await clinic.provider()
    secret, before = await link_for(clinic, osei), await sessions(clinic)
    answers = await asyncio.gather(*(exchanges(clinic, secret, f"key-number-{n}") for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 7
    assert await sessions(clinic) == before + 1


async def test_an_answer_that_was_lost_can_be_asked_for_again(clinic: Clinic) -> None:
    """The same request under the same key: the same session, not a spent link."""
    osei = await clinic.provider()
    secret, before = await link_for(clinic, osei), await sessions(clinic)
    first, again = [await exchanges(clinic, secret, "the-same-key") for _ in range(2)]
    assert first.json() == again.json()
    assert await sessions(clinic) == before + 1


async def test_spent_run_out_and_never_made_look_the_same(clinic: Clinic) -> None:
    osei = await clinic.provider()
    spent, late = await link_for(clinic, osei), await link_for(clinic, osei, minutes=1)
    await exchanges(clinic, spent)
    clinic.clock.at = clinic.clock.at.replace(minute=5)
    answers = [await exchanges(clinic, secret) for secret in (spent, late, "never-made", "", "x" * 5000)]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert (answers[0].status_code, answers[0].json()["type"]) == (404, "link-spent")


async def test_of_secrets_only_the_hash_is_kept(clinic: Clinic) -> None:
    osei = await clinic.provider()
    secret = await link_for(clinic, osei)
    token = (await exchanges(clinic, secret, "the-same-key")).json()["token"]
    for kept, what in (("link", secret), ("session", token)):
        hashes = {row["token_hash"] for row in await clinic.owner.fetch(f"select token_hash from {kept}")}
        assert hashlib.sha256(what.encode()).digest() in hashes
    for table in ("link", "session", "idempotency", "journal", "journal_pending"):
        rows = await clinic.owner.fetch(f"select t::text from {table} t")
        assert not [row for row in rows if secret in row[0] or token in row[0]], table


async def test_another_page_cannot_press_the_button(clinic: Clinic) -> None:
    osei = await clinic.provider()
    secret = await link_for(clinic, osei)
    for foreign in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ):
        answer = await clinic.http.post(f"/s/{secret}", content="key=a-key-of-the-form", headers=FORM | foreign)
        assert answer.status_code == 403
    assert (await opens(clinic, f"/s/{secret}")).status_code == 303


@pytest.mark.spec("U11")
async def test_the_seat_is_kept_through_ten_lost_pages_and_another_device(clinic: Clinic) -> None:
    """Refresh, crash, another phone: the same link, the same place, nothing typed, no second check-in."""
    amara, mei, osei = await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    clinic.clock.at = clinic.clock.at.replace(minute=1)
    await clinic.waiting(mei, osei)
    secret = await link_for(clinic, amara, minutes=60, visit=visit)

    async def seat() -> dict[str, Any]:
        seen = await amara.see(visit)
        return {name: seen[name] for name in ("state", "queueEntry", "waitingSince", "line", "version", "place")}

    before = await seat()
    for n in range(10):
        await amara.gone()
        clinic.clock.at = clinic.clock.at.replace(minute=2 + n)
        phone = {"device": "the-letters-of-this-phone"}  # known from the first time on: asked nothing
        amara.token = (await exchanges(clinic, secret, f"device-number-{n}", **phone)).json()["token"]
        await amara.here()
        assert await seat() == before
    assert before["line"]["position"] == 1
    assert (await amara.raw("POST", f"/consultations/{visit}/check-in", WHERE)).json()["type"] == "not-from-here"
    assert (await clinic.actions()).count("CHECK_IN") == 2
    await osei.do(visit, "call-in", {"identityConfirmed": True, "anyway": True})
    for person in (osei, amara):
        await person.here()
        await person.enters(visit)
    await clinic.settle()
    for _ in range(3):
        await amara.gone()
        await amara.here()
        await amara.enters(visit)
        await clinic.settle()
        assert await clinic.state(visit) == "in-progress"
    assert UUID(before["queueEntry"])
