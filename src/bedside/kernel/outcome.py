"""What a rule decides: the values as they shall be, the facts to put on record, the deadlines to keep."""

from dataclasses import dataclass, field
from uuid import UUID

from bedside.kernel.fact import Fact
from bedside.kernel.instant import Instant


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that happens by itself at a time, unless the thing has moved on: `due=None` calls it off."""

    kind: str
    ref: UUID
    due: Instant | None
    version: int = 0
    """The version of the thing for which the deadline was set; at another version it does nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision, not yet an act: `work.settle` makes it true, all of it or nothing."""

    changes: tuple[object, ...] = ()
    facts: tuple[Fact, ...] = ()
    deadlines: tuple[Deadline, ...] = field(default=())
