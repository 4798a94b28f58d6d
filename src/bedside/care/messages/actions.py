"""What is done with messages: said, changed, taken back, and read."""

from typing import Any
from uuid import UUID

from bedside.care import consent
from bedside.care.consent import TELEHEALTH, ConsentMissing
from bedside.care.grants import GrantLapsed
from bedside.care.messages.model import (
    LONGEST,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    MessageGone,
    MessageSent,
    MessagesRead,
    MessageUnfit,
)
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, STAFF, by
from bedside.journal.vault import encoded
from bedside.kernel import Conflict, NotFound, NotFromHere
from bedside.store import Queries, StoreFailure

Q = Queries(__file__)


@by(*CARED_FOR, *STAFF)
async def send(work: Work, consultation: UUID, *, id: UUID, content: str) -> tuple[UUID, int]:
    """Say something in a visit. The id is the sender's own, so that a retry says it once.

    Returns the journal entry and the number under which it stands in the visit. Authority is checked inside the insert:
    account, visit and permission are read FOR SHARE there, so a removal is before this message or after it.
    """
    work.refused_as = lambda no: MessageFailed(subject=id, code=no.slug)
    visit, part = await _open_to(work, consultation)
    about: dict[str, Any] = {"subject": id, "consultation": consultation, "patient": visit["patient"]}
    work.refused_as = lambda no: MessageFailed(**about, code=no.slug)
    words = _fit(content)
    if before := await work.row(Q.same, work.org, id):
        return await _said_before(work, before, consultation, words)
    allowed = await _consented(work, visit["patient"])
    sealed = await work.seal(words, key=visit["record_key"], at="message.body", row=id)
    entry = work.new_id()
    try:
        seq = await work.value(Q.append, id, consultation, part, sealed.raw, work.now, entry, allowed)
    except StoreFailure as failure:
        raise _why(failure, visit["state"], "send") from None
    told = await _told(work, consultation)
    fact = MessageSent(**about, sender=work.actor.account, as_role=part, told=told, consent_ref=allowed)
    return await work.tell(fact, id=entry, seq=seq), seq


@by(*CARED_FOR, *STAFF)
async def edit(work: Work, consultation: UUID, message: UUID, *, content: str) -> int:
    """Put other words in the place of one's own. The version that they are now."""
    visit, part = await _open_to(work, consultation)
    words = _fit(content)
    await _consented(work, visit["patient"])
    sealed = await work.seal(words, key=visit["record_key"], at="message.body", row=message)
    version = await _revise(work, visit, consultation, message, sealed.raw)
    about: dict[str, Any] = {"subject": message, "consultation": consultation, "patient": visit["patient"]}
    told = await _told(work, consultation)
    await work.tell(MessageEdited(**about, as_role=part, message_version=version, told=told))
    return version


@by(*CARED_FOR, *STAFF)
async def delete(work: Work, consultation: UUID, message: UUID) -> int:
    """Take one's own words back. What was said stays in the record, and is shown to nobody."""
    visit, part = await _open_to(work, consultation)
    version = await _revise(work, visit, consultation, message, None)
    about: dict[str, Any] = {"subject": message, "consultation": consultation, "patient": visit["patient"]}
    await work.tell(MessageDeleted(**about, as_role=part, message_version=version))
    return version


@by(*CARED_FOR, *STAFF)
async def read(work: Work, consultation: UUID, *, up_to: int) -> None:
    """Somebody has read up to here. Journaled when it moves."""
    if not 0 <= up_to < 2**63:
        raise MessageUnfit
    visit, _ = await _open_to(work, consultation)
    if await work.value(Q.mark_read, work.org, consultation, work.actor.account, up_to, work.now):
        await work.tell(
            MessagesRead(
                subject=consultation,
                consultation=consultation,
                patient=visit["patient"],
                reader=work.actor.account,
                up_to=up_to,
            )
        )


async def _open_to(work: Work, consultation: UUID) -> tuple[Any, str]:
    """The visit, and what this person is in it. Whoever takes no part in it finds nothing."""
    visit = await work.row(Q.visit, work.org, consultation)
    part = await work.value(Q.my_part, work.org, consultation, work.actor.account)
    if visit is None or part is None:
        raise NotFound
    return visit, part


def _fit(content: str) -> str:
    """The words, if they are words that can be kept."""
    words = content.strip()
    if not words or len(words) > LONGEST or "\x00" in words or any("\ud800" <= c <= "\udfff" for c in words):
        raise MessageUnfit(longest=LONGEST)
    return words


async def _consented(work: Work, patient: UUID) -> UUID:
    """The decision that allows it, held still until this is committed: a withdrawal is before this or after it."""
    consents = await consent.of(work, patient)
    if not consents.cover(TELEHEALTH, at=work.now):
        raise ConsentMissing(consent=TELEHEALTH)
    return consents.latest[TELEHEALTH].id


async def _said_before(work: Work, before: Any, consultation: UUID, words: str) -> tuple[UUID, int]:
    """The very same message once more: its first entry. Another one under its id is refused."""
    mine = (before["sender"], before["consultation"]) == (work.actor.account, consultation)
    if not mine or await _opened(work, before) != encoded(words):
        raise Conflict
    return before["entry"], before["seq"]


async def _revise(work: Work, visit: Any, consultation: UUID, message: UUID, sealed: bytes | None) -> int:
    """Keep what it was, sealed for its new place, and let it be what it is from now on."""
    now = await work.row(Q.mine, work.org, consultation, message, work.actor.account)
    if now is None:
        raise NotFound
    if now["body"] is None:
        raise MessageGone
    kept = work.new_id()
    was = await work.vault.open_own(now["body"], org=work.org, at="message.body", row=message)
    again = await work.vault.seal_own(was, key=visit["record_key"], org=work.org, at="message_version.body", row=kept)
    try:
        version = await work.value(Q.revise, message, consultation, now["version"], sealed, kept, again, work.now)
    except StoreFailure as failure:
        raise _why(failure, visit["state"], "send") from None
    if version is None:
        raise MessageGone
    return version


async def _opened(work: Work, row: Any) -> bytes:
    """What a message said first: its own bytes, or those that were kept when it was changed."""
    if row["first_body"] is not None:
        return await work.vault.open_own(
            row["first_body"], org=work.org, at="message_version.body", row=row["first_id"]
        )
    return await work.vault.open_own(row["body"], org=work.org, at="message.body", row=row["id"])


async def _told(work: Work, consultation: UUID) -> tuple[UUID, ...]:
    return tuple(sorted(row["account"] for row in await work.rows(Q.live_grants, work.org, consultation, work.now)))


def _why(failure: StoreFailure, state: str, verb: str) -> Exception:
    """What the database's own check means to the person who asked."""
    match failure.sqlstate:
        case "23505":  # twice at this moment: the repeat finds the first
            return Conflict()
        case "BD003":
            return GrantLapsed()
        case "BD002":
            return NotFromHere(state=state, verb=verb)
        case _:
            return failure
