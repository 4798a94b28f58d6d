"""What is done with appointments."""

from uuid import UUID

from bedside.care.appointments.model import Appointment, AppointmentBooked, AppointmentRetimed
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, HOUSE, STAFF, by
from bedside.kernel import Instant
from bedside.store import Queries

Q = Queries(__file__)


@by(*HOUSE, *STAFF)
async def book(work: Work, appointment: Appointment, *, consultation: UUID, instead_of: UUID | None = None) -> None:
    """A time is set for a visit, perhaps instead of another: then the links of that one lead here."""
    a = appointment
    await work.execute(
        Q.book, work.org, a.id, a.patient, a.provider, a.department, a.starts_at, a.zone, a.minutes, a.source
    )
    if instead_of:
        await work.execute(Q.lead_on, work.org, instead_of, a.id)
    await work.tell(
        AppointmentBooked(
            subject=a.id,
            patient=a.patient,
            consultation=consultation,
            department=a.department,
            provider=a.provider,
            starts_at=a.starts_at,
            instead_of=instead_of,
        )
    )


@by(*HOUSE, *STAFF, *CARED_FOR)
async def retime(work: Work, appointment: UUID, *, starts_at: Instant, consultation: UUID) -> None:
    """Another time, the same visit."""
    row = await work.row(Q.retime, work.org, appointment, starts_at)
    await work.tell(
        AppointmentRetimed(
            subject=appointment,
            patient=row["patient"],
            consultation=consultation,
            department=row["department"],
            provider=row["provider"],
            starts_at=starts_at,
        )
    )
