"""What is done about grants: somebody is admitted, permitted for a while, permitted no longer."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from uuid import UUID

from bedside.care.grants.model import (
    OPERATIONS,
    AccessTokenGranted,
    AccessTokenRevoked,
    Grant,
    GrantLapsed,
    ParticipantAdded,
    ParticipantGone,
    lifetime,
)
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, STAFF, by
from bedside.kernel import NotFound, Role
from bedside.store import Queries

Q = Queries(__file__)


async def admit(work: Work, *, consultation: UUID, account: UUID, role: Role) -> None:
    """Somebody takes part in a visit from now on. Called by the acts that bring people in."""
    await work.value(Q.admit, work.org, consultation, account, str(role), work.now)


async def admit_all(work: Work, *, consultation: UUID, people: Mapping[UUID, Role]) -> None:
    """Several people take part from now on, each as what they are."""
    accounts, roles = list(people), [str(role) for role in people.values()]
    await work.execute(Q.admit_all, work.org, consultation, accounts, roles, work.now)


async def join(work: Work, *, consultation: UUID, patient: UUID) -> None:
    """A colleague takes part as what they are, and that is told. Who does already is not told again."""
    account = work.actor.account
    if await work.value(Q.part_of, work.org, consultation, account):
        return
    role = str(work.actor.role)
    if not await work.value(Q.admit, work.org, consultation, account, role, work.now):
        raise NotFound
    about = {"subject": consultation, "consultation": consultation, "patient": patient}
    await work.tell(ParticipantAdded(**about, account=account, as_role=role))


async def step_out(work: Work, *, consultation: UUID, patient: UUID) -> None:
    """Who had joined takes part no longer: the permission ends first."""
    account = work.actor.account
    role = await work.value(Q.part_of, work.org, consultation, account)
    if role is None:
        raise NotFound
    await dismiss(work, consultation=consultation, patient=patient, account=account)
    about = {"subject": consultation, "consultation": consultation, "patient": patient}
    await work.tell(ParticipantGone(**about, account=account, as_role=role))


@by(*CARED_FOR, *STAFF)
async def issue(work: Work, *, consultation: UUID, patient: UUID) -> tuple[str, Grant]:
    """Permit who takes part for the next while: an opaque token, of which the hash is kept. So is renewal."""
    account = work.actor.account
    role = await work.value(Q.part_of, work.org, consultation, account)
    if role is None:
        raise NotFound
    token = urlsafe_b64encode(work.house.chance(32)).rstrip(b"=").decode()
    grant = Grant(id=work.new_id(), operations=OPERATIONS[role], expires_at=work.now + lifetime(Role(role)))
    hashed = hashlib.sha256(token.encode()).digest()
    await work.value(
        Q.issue, work.org, grant.id, account, consultation, list(grant.operations), hashed, work.now, grant.expires_at
    )
    await work.tell(
        AccessTokenGranted(
            subject=consultation,
            consultation=consultation,
            patient=patient,
            grant=grant.id,
            account=account,
            operations=grant.operations,
            until=grant.expires_at,
        )
    )
    return token, grant


async def held(work: Work, *, consultation: UUID, operation: str) -> Grant:
    """This person's live permission for that operation, or the refusal that says to renew."""
    row = await work.row(Q.held, work.org, consultation, work.actor.account, work.now)
    if row is None or operation not in row["operations"]:
        raise GrantLapsed
    return Grant(id=row["id"], operations=tuple(row["operations"]), expires_at=row["expires_at"])


async def end_all_but(work: Work, *, consultation: UUID, patient: UUID, keep: Iterable[UUID] = ()) -> None:
    """The visit is over for everybody but these: permissions end first, then the parts."""
    kept = list(keep)
    ended = await work.rows(Q.end_all_but, work.org, consultation, kept, work.now)
    await work.execute(Q.leave_all_but, work.org, consultation, kept, work.now)
    for row in ended:
        await work.tell(
            AccessTokenRevoked(
                subject=consultation,
                consultation=consultation,
                patient=patient,
                grant=row["id"],
                account=row["account"],
            )
        )


async def dismiss(work: Work, *, consultation: UUID, patient: UUID, account: UUID) -> None:
    """Somebody no longer takes part: permission first, then the part."""
    for row in await work.rows(Q.end_one, work.org, consultation, account, work.now):
        await work.tell(
            AccessTokenRevoked(
                subject=consultation, consultation=consultation, patient=patient, grant=row["id"], account=account
            )
        )
    await work.execute(Q.leave_one, work.org, consultation, account, work.now)


async def revive(work: Work, *, consultation: UUID, accounts: Iterable[UUID]) -> None:
    """Who had left because the visit ended takes part again: it was ended too early."""
    await work.execute(Q.revive, work.org, consultation, list(accounts))


async def nothing_to_bump(work: Work, fact: AccessTokenRevoked) -> None:
    """The visit's own step has bumped its epoch in the same transaction; the nodes only have to be woken."""


async def judge_anew(work: Work, fact: ParticipantAdded | ParticipantGone) -> None:
    """Somebody may hear what is said, or no longer: the sockets of this visit are judged again."""
    await work.execute(Q.bump_visit, work.org, fact.subject)


REVOKES = {
    AccessTokenRevoked.__name__: nothing_to_bump,
    ParticipantAdded.__name__: judge_anew,
    ParticipantGone.__name__: judge_anew,
}
