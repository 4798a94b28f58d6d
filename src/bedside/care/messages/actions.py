"""What is done with messages: said, and read."""

from typing import Any
from uuid import UUID

from bedside.care.grants import GrantLapsed
from bedside.care.messages.model import LONGEST, MessageSent, MessagesRead, MessageUnfit
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, STAFF, by
from bedside.journal.vault import encoded
from bedside.kernel import Conflict, NotFound, NotFromHere
from bedside.store import Queries, StoreFailure

Q = Queries(__file__)


@by(*CARED_FOR, *STAFF)
async def send(work: Work, consultation: UUID, *, id: UUID, content: str) -> UUID:
    """Say something in a visit. The id is the sender's own, so that a retry says it once. Returns the journal entry.

    Authority is checked inside the insert: account, visit and permission are read FOR SHARE there, so a removal is
    before this message or after it.
    """
    words = content.strip()
    if not words or len(words) > LONGEST or "\x00" in words or any("\ud800" <= c <= "\udfff" for c in words):
        raise MessageUnfit(longest=LONGEST)
    visit = await work.row(Q.visit, work.org, consultation)
    part = await work.value(Q.my_part, work.org, consultation, work.actor.account)
    if visit is None or part is None:
        raise NotFound
    if before := await work.row(Q.same, work.org, id):
        return await _said_before(work, before, consultation, id, words)
    sealed = await work.seal(words, key=visit["record_key"], at="message.body", row=id)
    try:
        await work.value(Q.append, id, consultation, part, sealed.raw, work.now)
    except StoreFailure as failure:
        if failure.sqlstate == "23505":  # twice at this moment: the repeat finds the first
            raise Conflict from None
        if failure.sqlstate == "BD003":
            raise GrantLapsed from None
        if failure.sqlstate == "BD002":
            raise NotFromHere(state=visit["state"], verb="send") from None
        raise
    told = [row["account"] for row in await work.rows(Q.live_grants, work.org, consultation, work.now)]
    return await work.tell(
        MessageSent(
            subject=id,
            consultation=consultation,
            patient=visit["patient"],
            sender=work.actor.account,
            as_role=part,
            told=tuple(sorted(told)),
        )
    )


async def _said_before(work: Work, before: Any, consultation: UUID, id: UUID, words: str) -> UUID:
    """The very same message once more: its first entry. Another one under its id is refused."""
    mine = (before["sender"], before["consultation"]) == (work.actor.account, consultation)
    if not mine or await work.vault.open_own(before["body"], org=work.org, at="message.body", row=id) != encoded(words):
        raise Conflict
    return before["entry"]


@by(*CARED_FOR, *STAFF)
async def read(work: Work, consultation: UUID, *, up_to: int) -> None:
    """Somebody has read up to here. Journaled when it moves."""
    if not 0 <= up_to < 2**63:
        raise MessageUnfit
    visit = await work.row(Q.visit, work.org, consultation)
    if visit is None or await work.value(Q.my_part, work.org, consultation, work.actor.account) is None:
        raise NotFound
    if await work.value(Q.mark_read, work.org, consultation, work.actor.account, up_to):
        await work.tell(
            MessagesRead(
                subject=consultation,
                consultation=consultation,
                patient=visit["patient"],
                reader=work.actor.account,
                up_to=up_to,
            )
        )
