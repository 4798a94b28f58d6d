"""The line: what a patient's entry is called in each state, and what changes its order by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bedside.care.consultation import State
from bedside.kernel import Arrow, Fact, Machine, Party, Refused

QUEUE_STATUS: Mapping[str, str] = {
    State.CHECKED_IN: "checked-in",
    State.WAITING: "waiting",
    State.CONNECTING: "in-consultation",
    State.IN_PROGRESS: "in-consultation",
    State.WRAPPING_UP: "in-consultation",
    State.COMPLETED: "completed",
    State.CANCELLED: "cancelled",
    State.NO_SHOW: "no-show",
}
"""A function of the visit's state, not a second machine; the database generates the same column."""

PRIORITY_REASONS = ("worse", "better", "triage", "mistake")
MOVE_REASONS = ("interpreter", "needs-to-leave", "technical", "clinician-asked", "fairness", "mistake")
TRANSFER_REASONS = ("shorter-wait", "specialty", "clinician-away", "patient-asked", "mistake")

_STAFF = frozenset({Party.DESK, Party.PROVIDER, Party.COLLEAGUE})


def _stay(state: str, verb: str) -> Arrow:
    return Arrow(source=state, verb=verb, target=state, by=_STAFF, entry=True)


PLACEMENT = Machine(
    "placement",
    start=State.CHECKED_IN,
    arrows=[
        _stay(State.CHECKED_IN, "change_priority"),
        _stay(State.WAITING, "change_priority"),
        _stay(State.CHECKED_IN, "transfer"),
        _stay(State.WAITING, "transfer"),
        _stay(State.WAITING, "move_in_line"),
    ],
)
"""The verbs that change a place and no state."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Where somebody stands: the constant key of the line."""

    band: int
    rank_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A change by hand, for those whom it passed."""

    id: UUID
    department: UUID
    consultation: UUID
    kind: str
    code: str
    at: datetime
    before: Key
    after: Key


class NoSuchPriority(Refused):
    """There are four priorities."""

    slug = "no-such-priority"
    status = "invalid"


class NotInThisLine(Refused):
    """The person before whom somebody is to stand does not wait in this line."""

    slug = "not-in-this-line"
    status = "conflict"


class _InLine(Fact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "QUEUE_CHANGED"

    queue_entry: UUID | None = None
    department: UUID
    provider: UUID | None = None
    state: str
    version: int
    code: str | None = None


class PriorityChanged(_InLine, frozen=True, kw_only=True):
    """Somebody is to be seen sooner or later than they were."""

    action: ClassVar[str] = "CHANGE_PRIORITY"

    priority: str


class MovedInLine(_InLine, frozen=True, kw_only=True):
    """Somebody was moved by hand."""

    action: ClassVar[str] = "MOVE_IN_LINE"


class Transferred(_InLine, frozen=True, kw_only=True):
    """Another provider or department sees this patient; the link stays the same."""

    action: ClassVar[str] = "TRANSFER"

    from_department: UUID
    from_provider: UUID | None = None
