"""What is done about presence: a beat, going in, leaving, a status set."""

from datetime import timedelta
from uuid import UUID

from bedside.care.availability import store
from bedside.care.availability.model import AvailabilityChanged, RoomEntered, RoomLeft, Status
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, STAFF, by
from bedside.kernel import Role
from bedside.store import Queries

Q = Queries(__file__)


@by(*CARED_FOR, *STAFF)
async def beat(work: Work, *, connection: UUID, device: str) -> None:
    """A page of this person is here."""
    await work.execute(Q.beat, work.org, connection, work.actor.account, device, work.now)


@by(*CARED_FOR, *STAFF)
async def beat_session(work: Work) -> None:
    """Who went in without a socket is there as long as their session asks for anything."""
    await work.execute(Q.beat_session, work.org, work.actor.account, work.actor.session, work.now)


async def sign_out(work: Work) -> list[UUID]:
    """Somebody leaves: with every page that was in a room, which is noted. Returns those rooms' visits."""
    left = {row["entered"] for row in await work.rows(Q.sign_out, work.org, work.actor.account, work.now)}
    for entered in sorted(left):
        await work.execute(Q.note_left, work.org, entered, work.actor.account, work.now)
    return sorted(left)


async def forget_gone(work: Work) -> None:
    """Pages that closed more than a day ago say nothing any more."""
    await work.execute(Q.forget_gone, work.org, work.now - timedelta(days=1))


@by(*CARED_FOR, *STAFF)
async def gone(work: Work, *, connection: UUID) -> UUID | None:
    """A page closed. If it was in a room and was the last one there, that is noted; returns the room's visit."""
    entered = await work.value(Q.gone, work.org, connection, work.actor.account, work.now)
    if entered:
        await work.execute(Q.note_left, work.org, entered, work.actor.account, work.now)
    return entered


@by(*CARED_FOR, *STAFF)
async def enter(
    work: Work,
    *,
    connection: UUID,
    device: str,
    consultation: UUID,
    patient: UUID,
    department: UUID,
    already: bool,
    session: UUID | None = None,
) -> None:
    """A device goes into the room of a visit. Who is in already is not announced again.

    `session`: a page without a socket, for which whatever its session asks counts as its beat.
    """
    await work.execute(Q.enter, work.org, connection, work.actor.account, device, work.now, consultation, session)
    if not already:
        await work.tell(
            RoomEntered(
                subject=consultation,
                consultation=consultation,
                patient=patient,
                account=work.actor.account,
                as_role=str(work.actor.role),
                department=department,
            )
        )


@by(*CARED_FOR, *STAFF)
async def leave(work: Work, *, consultation: UUID, patient: UUID, department: UUID) -> None:
    """A person leaves the room with every device. Their seat is kept."""
    await work.execute(Q.leave, work.org, work.actor.account, consultation)
    await work.execute(Q.note_left, work.org, consultation, work.actor.account, work.now)
    await work.tell(
        RoomLeft(
            subject=consultation,
            consultation=consultation,
            patient=patient,
            account=work.actor.account,
            as_role=str(work.actor.role),
            department=department,
        )
    )


@by(Role.PROVIDER)
async def become(work: Work, *, status: Status) -> None:
    """A provider says that they are available, away or gone."""
    await _become(work, work.actor.account, status)


async def load_of(work: Work, provider: UUID) -> tuple[int, int] | None:
    """How many visits a provider is in and how many they may be in; held still for the act that asks."""
    return await store.load(work, provider)


async def occupied(work: Work, provider: UUID) -> None:
    """A visit of this provider has begun: shown as busy."""
    await _become(work, provider, Status.IN_CONSULTATION)


async def released(work: Work, provider: UUID) -> None:
    """A visit of this provider is over: free again, unless another goes on or waits for its summary."""
    if await work.value(Q.unfinished, provider) == 0 and await work.value(Q.set_free, work.org, provider, work.now):
        await _told(work, provider, Status.AVAILABLE)


async def _become(work: Work, provider: UUID, status: Status) -> None:
    if await work.value(Q.become, work.org, provider, str(status), work.now):
        await _told(work, provider, status)


async def _told(work: Work, provider: UUID, status: Status) -> None:
    departments = await work.value(Q.departments, work.org, provider)
    await work.tell(AvailabilityChanged(subject=provider, status=str(status), departments=tuple(departments)))
