"""What happens to a visit, in the past tense: the steps of the table, and what goes with them."""

from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Severity


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


class DeviceCheckWaits(Moved, frozen=True, kw_only=True):
    """A patient checked in and has not passed the device check: they may need help."""

    action: ClassVar[str] = "DEVICE_CHECK_WAITS"


class Unseen(Moved, frozen=True, kw_only=True):
    """The day is over, and a patient is here whom nobody has seen."""

    action: ClassVar[str] = "UNSEEN"
    severity: ClassVar[Severity] = Severity.WARNING


class WhereaboutsForgotten(Fact, frozen=True, kw_only=True):
    """The key of what was true only during the visit is destroyed: place and number are unreadable everywhere."""

    kind: ClassVar[str] = "TRANSIENT_KEY_DESTROYED"
    action: ClassVar[str] = "FORGET_PLACE"
    announces: ClassVar[bool] = False

    key: UUID
