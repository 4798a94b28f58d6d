"""What is done with the line by hand: by somebody, for a reason out of a list, told to those whom it passed."""

from uuid import UUID

from bedside.care import consultation, grants
from bedside.care.consultation import Consultation
from bedside.care.queue import rules, store
from bedside.care.queue.model import NobodyThere
from bedside.journal import Work
from bedside.journal.may import STAFF, by
from bedside.kernel import Role


@by(*STAFF)
async def change_priority(work: Work, id: UUID, *, priority: str, reason: str) -> Consultation:
    """Somebody is to be seen sooner, or later."""
    visit = await consultation.hold(work, id)
    outcome = rules.change_priority(
        visit,
        await consultation.times(work),
        by=await consultation.parties_of(work, visit),
        priority=priority,
        reason=reason,
        id=work.new_id(),
        at=work.now,
    )
    await work.settle(outcome, into=store.save)
    return await consultation.hold(work, id)


@by(*STAFF)
async def move_in_line(work: Work, id: UUID, *, before: UUID | None, reason: str) -> Consultation:
    """Somebody is to stand before that person, or at the end."""
    visit = await consultation.hold(work, id)
    line = await store.line(work, visit.department)
    parties = await consultation.parties_of(work, visit)
    outcome = rules.move_in_line(visit, line, by=parties, before=before, reason=reason, id=work.new_id(), at=work.now)
    await work.settle(outcome, into=store.save)
    return await consultation.hold(work, id)


@by(*STAFF)
async def transfer(
    work: Work, id: UUID, *, provider: UUID | None, department: UUID | None, reason: str
) -> Consultation:
    """Another provider or department sees this patient. Who saw them until now takes part no longer; the link stays."""
    visit = await consultation.hold(work, id)
    where = department or visit.department
    if not await store.sees_patients(work, provider, where):
        raise NobodyThere
    parties = await consultation.parties_of(work, visit)
    outcome = rules.transfer(
        visit, by=parties, provider=provider, department=where, reason=reason, id=work.new_id(), at=work.now
    )
    if visit.provider and visit.provider != provider:
        await grants.dismiss(work, consultation=id, patient=visit.patient, account=visit.provider)
    await work.settle(outcome, into=store.save)
    if provider:
        await grants.admit(work, consultation=id, account=provider, role=Role.PROVIDER)
    return await consultation.hold(work, id)
