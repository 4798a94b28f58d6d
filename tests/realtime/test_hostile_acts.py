"""What a frame asks to be done, with odd values in it, against the real clinic: done or refused, never a bug."""

from __future__ import annotations

from random import Random
from uuid import UUID

from bedside.kernel import Refused
from bedside.realtime.acting import OPS
from bedside.realtime.clinic import ClinicActs, ClinicAuthority
from care.hands import principal
from clinic import Clinic
from realtime.frames import VISIT, WORDS, odd


async def test_odd_acts_are_done_or_refused(clinic: Clinic) -> None:
    await tried(clinic, Random(7), times=300)


async def tried(clinic: Clinic, chance: Random, *, times: int) -> tuple[int, int]:
    """So many acts with hostile bodies; how many were done, how many refused. Anything else is a bug."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    acts, authority, done, refused = ClinicActs(clinic.house), ClinicAuthority(clinic.house), 0, 0
    for _ in range(times):
        who, op = principal(chance.choice((amara, osei))), chance.choice(sorted(OPS))
        body = {name: odd(chance, 3) for name in ("content", "upTo", "message", "sig") if chance.random() < 0.7}
        body |= {"consultation": str(visit) if chance.random() < 0.8 else odd(chance, 2), "device": "d"}
        body["conn"] = str(UUID(int=chance.getrandbits(128)))
        try:
            await acts.do(who, op, UUID(int=chance.getrandbits(128)), _plain(body))
            done += 1
        except Refused:
            refused += 1
        heard = await authority.may_hear(who, _text(chance))
        assert not heard.ok or heard.canonical == VISIT
    assert done > times // 20
    assert refused > times // 5
    return done, refused


def _plain(body: dict[str, object]) -> dict[str, object]:
    """Without what the wire itself keeps out: no lone surrogate, no infinity, no NUL among the members themselves."""
    return {name: value for name, value in body.items() if _may_pass(value)}


def _may_pass(value: object) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in value)
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, dict):
        return all(_may_pass(each) for pair in value.items() for each in pair)
    return all(_may_pass(each) for each in value) if isinstance(value, list) else True


def _text(chance: Random) -> str:
    return "".join(sign for sign in chance.choice(WORDS) if not "\ud800" <= sign <= "\udfff")[:200]
