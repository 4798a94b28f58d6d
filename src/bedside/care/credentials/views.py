"""What may be seen of passkeys: one's own, and what a browser needs to make or to use one."""

from typing import Any

from bedside.care import people
from bedside.care.credentials.actions import SIGN_IN, challenge_about, enrolling, may_add
from bedside.care.credentials.model import CHALLENGE_LIVES, PasskeyView, Site
from bedside.care.credentials.rules import spelled
from bedside.journal import House, Work
from bedside.journal.may import STAFF
from bedside.kernel import NotYourPart
from bedside.store import Queries

Q = Queries(__file__)
_ALGORITHMS = (-8, -7, -257)
"""EdDSA, ES256, RS256."""


async def my_passkeys(work: Work) -> list[PasskeyView]:
    """One's own, the oldest first."""
    rows = await work.rows(Q.my_passkeys, work.org, work.actor.account)
    return [PasskeyView(row["id"], row["made_at"], row["last_used_at"]) for row in rows]


def to_sign_in(house: House, site: Site) -> dict[str, Any]:
    """What the browser asks a device to sign. It is not said whom we expect: whoever has a passkey may answer."""
    return {
        "challenge": spelled(challenge_about(house, SIGN_IN)),
        "rpId": site.host,
        "timeout": int(CHALLENGE_LIVES.total_seconds() * 1000),
        "userVerification": "required",
    }


async def to_enrol(work: Work, site: Site) -> dict[str, Any]:
    """What the browser asks a device to make: a key that it finds by itself later, and opens for its owner only."""
    if work.actor.role not in STAFF:
        raise NotYourPart
    mine, clinic = await may_add(work), await people.clinic_of(work)
    me = work.actor.account
    name = (await people.staff_names(work, [me])).get(me, "")
    return {
        "challenge": spelled(challenge_about(work.house, enrolling(work))),
        "rp": {"id": site.host, "name": clinic.name},
        "user": {"id": spelled(me.bytes), "name": name, "displayName": name},
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in _ALGORITHMS],
        "timeout": int(CHALLENGE_LIVES.total_seconds() * 1000),
        "excludeCredentials": [{"type": "public-key", "id": spelled(one["known_as"])} for one in mine],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }
