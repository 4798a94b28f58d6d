"""What is true of a visit: its states, its values, and what happens to it."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from bedside.kernel import Fact, Instant, Refused, Sealed


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long things may take. Data of the organization, with these defaults."""

    join_before: timedelta = timedelta(minutes=30)
    join_after: timedelta = timedelta(minutes=60)
    abandoned: timedelta = timedelta(minutes=30)
    connecting: timedelta = timedelta(minutes=3)
    a_minute: timedelta = timedelta(minutes=5)
    room_empty: timedelta = timedelta(minutes=5)
    provider_left: timedelta = timedelta(minutes=2)
    in_vain: timedelta = timedelta(minutes=15)
    grace: timedelta = timedelta(minutes=30)
    wrap_up: timedelta = timedelta(minutes=15)
    credit: dict[str, timedelta] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: timedelta(0),
            Priority.URGENT: timedelta(minutes=30),
            Priority.NORMAL: timedelta(0),
            Priority.FOLLOW_UP: timedelta(minutes=-15),
        }
    )

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Times":
        """The organization's own times, in minutes by name, over the defaults."""
        given = settings.get("times", {})
        times: dict[str, Any] = {
            name: timedelta(minutes=minutes) for name, minutes in given.items() if name != "credit"
        }
        return cls(**times)


class DeviceCheck(msgspec.Struct, frozen=True):
    """What a device said of itself: result words only. `reason` says why it was skipped."""

    camera: str
    microphone: str
    connection: str
    reason: str | None = None

    RESULTS: ClassVar[tuple[str, ...]] = ("works", "weak", "blocked", "missing", "skipped")


class Whereabouts(msgspec.Struct, frozen=True):
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
    presence_known: bool = True
    """False just after the house opened: then nobody's silence proves an absence."""
    patient_in_room: bool = False
    provider_in_room: bool = False
    provider_left_at: Instant | None = None
    room_empty_since: Instant | None = None
    load: int = 0
    most: int = 1
    said: Said = field(default_factory=Said.everything)


class OutsideJoinWindow(Refused):
    """Check-in opens half an hour before the time and closes an hour after it."""

    slug = "outside-join-window"


class PlaceNotConfirmed(Refused):
    """Where the patient is, and a number to call back, must be confirmed at each check-in."""

    slug = "place-not-confirmed"
    status = "invalid"


class PatientAway(Refused):
    """No page of the patient is open. Calling anyway is possible, and must be said."""

    slug = "patient-away"


class IdentityNotConfirmed(Refused):
    """Nobody starts a visit without confirming whom they are about to see."""

    slug = "identity-not-confirmed"
    status = "invalid"


class ProviderFull(Refused):
    """This provider is in as many visits as they may be."""

    slug = "provider-full"


class SomebodyMissing(Refused):
    """A visit begins when patient and provider are both in the room."""

    slug = "somebody-missing"


class SomebodyThere(Refused):
    """A visit does not end by itself while somebody is in the room."""

    slug = "somebody-there"


class ProviderThere(Refused):
    """The provider is in the room, or left it less than two minutes ago."""

    slug = "provider-there"


class PatientHere(Refused):
    """Who is here is never swept away by a timer."""

    slug = "patient-here"


class GraceOver(Refused):
    """The time to come back has passed. The desk can still bring the patient back today."""

    slug = "grace-over"


class AnotherDay(Refused):
    """This can be done on the day of the visit only; for another day a new appointment is made."""

    slug = "another-day"


class ReasonNeeded(Refused):
    """A reason belongs to this, out of the list."""

    slug = "reason-needed"
    status = "invalid"


class SummaryNeeded(Refused):
    """A visit is completed with a closing summary."""

    slug = "summary-needed"
    status = "invalid"


class NewTimeNeeded(Refused):
    """Reopening takes a new time, later today."""

    slug = "new-time-needed"
    status = "invalid"


class DeviceCheckUnclear(Refused):
    """Each of camera, microphone and connection has one of the known result words; a skip has a reason."""

    slug = "device-check-unclear"
    status = "invalid"


class Moved(Fact, frozen=True, kw_only=True):
    """A visit took a step. `version` is the visit's after it."""

    kind: ClassVar[str] = "CONSULTATION_STATE_CHANGED"

    queue_entry: UUID | None = None
    department: UUID
    provider: UUID | None = None
    before: str
    state: str
    version: int
    code: str | None = None


class ConsultationScheduled(Moved, frozen=True, kw_only=True):
    """A visit is planned."""

    action: ClassVar[str] = "SCHEDULE"


class PatientCheckedIn(Moved, frozen=True, kw_only=True):
    """A patient arrived; their place in line has an id from now on."""

    kind: ClassVar[str] = "CONSULTATION_SESSION_START"
    action: ClassVar[str] = "CHECK_IN"


class DeviceCheckPassed(Moved, frozen=True, kw_only=True):
    """Camera and microphone were looked at, or skipped: the patient waits."""

    action: ClassVar[str] = "PASS_DEVICE_CHECK"


class CalledIn(Moved, frozen=True, kw_only=True):
    """A provider is ready for the patient."""

    action: ClassVar[str] = "CALL_IN"


class Connected(Moved, frozen=True, kw_only=True):
    """Both are in the room: the visit has begun."""

    action: ClassVar[str] = "CONNECT"


class SentBack(Moved, frozen=True, kw_only=True):
    """The patient waits again, in the same place."""

    action: ClassVar[str] = "SEND_BACK"


class VisitEnded(Moved, frozen=True, kw_only=True):
    """The visit is over for the patient; the provider wraps up."""

    action: ClassVar[str] = "END"


class CalledBack(Moved, frozen=True, kw_only=True):
    """It had been ended too early and goes on."""

    action: ClassVar[str] = "CALL_BACK"


class VisitCompleted(Moved, frozen=True, kw_only=True):
    """The closing summary is written; nothing of the visit changes any more."""

    kind: ClassVar[str] = "CONSULTATION_SESSION_END"
    action: ClassVar[str] = "END_CONSULTATION"

    minutes: int | None = None
    follow_up: bool | None = None


class GivenUp(Moved, frozen=True, kw_only=True):
    """The patient did not come."""

    action: ClassVar[str] = "GIVE_UP"


class CameBack(Moved, frozen=True, kw_only=True):
    """The patient came after all, and waits in the old place."""

    action: ClassVar[str] = "COME_BACK"


class Reopened(Moved, frozen=True, kw_only=True):
    """A visit that never began gets another time today."""

    action: ClassVar[str] = "REOPEN"


class Cancelled(Moved, frozen=True, kw_only=True):
    """The visit does not take place."""

    action: ClassVar[str] = "CANCEL"


class Rescheduled(Moved, frozen=True, kw_only=True):
    """A cancelled visit takes place today after all."""

    action: ClassVar[str] = "RESCHEDULE"


class MinuteAsked(Moved, frozen=True, kw_only=True):
    """The patient asked for a minute; the room stays open longer."""

    action: ClassVar[str] = "ASK_FOR_A_MINUTE"


class WrapUpWaits(Moved, frozen=True, kw_only=True):
    """A visit is still to be completed."""

    action: ClassVar[str] = "WRAP_UP_WAITS"


class WhereaboutsForgotten(Fact, frozen=True, kw_only=True):
    """The key of what was true only during the visit is destroyed: place and number are unreadable everywhere."""

    kind: ClassVar[str] = "TRANSIENT_KEY_DESTROYED"
    action: ClassVar[str] = "FORGET_PLACE"
    announces: ClassVar[bool] = False

    key: UUID
