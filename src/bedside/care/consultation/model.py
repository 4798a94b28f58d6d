"""What is true of a visit: its states and its values."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from bedside.kernel import Instant, Sealed


class State(StrEnum):
    """The nine states of a visit. `completed` is the only one that nothing leaves."""

    SCHEDULED = "scheduled"
    CHECKED_IN = "checked-in"
    WAITING = "waiting"
    CONNECTING = "connecting"
    IN_PROGRESS = "in-progress"
    WRAPPING_UP = "wrapping-up"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


OPEN = (State.CHECKED_IN, State.WAITING, State.CONNECTING, State.IN_PROGRESS, State.WRAPPING_UP)
"""From check-in to the closing summary."""


class Priority(StrEnum):
    """How a patient is ranked. `emergency` is a band of its own."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"
    FOLLOW_UP = "follow-up"


CREDIT: dict[str, timedelta] = {
    Priority.EMERGENCY: timedelta(0),
    Priority.URGENT: timedelta(minutes=30),
    Priority.NORMAL: timedelta(0),
    Priority.FOLLOW_UP: timedelta(minutes=-15),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long things may take. Data of the organization, with these defaults."""

    join_before: timedelta = timedelta(minutes=30)
    """Check-in opens so long before the appointed time."""
    join_after: timedelta = timedelta(minutes=60)
    """Check-in closes so long after it; then it is a no-show."""
    abandoned: timedelta = timedelta(minutes=30)
    """A device check is abandoned after this, never while the patient is here."""
    connecting: timedelta = timedelta(minutes=3)
    """The room stays open so long after the call."""
    a_minute: timedelta = timedelta(minutes=5)
    """And so much longer, once, when the patient asks for a minute."""
    room_empty: timedelta = timedelta(minutes=5)
    """A visit ends when nobody has been in its room for so long."""
    provider_left: timedelta = timedelta(minutes=2)
    """After so long without the provider, the desk or a colleague may send the patient back."""
    in_vain: timedelta = timedelta(minutes=15)
    """Called in vain and not here since: a no-show."""
    grace: timedelta = timedelta(minutes=30)
    """After a no-show the patient may come back by themselves."""
    wrap_up: timedelta = timedelta(minutes=15)
    """Then an unfinished summary nags."""
    again: timedelta = timedelta(hours=1)
    """And so often again, as does who is here and unseen after the end of the day."""
    long_wait: timedelta = timedelta(minutes=30)
    """Who has waited so long stands first on the desk's board."""
    stuck: timedelta = timedelta(minutes=5)
    """A device check that takes so long needs help: the patient is asked, once, and the desk's board says so."""
    undo: timedelta = timedelta(seconds=10)
    """So long a change can be taken back by whoever made it."""
    credit: dict[str, timedelta] = field(default_factory=dict[str, timedelta])
    """What a priority is worth, where it differs from the usual: 30 minutes for urgent, 15 less for follow-up."""

    def credit_of(self, priority: str) -> timedelta:
        """How much earlier somebody of this priority counts as having come."""
        return self.credit.get(priority, CREDIT[priority])

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Times":
        """The organization's own times, in minutes by name, over the defaults."""
        given: dict[str, Any] = settings.get("times", {})
        times = {name: timedelta(minutes=minutes) for name, minutes in given.items() if name != "credit"}
        credit = {priority: timedelta(minutes=minutes) for priority, minutes in given.get("credit", {}).items()}
        return cls(**times, credit=credit)


class DeviceCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device said of itself: result words only. `reason` says why it was skipped."""

    camera: str
    microphone: str
    connection: str
    reason: str | None = None

    RESULTS: ClassVar[tuple[str, ...]] = ("works", "weak", "blocked", "missing", "skipped")


class Whereabouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the patient is now, and on which number. Sealed in the transient class: it dies with the visit."""

    place: str
    callback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the patient said they are, sealed."""

    consultation: UUID
    place: Sealed[str]
    callback: Sealed[str]
    confirmed_at: Instant


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """How a change is taken back: which verb, by whom, until when, and how things stood before it."""

    verb: str
    by: UUID
    until: Instant
    priority: str
    rank_at: Instant | None
    provider: UUID | None
    department: UUID
    checked_in_at: Instant | None
    closed_at: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One visit, with the appointment that it belongs to."""

    id: UUID
    appointment: UUID
    patient: UUID
    provider: UUID | None
    department: UUID
    starts_at: Instant
    minutes: int
    zone: str
    record_key: UUID
    transient_key: UUID
    queue_entry: UUID | None = None
    state: str = State.SCHEDULED
    version: int = 1
    epoch: int = 1
    priority: str = Priority.NORMAL
    rank_at: Instant | None = None
    checked_in_at: Instant | None = None
    waiting_since: Instant | None = None
    called_at: Instant | None = None
    called_in_vain_at: Instant | None = None
    room_until: Instant | None = None
    minute_asked: bool = False
    started_at: Instant | None = None
    ended_at: Instant | None = None
    completed_at: Instant | None = None
    closed_at: Instant | None = None
    follow_up: bool | None = None
    summary: Sealed[str] | None = None
    device: dict[str, Any] | None = None
    close_reason: str | None = None
    """Why the entry was taken off the line: completed, no-show, cancelled, rescheduled."""
    close_code: str | None = None
    """The reason that was given, out of its list."""
    moved_to: UUID | None = None
    """The appointment that takes place instead, on another day."""
    undo: Undo | None = None
    """Who may take the latest change back. Every other step clears it."""

    @property
    def day(self) -> Instant:
        """The moment in whose day the visit takes place: its time, or the arrival where that was later."""
        return max(self.starts_at, self.checked_in_at or self.starts_at)

    def undoable(self, verb: str, *, by: UUID, at: Instant, times: Times) -> Undo:
        """What is kept so that whoever uses this verb now may take it back for a moment."""
        return Undo(
            verb=verb,
            by=by,
            until=at + times.undo,
            priority=self.priority,
            rank_at=self.rank_at,
            provider=self.provider,
            department=self.department,
            checked_in_at=self.checked_in_at,
            closed_at=self.closed_at,
        )

    @property
    def minutes_lasted(self) -> int | None:
        """How long the visit took, by our clock, in whole minutes begun."""
        if self.started_at is None or self.ended_at is None:
            return None
        return max(1, -(-int((self.ended_at - self.started_at).total_seconds()) // 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the request itself says, as far as the rules care. `everything()` asks what would be possible."""

    reason: str | None = None
    place_confirmed: bool = False
    identity_confirmed: bool = False
    anyway: bool = False
    summary: bool = False
    new_time: Instant | None = None
    hypothetical: bool = False

    @classmethod
    def everything(cls) -> "Said":
        """As if all had been said that can be: for the buttons."""
        return cls(
            reason="", place_confirmed=True, identity_confirmed=True, anyway=True, summary=True, hypothetical=True
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How things stand around a visit at one instant, read inside the acting transaction."""

    now: Instant
    times: Times
    consented: bool
    patient_here: bool = False
    patient_seen_at: Instant | None = None
    """When a page of the patient was last heard of."""
    presence_known: bool = True
    """False just after the house opened: then nobody's silence proves an absence."""
    patient_in_room: bool = False
    provider_in_room: bool = False
    provider_left_at: Instant | None = None
    room_empty_since: Instant | None = None
    patient_elsewhere: bool = False
    load: int = 0
    most: int = 1
    said: Said = field(default_factory=Said.everything)
