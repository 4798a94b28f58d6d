"""How the order changes by hand. Each rule: the visit, the line around it → an outcome, or a refusal."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bedside.care.consultation import Consultation, Priority, ReasonNeeded, Times, rank
from bedside.care.queue.model import (
    MOVE_REASONS,
    PLACEMENT,
    PRIORITY_REASONS,
    TRANSFER_REASONS,
    Key,
    LineChange,
    MovedInLine,
    NoSuchPriority,
    NotInThisLine,
    Placed,
    PriorityChanged,
    Transferred,
)
from bedside.kernel import Outcome, Party

TICK = timedelta(microseconds=1)


def change_priority(
    visit: Consultation, times: Times, *, by: Collection[Party], priority: str, reason: str, id: UUID, at: datetime
) -> Outcome:
    """Another priority: who waits gets the place that it had from the beginning."""
    PLACEMENT.follow(visit, "change_priority", by=by, given=None)
    if priority not in tuple(Priority):
        raise NoSuchPriority(priorities=", ".join(Priority))
    _one_of(reason, PRIORITY_REASONS)
    ranked = rank(visit.waiting_since, priority, times) if visit.waiting_since else None
    placed = replace(_as_it_stands(visit), priority=priority, rank_at=ranked)
    fact = PriorityChanged(**_about(visit, placed, reason), priority=priority)
    return Outcome(changes=(placed, *_told(visit, placed, "priority", reason, id, at)), facts=(fact,))


def move_in_line(
    visit: Consultation,
    line: Sequence[Key],
    *,
    by: Collection[Party],
    before: UUID | None,
    reason: str,
    id: UUID,
    at: datetime,
) -> Outcome:
    """Stand before that person, or at the end. Only in one's own band: nobody is moved past an emergency."""
    PLACEMENT.follow(visit, "move_in_line", by=by, given=None)
    _one_of(reason, MOVE_REASONS)
    band = _band(visit.priority)
    others = [key for key in sorted(line) if key.id != visit.id and key.band == band]
    placed = replace(_as_it_stands(visit), rank_at=_rank_before(others, before, visit))
    fact = MovedInLine(**_about(visit, placed, reason))
    return Outcome(changes=(placed, *_told(visit, placed, "moved", reason, id, at)), facts=(fact,))


def transfer(
    visit: Consultation,
    *,
    by: Collection[Party],
    provider: UUID | None,
    department: UUID,
    reason: str,
    id: UUID,
    at: datetime,
) -> Outcome:
    """Another provider or department, the same place in time."""
    PLACEMENT.follow(visit, "transfer", by=by, given=None)
    _one_of(reason, TRANSFER_REASONS)
    placed = replace(_as_it_stands(visit), provider=provider, department=department)
    fact = Transferred(**_about(visit, placed, reason), from_department=visit.department, from_provider=visit.provider)
    return Outcome(changes=(placed,), facts=(fact,))


def _rank_before(others: Sequence[Key], before: UUID | None, visit: Consultation) -> datetime:
    """A rank between two neighbours; where there is no room between them, right before the later one."""
    if before is None:
        return others[-1].rank_at + TICK if others else visit.rank_at or visit.starts_at
    place = next((i for i, key in enumerate(others) if key.id == before), None)
    if place is None:
        raise NotInThisLine
    later = others[place].rank_at
    if place == 0:
        return later - timedelta(seconds=1)
    earlier = others[place - 1].rank_at
    middle = earlier + (later - earlier) / 2
    return middle if earlier < middle < later else later - TICK


def _as_it_stands(visit: Consultation) -> Placed:
    return Placed(
        consultation=visit.id,
        version=visit.version + 1,
        epoch=visit.epoch + 1,
        priority=visit.priority,
        rank_at=visit.rank_at,
        provider=visit.provider,
        department=visit.department,
    )


def _told(visit: Consultation, placed: Placed, kind: str, code: str, id: UUID, at: datetime) -> tuple[LineChange, ...]:
    """Kept for those who were passed; nobody is, while somebody still checks in."""
    if visit.rank_at is None or placed.rank_at is None:
        return ()
    before = Key(_band(visit.priority), visit.rank_at, visit.id)
    after = Key(_band(placed.priority), placed.rank_at, visit.id)
    if after >= before:
        return ()
    change = LineChange(
        id=id,
        department=visit.department,
        consultation=visit.id,
        kind=kind,
        code=code,
        at=at,
        before=before,
        after=after,
    )
    return (change,)


def _band(priority: str) -> int:
    return 0 if priority == Priority.EMERGENCY else 1


def _one_of(reason: str, reasons: tuple[str, ...]) -> None:
    if reason not in reasons:
        raise ReasonNeeded(reasons=", ".join(reasons))


def _about(visit: Consultation, placed: Placed, code: str) -> dict[str, Any]:
    return {
        "subject": visit.id,
        "consultation": visit.id,
        "patient": visit.patient,
        "queue_entry": visit.queue_entry,
        "department": placed.department,
        "provider": placed.provider,
        "state": str(visit.state),
        "version": placed.version,
        "code": code,
    }
