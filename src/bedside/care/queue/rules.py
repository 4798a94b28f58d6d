"""How the order changes by hand. Each rule: the visit, the line around it → an outcome, or a refusal."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bedside.care.consultation import (
    UNDO,
    Consultation,
    Priority,
    ReasonNeeded,
    Times,
    TooLate,
    Undo,
    deadlines,
    rank,
)
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
    PriorityChanged,
    Transferred,
)
from bedside.kernel import Actor, Conflict, Fact, NotYourPart, Outcome, Party

TICK = timedelta(microseconds=1)
NOT_IN_LINE = 2
"""A band behind both: where somebody stood who comes from another line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Whose hand changes the line: what they are to the visit, who they are, when, and the id of the change."""

    by: Collection[Party]
    actor: UUID
    at: datetime
    times: Times
    change: UUID


def change_priority(visit: Consultation, hand: Hand, *, priority: str, reason: str) -> Outcome:
    """Another priority: who waits gets the place that it had from the beginning."""
    PLACEMENT.follow(visit, "change_priority", by=hand.by, given=None)
    if priority not in tuple(Priority):
        raise NoSuchPriority(priorities=", ".join(Priority))
    _one_of(reason, PRIORITY_REASONS)
    ranked = rank(visit.waiting_since, priority, hand.times) if visit.waiting_since else None
    return _placed(visit, hand, "change_priority", reason, priority=priority, rank_at=ranked)


def move_in_line(visit: Consultation, line: Sequence[Key], hand: Hand, *, before: UUID | None, reason: str) -> Outcome:
    """Stand before that person, or at the end. Only in one's own band: nobody is moved past an emergency."""
    PLACEMENT.follow(visit, "move_in_line", by=hand.by, given=None)
    _one_of(reason, MOVE_REASONS)
    band = _band(visit.priority)
    others = [key for key in sorted(line) if key.id != visit.id and key.band == band]
    return _placed(visit, hand, "move_in_line", reason, rank_at=_rank_before(others, before, visit))


def transfer(visit: Consultation, hand: Hand, *, provider: UUID | None, department: UUID, reason: str) -> Outcome:
    """Another provider or department, the same place in time."""
    PLACEMENT.follow(visit, "transfer", by=hand.by, given=None)
    _one_of(reason, TRANSFER_REASONS)
    return _placed(visit, hand, "transfer", reason, provider=provider, department=department)


def may_undo(visit: Consultation, hand: Hand, *, version: int) -> Undo:
    """How the latest change is taken back: by whoever made it, for a moment, unless something has happened since."""
    undo = visit.undo
    if undo is None or visit.version != version:
        raise Conflict
    if undo.by != hand.actor:
        raise NotYourPart
    if hand.at > undo.until:
        raise TooLate
    return undo


def put_back(visit: Consultation, hand: Hand, was: Undo) -> Outcome:
    """As it stood before the change."""
    before = {"priority": was.priority, "rank_at": was.rank_at, "provider": was.provider, "department": was.department}
    return _placed(visit, hand, was.verb, UNDO, **before)


def place_verbs(actor: Actor, row: Any, now: datetime) -> list[str]:
    """Which changes of place this reader of the board may make, and whether they may undo what they just did."""
    if not actor.role.is_staff or row["queue_entry"] is None:
        return []
    there = {"change_priority": "priority", "move_in_line": "move", "transfer": "transfer"}
    can = [there[arrow.verb] for arrow in PLACEMENT.arrows if arrow.source == row["state"]]
    undo = msgspec.convert(row["undo"], Undo) if row["undo"] else None
    return [*can, "undo"] if undo and undo.by == actor.account and now <= undo.until else can


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


def _placed(visit: Consultation, hand: Hand, verb: str, code: str, **changed: Any) -> Outcome:
    """The visit in its new place, one version on; who is told; and its deadlines, which name the version."""
    undo = None if code == UNDO else visit.undoable(verb, by=hand.actor, at=hand.at, times=hand.times)
    placed = replace(visit, version=visit.version + 1, epoch=visit.epoch + 1, undo=undo, **changed)
    about = _about(visit, placed, code)
    fact: Fact
    match verb:
        case "change_priority":
            fact, kind = PriorityChanged(**about, priority=placed.priority), "priority"
        case "move_in_line":
            fact, kind = MovedInLine(**about), "moved"
        case _:
            about |= {"from_department": visit.department, "from_provider": visit.provider}
            fact, kind = Transferred(**about), "transferred"
    return Outcome(
        changes=(placed, *_passing(visit, placed, hand, kind, code)),
        facts=(fact,),
        deadlines=deadlines(placed, hand.times),
    )


def _passing(visit: Consultation, placed: Consultation, hand: Hand, kind: str, code: str) -> tuple[LineChange, ...]:
    """Kept for those who were passed; nobody is, while somebody still checks in. Who comes from another line passes
    everybody who stands behind the new place."""
    if visit.rank_at is None or placed.rank_at is None:
        return ()
    before = Key(NOT_IN_LINE if kind == "transferred" else _band(visit.priority), visit.rank_at, visit.id)
    after = Key(_band(placed.priority), placed.rank_at, visit.id)
    if after >= before:
        return ()
    change = LineChange(
        id=hand.change,
        department=placed.department,
        consultation=visit.id,
        kind=kind,
        code=code,
        at=hand.at,
        before=before,
        after=after,
    )
    return (change,)


def _band(priority: str) -> int:
    return 0 if priority == Priority.EMERGENCY else 1


def _one_of(reason: str, reasons: tuple[str, ...]) -> None:
    if reason not in reasons:
        raise ReasonNeeded(reasons=", ".join(reasons))


def _about(visit: Consultation, placed: Consultation, code: str) -> dict[str, Any]:
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
