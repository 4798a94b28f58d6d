"""Passkeys: whoever has one comes in by it, and nobody else by anything that looks like one."""

import asyncio
import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bedside.care import credentials
from bedside.care.credentials import PasskeyRefused, Site
from bedside.care.credentials.rules import spelled
from bedside.kernel import Role
from bedside.realtime.clinic import ClinicAuthority
from bedside.realtime.interfaces import Ended
from care.credentials.device import PRESENT, VERIFIED, Device
from clinic import Clinic, Person

HERE = Site("https://clinic.example", "clinic.example")


async def invited(clinic: Clinic, person: Person, site: Site = HERE) -> dict[str, Any]:
    """What the browser of somebody who has just come in is asked to make."""
    async with clinic.work(await session_of(clinic, person)) as work:
        return await credentials.to_enrol(work, site)


async def session_of(clinic: Clinic, person: Person) -> Any:
    """The actor behind this person's session."""
    from bedside.care import people

    known = await people.recognise(clinic.house, person.token)
    assert known is not None, "not signed in"
    return known.actor


async def enrols(clinic: Clinic, person: Person, device: Device, **other: Any) -> Any:
    """Add a passkey of this device; `other` is what the device does differently."""
    options = await invited(clinic, person)
    answer = json.dumps(device.makes(options, other.pop("origin", HERE.origin), **other))
    async with clinic.work(await session_of(clinic, person)) as work:
        return await credentials.add_passkey(work, answer=answer, site=HERE)


def answers(clinic: Clinic, person: Person, device: Device, **other: Any) -> dict[str, Any]:
    """An answer to a challenge of now."""
    options = credentials.to_sign_in(clinic.house, HERE)
    return device.signs(options, other.pop("origin", HERE.origin), other.pop("owner", person.account.bytes), **other)


async def comes_in(clinic: Clinic, answer: Any, site: Site = HERE) -> Any:
    return await credentials.come_in(clinic.house, answer if isinstance(answer, str) else json.dumps(answer), site)


async def sessions(clinic: Clinic) -> int:
    return int(await clinic.owner.fetchval("select count(*) from session") or 0)


async def test_who_has_a_passkey_comes_in_by_it_and_the_record_says_how(clinic: Clinic) -> None:
    osei, device = await clinic.provider(), Device()
    await enrols(clinic, osei, device)
    for _ in range(2):
        who, token = await comes_in(clinic, answers(clinic, osei, device))
        assert (who.actor.account, who.actor.role) == (osei.account, Role.PROVIDER)
        answer = await clinic.http.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
        assert answer.json()["account"] == str(osei.account)
    told = [json.loads(entry["entry"]) for entry in await clinic.journal()][-3:]
    assert [one["kind"] for one in told] == ["CREDENTIAL_ADDED", "SESSION_STARTED", "SESSION_STARTED"]
    assert [one["refs"]["method"] for one in told] == ["passkey"] * 3


async def test_of_what_the_device_says_every_field_counts(clinic: Clinic) -> None:
    """Each of these differs from a good answer in one thing, and none of them opens anything."""
    osei, petra, device = await clinic.provider(), await clinic.desk(), Device()
    await enrols(clinic, osei, device)
    await comes_in(clinic, answers(clinic, osei, device))
    before = await sessions(clinic)
    other_secret = spelled(b"\1" * 56)
    wrong: list[dict[str, Any]] = [
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": 0},
        {"host": "evil.example"},
        {"host": "example"},
        {"host": "www.clinic.example"},
        {"counter": 1},
        {"counter": 0},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"owner": petra.account.bytes},
        {"owner": b""},
        *({"origin": origin} for origin in FOREIGN),
        *({"client": {"crossOrigin": True}}, {"client": {"topOrigin": "https://evil.example"}}),
        *({"client": {"type": kind}} for kind in ("webauthn.create", "payment.get", "")),
        *({"client": {"challenge": spoken}} for spoken in ("", "AAAA", other_secret)),
    ]
    for other in wrong:
        with pytest.raises(PasskeyRefused):
            await comes_in(clinic, answers(clinic, osei, device, **other))
    assert await sessions(clinic) == before
    await comes_in(clinic, answers(clinic, osei, device, counter=1000))


