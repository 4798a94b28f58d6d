"""What is done with passkeys: one is added, one is removed, and somebody comes in by one."""

import hashlib
from typing import Any
from uuid import UUID

from bedside.care import people
from bedside.care.credentials import rules
from bedside.care.credentials.model import (
    FRESH,
    MOST,
    CredentialAdded,
    CredentialRemoved,
    PasskeyRefused,
    SignInTooOld,
    Site,
    TooManyPasskeys,
)
from bedside.care.people import SignedIn
from bedside.journal import House, Work
from bedside.journal.may import STAFF, by
from bedside.kernel import Actor, Instant, NotFound, Role
from bedside.store import PATIENCE, Queries, translated

Q = Queries(__file__)
SIGN_IN = b"sign in"


def enrolling(work: Work) -> bytes:
    """What a challenge to add a passkey is about: this session, and no other purpose."""
    return b"enrol " + (work.actor.session or work.actor.account).bytes


def challenge_about(house: House, about: bytes) -> bytes:
    """A new challenge. Kept nowhere."""
    return rules.new_challenge(house.secret("challenge"), house.chance(16), about=about, now=house.clock.now())


@by(*STAFF)
async def add_passkey(work: Work, *, answer: str, site: Site) -> UUID:
    """A new way to sign in, by whoever has just come in. Their other sessions end; this one goes on."""
    await work.value(Q.hold_account, work.org, work.actor.account)
    await may_add(work)
    _, challenge = rules.read(answer)
    until = rules.must_be_ours(challenge, work.house.secret("challenge"), about=enrolling(work), now=work.now)
    await _spend(work, challenge, until)
    new = rules.enrolled(answer, challenge=challenge, site=site)
    id = work.new_id()
    kept = (work.org, id, work.actor.account, new.known_as, new.public_material, site.host, new.counter, work.now)
    if not await work.value(Q.add_credential, *kept):
        raise PasskeyRefused
    await work.tell(CredentialAdded(subject=work.actor.account, credential=id))
    await people.end_other_sessions(work)
    return id


async def may_add(work: Work) -> list[Any]:
    """The passkeys there are, when another may be added."""
    if not await people.came_in_since(work, work.now - FRESH):
        raise SignInTooOld
    mine = await work.rows(Q.my_passkeys, work.org, work.actor.account)
    if len(mine) >= MOST:
        raise TooManyPasskeys
    return mine


@by(*STAFF)
async def remove_passkey(work: Work, id: UUID) -> None:
    """It opens nothing any more. Other sessions of this person end: who took the device may be in one of them."""
    await work.value(Q.hold_account, work.org, work.actor.account)
    if not await work.value(Q.remove_credential, work.org, id, work.actor.account, work.now):
        raise NotFound
    await work.tell(CredentialRemoved(subject=work.actor.account, credential=id))
    await people.end_other_sessions(work)


async def come_in(house: House, answer: str, site: Site) -> tuple[SignedIn, str]:
    """A passkey's answer for a session and its token. Whatever is wrong with it, the refusal is the same."""
    said, challenge = rules.read(answer)
    until = rules.must_be_ours(challenge, house.secret("challenge"), about=SIGN_IN, now=house.clock.now())
    whose = await _whose(house, said)
    actor = Actor(org=whose["org"], account=whose["account"], role=Role(whose["role"]))
    async with Work(house, actor) as work:
        await _spend(work, challenge, until)
        key = await work.row(Q.hold_credential, work.org, whose["id"])
        if key is None or key["relying_on"] != site.host:
            raise PasskeyRefused
        material, counter = key["public_material"], key["counter"]
        now_at = rules.proved(answer, challenge=challenge, site=site, public_material=material, counter=counter)
        await work.execute(Q.use_credential, work.org, whose["id"], now_at, work.now)
        return await people.begin_session(work, method="passkey", epoch=whose["epoch"], language=whose["language"])


async def _whose(house: House, said: rules.Answer) -> Any:
    """The passkey that the answer names, if its owner, whom the device names too, works here."""
    try:
        named, owner = rules.unspelled(said.id), rules.unspelled(said.response.owner or "")
    except ValueError:
        raise PasskeyRefused from None
    with translated():
        async with house.database.app.acquire(timeout=PATIENCE) as connection:
            row = await connection.fetchrow(Q.open_credential, named)
    if row is None or row["account"].bytes != owner:
        raise PasskeyRefused
    return row


async def _spend(work: Work, challenge: bytes, until: Instant) -> None:
    """Once. A repeat, also one that comes at the same moment, finds it spent."""
    await work.execute(Q.forget_challenges, work.org, work.now)
    if not await work.value(Q.spend_challenge, work.org, hashlib.sha256(challenge).digest(), until):
        raise PasskeyRefused


REVOKES = {fact.__name__: people.judge_anew for fact in (CredentialAdded, CredentialRemoved)}
