"""How a department stands at this moment, and what those who wait there may therefore be told."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bedside.care import availability
from bedside.care.availability import Status
from bedside.care.consultation import Priority, State, times
from bedside.care.queue.estimate import LATELY, UNKNOWN, Finished, GoingOn, InLine, Today, Wait, waits
from bedside.journal import Work
from bedside.kernel import Instant
from bedside.store import Queries

Q = Queries(__file__)
A_MOMENT = timedelta(seconds=1)
"""For so long an estimate is good for everybody who asks, if they stand where it saw them."""


@dataclass(frozen=True, slots=True)
class Told:
    """The last estimate of a department: dear to make, so all who ask in the same moment share it."""

    at: Instant
    ahead: dict[UUID, int]
    waits: dict[UUID, Wait]

    def fresh(self, now: Instant) -> bool:
        """Whoever asked first may have come to their turn last: a little younger than oneself is fresh too."""
        return abs(now - self.at) < A_MOMENT


@dataclass(slots=True)
class Kept:
    """Where a department's last estimate lies, and whose turn it is to make the next."""

    told: Told | None = None
    making: asyncio.Lock = field(default_factory=asyncio.Lock)


async def wait_of(work: Work, department: UUID, consultation: UUID, *, ahead: int) -> Wait:
    """What somebody with so many before them may be told."""
    told = await _told(work, department, lambda told: told.ahead.get(consultation) == ahead)
    return told.waits.get(consultation, UNKNOWN)


async def waits_in(work: Work, department: UUID, line: Sequence[UUID]) -> dict[UUID, Wait]:
    """What each of these who wait, in this order, may be told."""
    return (await _told(work, department, lambda told: list(told.ahead) == list(line))).waits


async def _told(work: Work, department: UUID, agrees: Callable[[Told], bool]) -> Told:
    """The last estimate if it is fresh and saw what we see, else a new one; made once, however many ask at once."""
    kept: Kept = work.house.memory.setdefault(("waits", work.org, department), Kept())
    if not (kept.told and kept.told.fresh(work.now) and agrees(kept.told)):
        async with kept.making:
            if not (kept.told and kept.told.fresh(work.now) and agrees(kept.told)):
                kept.told = await _anew(work, department)
    return kept.told


async def _anew(work: Work, department: UUID) -> Told:
    today = await _today(work, department)
    # The same dice every time: what is told changes when the day does, not from one look to the next.
    dice = Random(str(department))  # noqa: S311 - no secret hangs on it
    return Told(work.now, _ahead(today.line), waits(today, dice.random))


def _ahead(line: Sequence[InLine]) -> dict[UUID, int]:
    """How many stand before each: those who wait for the same provider, or for anybody."""
    before: dict[UUID | None, int] = {}
    ahead: dict[UUID, int] = {}
    for all_before, person in enumerate(line):
        own = before.get(person.provider, 0) + before.get(None, 0)
        ahead[person.id] = own if person.provider else all_before
        before[person.provider] = before.get(person.provider, 0) + 1
    return ahead


async def _today(work: Work, department: UUID) -> Today:
    """The line, who sees people, what goes on, and the visits of this day on the clinic's wall: of no other."""
    staff = await availability.providers_of(work, department)
    on_duty = {p.account: p.max_patients for p in staff if p.status in (Status.AVAILABLE, Status.IN_CONSULTATION)}
    begins = _midnight(work.now, await work.value(Q.zone, work.org))
    rows = await work.rows(Q.today, department, begins, list(on_duty))
    came = await work.row(Q.came_lately, department, max(begins, work.now - timedelta(minutes=LATELY)))
    return Today(
        line=[_in_line(row, work.now) for row in rows if row["state"] == State.WAITING],
        on_duty=on_duty,
        going_on=[_going_on(row, work.now) for row in rows if row["state"] not in (State.WAITING, State.COMPLETED)],
        finished=[_finished(row, work.now) for row in rows if row["state"] == State.COMPLETED],
        emergencies=came["emergencies"],
        urgent=came["urgent"],
        minutes=-_minutes(came["first"] or work.now, work.now),
        credit=(await times(work)).credit_of(Priority.URGENT).total_seconds() / 60,
    )


def _in_line(row: Any, now: datetime) -> InLine:
    rank = _minutes(row["rank_at"], now)
    return InLine(row["id"], row["provider"], row["minutes"], rank, emergency=row["band"] == 0)


def _going_on(row: Any, now: datetime) -> GoingOn:
    over = row["state"] == State.WRAPPING_UP
    return GoingOn(row["provider"], row["minutes"], -_minutes(row["called_at"], now), over)


def _finished(row: Any, now: datetime) -> Finished:
    """A summary written long afterwards kept nobody waiting: the next was called before it."""
    closed = min(row["completed_at"], row["next_called_at"] or row["completed_at"])
    came, called = _minutes(row["waiting_since"], now), _minutes(row["called_at"], now)
    return Finished(row["provider"], row["minutes"], came, called, _minutes(max(closed, row["ended_at"]), now))


def _minutes(at: datetime, now: datetime) -> float:
    """From now until then: what is past is negative."""
    return (at - now).total_seconds() / 60


def _midnight(now: datetime, zone: str) -> datetime:
    """When this day began on the clinic's wall."""
    wall = ZoneInfo(zone)
    return datetime.combine(now.astimezone(wall).date(), time(0), wall).astimezone(UTC)