FOREIGN = [
    "https://evil.example",
    "http://clinic.example",
    "https://clinic.example:8443",
    "https://clinic.example.evil.example",
    "https://sub.clinic.example",
    "https://clinic.example/",
    "null",
    "",
]


async def test_no_bit_of_a_good_answer_can_be_turned(clinic: Clinic) -> None:
    """Every byte that is signed, and the signature, turned by a bit: 0 of them come in."""
    osei, device = await clinic.provider(), Device()
    await enrols(clinic, osei, device)
    good = answers(clinic, osei, device)
    before, tried = await sessions(clinic), 0
    for field in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        text = good["response"][field]
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        for at in range(0, len(raw), 3):
            turned = raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :]
            bad = good | {"response": good["response"] | {field: spelled(turned)}}
            with pytest.raises(PasskeyRefused):
                await comes_in(clinic, bad)
            tried += 1
    assert (await sessions(clinic), tried > 100) == (before, True)
    await comes_in(clinic, good)


@pytest.mark.parametrize("said", ["", "{}", "null", "[" * 5000, "x" * 30_000, '{"id": 1}', '{"id":"AA","response":{}}'])
async def test_what_is_no_answer_proves_nothing(clinic: Clinic, said: str) -> None:
    with pytest.raises(PasskeyRefused):
        await comes_in(clinic, said)


async def test_an_answer_is_good_once_for_five_minutes_and_for_one_address(clinic: Clinic) -> None:
    osei, device = await clinic.provider(), Device()
    await enrols(clinic, osei, device)
    good, late = answers(clinic, osei, device), answers(clinic, osei, device)
    elsewhere = Site("https://other.example", "other.example")
    with pytest.raises(PasskeyRefused):
        await comes_in(clinic, good, elsewhere)
    at_once = await asyncio.gather(*(comes_in(clinic, good) for _ in range(4)), return_exceptions=True)
    assert [type(one) for one in at_once if isinstance(one, Exception)] == [PasskeyRefused] * 3
    clinic.clock.at += timedelta(minutes=5)
    with pytest.raises(PasskeyRefused):
        await comes_in(clinic, late)
    # Devices that do not count say 0 each time. Then it is the challenge alone that makes an answer good for once.
    still = Device(name=b"a device that does not count")
    nurse = await clinic.staff("Nils Berg", Role.NURSE)
    await enrols(clinic, nurse, still)
    uncounted = answers(clinic, nurse, still, counter=0)
    await comes_in(clinic, uncounted)
    with pytest.raises(PasskeyRefused):
        await comes_in(clinic, uncounted)


async def test_a_passkey_is_made_as_carefully_as_it_is_used(clinic: Clinic) -> None:
    osei, petra = await clinic.provider(), await clinic.desk()
    wrong: list[dict[str, Any]] = [
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"host": "evil.example"},
        {"fmt": "packed"},
        {"statement": {"alg": -7}},
        *({"origin": origin} for origin in FOREIGN),
        {"client": {"crossOrigin": True}},
        {"client": {"type": "webauthn.get"}},
        {"client": {"challenge": credentials.to_sign_in(clinic.house, HERE)["challenge"]}},
        {"client": {"challenge": (await invited(clinic, petra))["challenge"]}},
    ]
    for other in wrong:
        with pytest.raises(PasskeyRefused):
            await enrols(clinic, osei, Device(), **other)
    assert await clinic.owner.fetchval("select count(*) from credential") == 0
    await enrols(clinic, osei, device := Device())
    # The name of somebody's passkey is nobody else's.
    with pytest.raises(PasskeyRefused):
        await enrols(clinic, petra, Device(name=device.name))


