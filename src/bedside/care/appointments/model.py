"""What is true of an appointment: the clinic's wall clock, its zone, and the instant they mean."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Instant


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


class AppointmentBooked(Fact, frozen=True, kw_only=True):
    """A time was set."""

    kind: ClassVar[str] = "APPOINTMENT_BOOKED"
    action: ClassVar[str] = "BOOK"
    on: ClassVar[str] = "appointment"

    department: UUID
    provider: UUID | None = None
    starts_at: Instant


class AppointmentRetimed(Fact, frozen=True, kw_only=True):
    """The same visit, another time of the same day."""

    kind: ClassVar[str] = "APPOINTMENT_CHANGED"
    action: ClassVar[str] = "RETIME"
    on: ClassVar[str] = "appointment"

    department: UUID
    provider: UUID | None = None
    starts_at: Instant
