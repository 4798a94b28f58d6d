"""What is done about looking: a patient asks about an access, and is answered."""

from uuid import UUID

from bedside.care.audit import rules
from bedside.care.audit.model import LOOKS, AccessAnswered, AccessQuestioned, OwnAccess
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, by
from bedside.kernel import Conflict, Entry, NotFound, Role
from bedside.store import Queries

Q = Queries(__file__)
ANSWERABLE = (Role.ADMINISTRATOR,)
"""Who is answerable for privacy."""


@by(*CARED_FOR)
async def ask(work: Work, *, patient: UUID, entry: UUID, words: str) -> UUID:
    """Ask about an access to one's own record. Whoever is answerable for privacy is told at once."""
    if not await work.value(Q.capacity, work.org, work.actor.account, patient):
        raise NotFound
    if not await work.value(Q.asked_about, work.org, entry, patient, list(LOOKS)):
        raise NotFound
    id, said = work.new_id(), rules.fit(words)
    key = await work.value(Q.record_key, work.org, patient)
    sealed = await work.seal(said, key=key, at="access_question.words", row=id)
    await work.execute(Q.add_question, work.org, id, patient, entry, work.actor.account, work.now, sealed.raw)
    told = tuple(row["account"] for row in await work.rows(Q.who_answers, work.org, list(map(str, ANSWERABLE))))
    await work.tell(AccessQuestioned(subject=id, patient=patient, entry=entry, told=told))
    return id


@by(*ANSWERABLE)
async def answer(work: Work, question: UUID, *, words: str) -> None:
    """Answer with words, once. Nobody answers for what they looked at themselves."""
    asked = await work.row(Q.question, work.org, question)
    if asked is None:
        raise NotFound
    if asked["answered_at"] is not None:
        raise Conflict
    about = Entry.read(await work.value(Q.asked_about, work.org, asked["entry"], asked["patient"], list(LOOKS)))
    if str(work.actor.account) in (about.actor["id"], *about.refs.get("told", ())):
        raise OwnAccess
    key = await work.value(Q.record_key, work.org, asked["patient"])
    sealed = await work.seal(rules.fit(words), key=key, at="access_question.answer", row=question)
    await work.execute(Q.answer, work.org, question, work.actor.account, work.now, sealed.raw)
    await work.tell(
        AccessAnswered(subject=question, patient=asked["patient"], entry=asked["entry"], asked_by=asked["asked_by"])
    )
