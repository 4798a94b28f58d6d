"""What is done with the line by hand: by somebody, for a reason out of a list, told to those whom it passed."""

from uuid import UUID

from bedside.care import consultation, grants
from bedside.care.consultation import Consultation, NobodyThere
from bedside.care.queue import rules, store
from bedside.care.queue.rules import Hand
from bedside.journal import Work
from bedside.journal.may import STAFF, by
from bedside.kernel import NotYourPart, Outcome, Role


@by(*STAFF)
async def change_priority(work: Work, id: UUID, *, priority: str, reason: str) -> Consultation:
    """Somebody is to be seen sooner, or later."""
    visit = await consultation.hold(work, id)
    outcome = rules.change_priority(visit, await _hand(work, visit), priority=priority, reason=reason)
    return await _settle(work, outcome)


@by(*STAFF)
async def move_in_line(work: Work, id: UUID, *, before: UUID | None, reason: str) -> Consultation:
    """Somebody is to stand before that person, or at the end."""
    visit = await consultation.hold(work, id)
    line = await store.line(work, visit.department)
    return await _settle(work, rules.move_in_line(visit, line, await _hand(work, visit), before=before, reason=reason))


@by(*STAFF)
async def transfer(
    work: Work, id: UUID, *, provider: UUID | None, department: UUID | None, reason: str
) -> Consultation:
    """Another provider or department sees this patient. Who saw them until now takes part no longer; the link stays."""
    visit = await consultation.hold(work, id)
    where = department or visit.department
    if not await consultation.sees_patients(work, provider, where):
        raise NobodyThere
    hand = await _hand(work, visit)
    outcome = rules.transfer(visit, hand, provider=provider, department=where, reason=reason)
    return await _hand_over(work, visit, outcome)


@by(*STAFF)
async def undo(work: Work, id: UUID, *, version: int) -> Consultation:
    """Take back what one did to this visit a moment ago, at the version that it led to."""
    visit = await consultation.hold(work, id)
    hand = await _hand(work, visit)
    if not hand.by:
        raise NotYourPart
    was = rules.may_undo(visit, hand, version=version)
    if was.verb in ("pass_device_check", "come_back"):
        return await consultation.take_back(work, visit, was)
    return await _hand_over(work, visit, rules.put_back(visit, hand, was))


async def _hand(work: Work, visit: Consultation) -> Hand:
    return Hand(
        by=await consultation.parties_of(work, visit),
        actor=work.actor.account,
        at=work.now,
        times=await consultation.times(work),
        change=work.new_id(),
    )


async def _hand_over(work: Work, visit: Consultation, outcome: Outcome) -> Consultation:
    """Settle it; where another provider sees the patient now, one leaves and the other takes part."""
    placed = outcome.changes[0]
    assert isinstance(placed, Consultation)
    if placed.provider != visit.provider:
        if visit.provider:
            await grants.dismiss(work, consultation=visit.id, patient=visit.patient, account=visit.provider)
        if placed.provider:
            await grants.admit(work, consultation=visit.id, account=placed.provider, role=Role.PROVIDER)
    return await _settle(work, outcome)


async def _settle(work: Work, outcome: Outcome) -> Consultation:
    await work.settle(outcome, into=store.save)
    placed = outcome.changes[0]
    assert isinstance(placed, Consultation)
    return placed
