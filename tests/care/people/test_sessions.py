"""Being signed in: for a while, as long as one is there, and no longer than a day."""

from datetime import timedelta

import pytest

from bedside.realtime.clinic import ClinicAuthority, ClinicPresence
from bedside.realtime.interfaces import Ended
from care.hands import principal, value
from clinic import Clinic, Person, problem


async def still_in(person: Person) -> bool:
    """Whether this session still opens anything."""
    return (await person.raw("GET", "/me")).status_code == 200


async def me(person: Person) -> object:
    return await person.get("/me")


@pytest.mark.parametrize(("who", "minutes"), [("provider", 15), ("patient", 30)])
async def test_who_does_nothing_is_signed_out(clinic: Clinic, who: str, minutes: int) -> None:
    person = await (clinic.provider() if who == "provider" else clinic.patient())
    clinic.clock.at += timedelta(minutes=minutes, seconds=-1)
    assert await still_in(person)
    clinic.clock.at += timedelta(minutes=minutes, seconds=-1)
    assert await still_in(person), "asking counted as being there"
    clinic.clock.at += timedelta(minutes=minutes)
    with problem("session-missing") as gone:
        await me(person)
    assert gone.value.status == 401


@pytest.mark.parametrize(("who", "hours"), [("provider", 12), ("patient", 24)])
async def test_nobody_stays_for_ever(clinic: Clinic, who: str, hours: int) -> None:
    person = await (clinic.provider() if who == "provider" else clinic.patient())
    ends = clinic.clock.at + timedelta(hours=hours)
    while clinic.clock.at < ends - timedelta(minutes=10):
        clinic.clock.at += timedelta(minutes=10)
        assert await still_in(person)
    clinic.clock.at = ends
    assert not await still_in(person)


async def test_waiting_with_a_page_open_counts_as_being_there(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await clinic.waiting(amara, osei)
    presence, authority = ClinicPresence(clinic.house), ClinicAuthority(clinic.house)
    who = await authority.authenticate(cookie=None, bearer=amara.token)
    assert who is not None
    for _ in range(80):
        clinic.clock.at += timedelta(seconds=30)
        await presence.beat(who, amara.account, "phone")
    assert await still_in(amara)
    standing = await authority.standing(who)
    assert not isinstance(standing, Ended)
    assert standing.idle_until > clinic.clock.at


async def test_signing_out_ends_this_session_and_no_other(clinic: Clinic) -> None:
    osei = await clinic.provider()
    other = await clinic._signed_in(osei.account, osei.role, "the same, elsewhere")
    epoch = await value(clinic, "select epoch from account where id = $1", osei.account)
    await osei.post("/sessions/end")
    assert not await still_in(osei)
    assert await still_in(other)
    assert await clinic.owner.fetchval("select epoch from account where id = $1", osei.account) == epoch + 1
    assert (await clinic.actions())[-1] == "SIGN_OUT"


async def test_a_disabled_account_is_out_at_once(clinic: Clinic) -> None:
    osei = await clinic.provider()
    authority = ClinicAuthority(clinic.house)
    who = await authority.authenticate(cookie=None, bearer=osei.token)
    assert who is not None
    await clinic.owner.execute("update account set disabled_at = now() where id = $1", osei.account)
    assert not await still_in(osei)
    assert await authority.standing(who) is Ended.ACCOUNT
    assert not (await authority.may_hear(principal(osei), f"queue.{clinic.department}")).ok


@pytest.mark.parametrize("token", ["", "x", "Bearer", "x" * 5000, "ünknown", "../../etc/passwd"])
async def test_what_is_no_session_opens_nothing(clinic: Clinic, token: str) -> None:
    await clinic.provider()
    answer = await clinic.http.get("/api/v1/me", headers={b"authorization": b"Bearer " + token.encode()})
    assert (answer.status_code, answer.json()["type"]) == (401, "session-missing")


async def test_a_foreign_page_cannot_use_the_cookie(clinic: Clinic) -> None:
    osei = await clinic.provider()
    body, key = {"status": "away"}, {"idempotency-key": "a-key-of-eight"}
    cookie = {"cookie": f"__Host-bedside={osei.token}"}

    async def asks(**headers: str) -> str:
        given = cookie | key | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await clinic.http.put("/api/v1/availability", json=body, headers=given)
        return "done" if answer.status_code == 204 else answer.json()["type"]

    assert await asks(origin="https://evil.example") == "origin-foreign"
    assert await asks(sec_fetch_site="cross-site") == "origin-foreign"
    assert await asks(origin="null") == "origin-foreign"
    assert await clinic.owner.fetchval("select status from provider") == "available"
    assert await asks(origin="http://127.0.0.1") == "done"


async def test_what_is_told_at_the_door_is_the_session_not_the_request(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    seen = await amara.get("/me")
    assert (seen["account"], seen["org"], seen["role"]) == (str(amara.account), str(clinic.org), "patient")
    assert (await osei.get("/me"))["departments"] == [str(clinic.department)]


@pytest.mark.parametrize("who", ["provider", "patient"])
async def test_signing_out_everywhere_ends_every_session_and_nobody_elses(clinic: Clinic, who: str) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    person, bystander = (osei, amara) if who == "provider" else (amara, osei)
    other = await clinic._signed_in(person.account, person.role, "the same, elsewhere")
    authority = ClinicAuthority(clinic.house)
    sockets = [await authority.authenticate(cookie=None, bearer=one.token) for one in (person, other)]
    cookie = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    assert (await clinic.http.get("/me", headers=cookie)).text.count("data-session-row") == 2
    form = {"origin": "http://127.0.0.1", "idempotency-key": "a-key-of-eight"}
    answer = await clinic.http.post("/me/sign-out", headers=cookie | form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert [await still_in(one) for one in (person, other, bystander)] == [False, False, True]
    for socket in sockets:
        assert socket is not None
        assert await authority.standing(socket) is Ended.SESSION
    assert (await clinic.actions())[-2:] == ["SIGN_OUT", "SIGN_OUT"]


async def test_a_session_that_ran_out_is_not_listed(clinic: Clinic) -> None:
    osei = await clinic.provider()
    await clinic._signed_in(osei.account, osei.role, "the same, elsewhere")
    clinic.clock.at += timedelta(minutes=14)
    assert await still_in(osei)
    clinic.clock.at += timedelta(minutes=2)
    answer = await clinic.http.get("/me", headers={"cookie": f"__Host-bedside={osei.token}", "accept": "text/html"})
    assert answer.text.count("data-session-row") == 1
