"""Going into the room of a visit and out of it, and the permission to take part while it lasts."""

from uuid import UUID, uuid5

from bedside.care import availability, grants
from bedside.care.consultation import rules, store
from bedside.care.consultation.model import OPEN, Consultation, State
from bedside.care.consultation.situation import JOINERS
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, STAFF, by
from bedside.kernel import NotFound


@by(*CARED_FOR, *STAFF)
async def enter(work: Work, id: UUID, *, connection: UUID, device: str) -> Consultation:
    """A device goes into the room, of a visit in which its person takes part and which is going on."""
    visit = await store.hold(work, id)
    if visit.state not in (State.CONNECTING, State.IN_PROGRESS):
        raise rules.not_now(visit, "enter")
    await _must_take_part(work, visit)
    present = await availability.presence_of(work, id, [work.actor.account])
    await availability.enter(
        work,
        connection=connection,
        device=device,
        consultation=id,
        patient=visit.patient,
        department=visit.department,
        already=work.actor.account in present.in_room,
        session=work.actor.session if connection == page_in(work, id) else None,
    )
    return visit


def page_in(work: Work, id: UUID) -> UUID:
    """The page that goes into a room without a socket: one for each session and visit."""
    return uuid5(work.actor.session or work.actor.account, str(id))


@by(*CARED_FOR, *STAFF)
async def leave_every_room(work: Work) -> None:
    """Somebody signs out: they are in no room any more, and who is there is told."""
    for entered in await availability.sign_out(work):
        await fell_silent(work, entered)


@by(*CARED_FOR, *STAFF)
async def leave(work: Work, id: UUID) -> Consultation:
    """A person leaves the room. The visit goes on; the seat is kept."""
    visit = await store.hold(work, id)
    await _must_take_part(work, visit)
    await availability.leave(work, consultation=id, patient=visit.patient, department=visit.department)
    return visit


@by(*CARED_FOR, *STAFF)
async def fell_silent(work: Work, id: UUID) -> None:
    """A page closed that was in the room. If it was this person's last, they have left it; the seat is kept."""
    visit = await store.look(work, id)
    present = await availability.presence_of(work, id, [work.actor.account])
    if work.actor.account not in present.in_room:
        await availability.leave(work, consultation=id, patient=visit.patient, department=visit.department)


@by(*JOINERS)
async def join(work: Work, id: UUID) -> Consultation:
    """A colleague of the department joins a visit that is open, as what they are: who writes to a patient is seen."""
    visit = await store.hold(work, id)
    if not await store.works_for(work, visit):
        raise NotFound
    if visit.state not in OPEN:
        raise rules.not_now(visit, "join")
    await grants.join(work, consultation=id, patient=visit.patient)
    return visit


@by(*JOINERS)
async def step_out(work: Work, id: UUID) -> Consultation:
    """Who had joined is no longer part of the visit, nor in its room."""
    visit = await store.hold(work, id)
    await _must_take_part(work, visit)
    present = await availability.presence_of(work, id, [work.actor.account])
    if work.actor.account in present.in_room:
        await availability.leave(work, consultation=id, patient=visit.patient, department=visit.department)
    await grants.step_out(work, consultation=id, patient=visit.patient)
    return visit


@by(*CARED_FOR, *STAFF)
async def renew_grant(work: Work, id: UUID) -> tuple[str, grants.Grant]:
    """The permission to take part, for the next while."""
    return await permit(work, await store.hold(work, id))


async def permit(work: Work, visit: Consultation) -> tuple[str, grants.Grant]:
    """The same for a visit that this work holds already."""
    if visit.state not in OPEN:
        raise rules.not_now(visit, "renew_grant")
    return await grants.issue(work, consultation=visit.id, patient=visit.patient)


async def _must_take_part(work: Work, visit: Consultation) -> None:
    taking_part = await grants.participants_of(work, visit.id)
    if not any(p.account == work.actor.account and p.state == "present" for p in taking_part):
        raise NotFound