async def test_who_is_away_from_an_open_page_has_no_passkey_added(clinic: Clinic) -> None:
    osei = await clinic.provider()
    await clinic.later(minutes=15, seconds=1)
    with pytest.raises(credentials.SignInTooOld):
        await enrols(clinic, osei, Device())


async def test_a_changed_way_to_sign_in_ends_every_other_session(clinic: Clinic) -> None:
    osei, device = await clinic.provider(), Device()
    other = await clinic._signed_in(osei.account, osei.role, "the same, elsewhere")
    authority = ClinicAuthority(clinic.house)
    here, there = [await authority.authenticate(cookie=None, bearer=one.token) for one in (osei, other)]
    assert here is not None
    assert there is not None
    id = await enrols(clinic, osei, device)
    assert (await other.raw("GET", "/me")).status_code == 401
    assert await authority.standing(there) is Ended.SESSION
    stays = await authority.standing(here)
    assert not isinstance(stays, Ended)
    assert stays.epoch > here.epoch
    await comes_in(clinic, answers(clinic, osei, device))
    async with clinic.work(await session_of(clinic, osei)) as work:
        await credentials.remove_passkey(work, id)
    assert await sessions(clinic) == 1
    with pytest.raises(PasskeyRefused):
        await comes_in(clinic, answers(clinic, osei, device))


async def test_who_no_longer_works_here_does_not_come_in(clinic: Clinic) -> None:
    osei, petra, device, desks = (
        await clinic.provider(),
        await clinic.desk(),
        Device(),
        Device(name=b"the desk's own one"),
    )
    await enrols(clinic, osei, device)
    await enrols(clinic, petra, desks)
    await clinic.owner.execute("update account set disabled_at = now() where id = $1", osei.account)
    await clinic.owner.execute("delete from account_role where account = $1", petra.account)
    for person, theirs in ((osei, device), (petra, desks)):
        with pytest.raises(PasskeyRefused):
            await comes_in(clinic, answers(clinic, person, theirs))


async def test_ten_passkeys_are_enough_and_nobody_removes_anothers(clinic: Clinic) -> None:
    osei, petra = await clinic.provider(), await clinic.desk()
    ids = [await enrols(clinic, osei, Device(name=f"passkey number {n:>8}".encode())) for n in range(10)]
    with pytest.raises(credentials.TooManyPasskeys):
        await enrols(clinic, osei, Device())

    async def removes(person: Person, id: Any) -> int:
        key = {"origin": "http://127.0.0.1", "idempotency-key": uuid4().hex, "accept": "text/html"}
        cookie = {"cookie": f"__Host-bedside={person.token}"}
        return (await clinic.http.post(f"/me/passkeys/{id}/remove", headers=key | cookie)).status_code

    assert [await removes(petra, ids[0]), await removes(petra, uuid4()), await removes(osei, ids[0])] == [404, 404, 303]
    assert await clinic.owner.fetchval("select count(*) from credential where disabled_at is null") == 9


async def test_a_page_from_elsewhere_can_neither_sign_in_nor_ask(clinic: Clinic) -> None:
    osei, device = await clinic.provider(), Device()
    here = Site("http://127.0.0.1", "127.0.0.1")
    options = await invited(clinic, osei, here)
    async with clinic.work(await session_of(clinic, osei)) as work:
        answer = json.dumps(device.makes(options, here.origin))
        await credentials.add_passkey(work, answer=answer, site=here)

    async def posts(**headers: str) -> int:
        options = (await clinic.http.get("/sign-in/challenge")).json()
        form = {"answer": json.dumps(device.signs(options, here.origin, osei.account.bytes))}
        return (await clinic.http.post("/sign-in", data=form, headers={"accept": "text/html"} | headers)).status_code

    assert await posts() == 403
    assert await posts(origin="https://evil.example") == 403
    assert await posts(origin="null") == 403
    assert await posts(origin=here.origin) == 303
