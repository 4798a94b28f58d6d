"""What is true of an appointment: the clinic's wall clock, its zone, and the instant they mean."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Instant, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A patient, a time, a department, perhaps a provider. Without one, anybody on duty may take it."""

    id: UUID
    patient: UUID
    provider: UUID | None
    department: UUID
    starts_at: Instant
    zone: str
    minutes: int
    source: str = "booked"


class TimePast(Refused):
    """An appointment is made for a time that is still to come, within a year."""

    slug = "time-past"
    status = "invalid"


class NoSuchTime(Refused):
    """The clocks go forward then: this time does not come on that day."""

    slug = "no-such-time"
    status = "invalid"


class AppointmentBooked(Fact, frozen=True, kw_only=True):
    """A time was set."""

    kind: ClassVar[str] = "APPOINTMENT_BOOKED"
    action: ClassVar[str] = "BOOK"
    on: ClassVar[str] = "appointment"

    department: UUID
    provider: UUID | None = None
    starts_at: Instant
    instead_of: UUID | None = None
    """The appointment that this one replaces, where it was moved to another day."""


class AppointmentRetimed(Fact, frozen=True, kw_only=True):
    """The same visit, another time."""

    kind: ClassVar[str] = "APPOINTMENT_CHANGED"
    action: ClassVar[str] = "RETIME"
    on: ClassVar[str] = "appointment"

    department: UUID
    provider: UUID | None = None
    starts_at: Instant
