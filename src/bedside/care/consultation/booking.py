"""Times for visits: booked by the desk, now for who walks in, moved; and the link by which the patient comes in.

A new time while a visit is scheduled changes its appointment. Once the patient was there, another day is another visit:
the old one is cancelled as rescheduled, its appointment leads on to the new one, and so do the patient's links.
"""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID

from bedside.care import appointments, consent, grants, people
from bedside.care.appointments import Appointment
from bedside.care.consultation import actions, rules, store
from bedside.care.consultation.model import Consultation, Priority, Said, State, Whereabouts
from bedside.care.consultation.refusals import NobodyThere
from bedside.care.consultation.situation import around, parties_of
from bedside.journal import Work
from bedside.journal.may import by
from bedside.kernel import Instant, NotFound, NotYourPart, Outcome, Role, Unfit

DESK = (Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A visit that is to be: its id, and its two keys, made before the work began."""

    id: UUID
    record_key: UUID
    transient_key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """For whom, where, with whom, how long."""

    patient: UUID
    department: UUID
    provider: UUID | None = None
    minutes: int = 20
    priority: str = Priority.NORMAL


@by(*DESK)
async def book(work: Work, wanted: Wanted, *, fresh: Fresh, day: date, at: time) -> Consultation:
    """A visit is planned, for a time on the clinic's wall clock."""
    zone = await store.zone(work)
    starts = appointments.instant_of(day, at, zone, now=work.now)
    return await _plan(work, wanted, fresh, starts, zone, "booked")


@by(*DESK)
async def walk_in(
    work: Work, wanted: Wanted, *, fresh: Fresh, whereabouts: Whereabouts | None = None, spoken: bytes | None = None
) -> Consultation:
    """Somebody came without an appointment: theirs is now. With `whereabouts` they are checked in at once, on their
    behalf; `spoken` is the hash of the consent text that was read to them and to which they said yes."""
    visit = await _plan(work, wanted, fresh, work.now, await store.zone(work), "walk-in")
    if spoken:
        await consent.note_spoken(
            work,
            patient=visit.patient,
            type=consent.TELEHEALTH,
            granted=True,
            text_sha256=spoken,
            consultation=visit.id,
        )
    return await actions.check_in(work, visit.id, whereabouts=whereabouts) if whereabouts else visit


@by(*DESK)
async def new_time(work: Work, id: UUID, *, fresh: Fresh, day: date, at: time) -> Consultation:
    """Another time. While the visit is scheduled it is the same visit; once the patient was there, a new one."""
    visit = await store.hold(work, id)
    if not await store.works_in(work, visit.department):
        raise NotYourPart
    starts = appointments.instant_of(day, at, visit.zone, now=work.now)
    if visit.state == State.SCHEDULED:
        await appointments.retime(work, visit.appointment, starts_at=starts, consultation=id)
        await _lead_on(work, visit.appointment, visit.appointment, starts, visit.minutes)
        moved = replace(visit, starts_at=starts)
        await work.settle(Outcome(deadlines=rules.deadlines(moved, await store.times(work))))
        return moved
    return await _another_day(work, visit, fresh, starts)


@by(*DESK)
async def give_link(work: Work, id: UUID) -> tuple[str, Instant]:
    """A secret by which the patient comes in, until a day after the visit. It is shown this once."""
    visit = await store.hold(work, id)
    if not await store.works_in(work, visit.department):
        raise NotYourPart
    if visit.state in (State.COMPLETED, State.CANCELLED, State.NO_SHOW):
        raise rules.not_now(visit, "give_link")
    account = await people.account_of(work, visit.patient)
    if account is None:
        raise NotFound
    until = _link_ends(visit.starts_at, visit.minutes)
    secret = await people.issue_link(
        work, account=account, role=Role.PATIENT, expires_at=until, appointment=visit.appointment
    )
    return secret, until


async def _plan(
    work: Work, wanted: Wanted, fresh: Fresh, starts: Instant, zone: str, source: str, *, instead_of: UUID | None = None
) -> Consultation:
    if not 5 <= wanted.minutes <= 480 or wanted.priority not in tuple(Priority):
        raise Unfit
    if await people.account_of(work, wanted.patient) is None or not await store.works_in(work, wanted.department):
        raise NotFound
    if not await store.sees_patients(work, wanted.provider, wanted.department):
        raise NobodyThere
    appointment = Appointment(
        id=work.new_id(),
        patient=wanted.patient,
        provider=wanted.provider,
        department=wanted.department,
        starts_at=starts,
        zone=zone,
        minutes=wanted.minutes,
        source=source,
    )
    await actions.schedule(
        work,
        appointment,
        id=fresh.id,
        record_key=fresh.record_key,
        transient_key=fresh.transient_key,
        priority=wanted.priority,
        instead_of=instead_of,
    )
    return await store.look(work, fresh.id)


async def _another_day(work: Work, visit: Consultation, fresh: Fresh, starts: Instant) -> Consultation:
    """The old visit is cancelled as rescheduled, unless it is closed already; the new one stands in its place."""
    rules.must_be_another_day(visit, starts, work.now)
    if visit.state not in (State.CANCELLED, State.NO_SHOW):
        visit = await actions.back_from_the_room(work, visit)
        situation = await around(work, visit, Said(reason=rules.RESCHEDULED))
        outcome = rules.cancel(visit, situation, by=await parties_of(work, visit), close_reason=rules.RESCHEDULED)
        await work.settle(outcome, into=store.save)
        await grants.end_all_but(work, consultation=visit.id, patient=visit.patient)
    wanted = Wanted(
        patient=visit.patient,
        department=visit.department,
        provider=visit.provider,
        minutes=visit.minutes,
        priority=visit.priority,
    )
    planned = await _plan(work, wanted, fresh, starts, visit.zone, "booked", instead_of=visit.appointment)
    await _lead_on(work, visit.appointment, planned.appointment, starts, visit.minutes)
    return planned


async def _lead_on(work: Work, appointment: UUID, to: UUID, starts: Instant, minutes: int) -> None:
    await people.lead_links_on(work, appointment=appointment, to=to, until=_link_ends(starts, minutes))


def _link_ends(starts: Instant, minutes: int) -> Instant:
    return starts + timedelta(minutes=minutes) + A_DAY
