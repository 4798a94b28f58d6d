"""What may be seen of a visit, by whom. Rows are read inside the work, opened only after it has committed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from bedside.care import availability, consent, grants, people
from bedside.care.availability import Presence
from bedside.care.consent import ConsentView
from bedside.care.consultation import store
from bedside.care.consultation.model import OPEN, Consultation, DeviceCheck, State, Times
from bedside.care.consultation.situation import possible
from bedside.care.grants import Grant, Participant
from bedside.care.people import Clinic
from bedside.crypto import KeyDestroyed
from bedside.journal import Work
from bedside.kernel import Disclosure, Instant
from bedside.store import Queries

Q = Queries(__file__)
GOING_ON = (State.SCHEDULED, *(state for state in OPEN if state != State.WRAPPING_UP))


class Cursor(msgspec.Struct, frozen=True):
    """Where the journal stood before a view was read: the socket resumes from here."""

    era: UUID
    n: int


class PersonView(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody who takes part, and as what. Nobody is hidden."""

    account: UUID
    name: str
    role: str
    since: Instant | None
    here: bool
    in_room: bool


class VisitView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A visit as one person may see it."""

    id: UUID
    queue_entry: UUID | None
    state: str
    status: str | None
    version: int
    priority: str
    can: list[str]
    cursor: Cursor
    starts_at: Instant
    minutes: int
    zone: str
    department: UUID
    department_name: str
    clinic_name: str
    emergency_number: str
    patient: UUID
    patient_name: str
    given_name: str
    birth_date: date
    language: str
    provider: UUID | None
    provider_name: str | None
    provider_specialty: str | None
    provider_here: bool
    patient_here: bool
    consent: ConsentView | None
    place: str | None
    callback: str | None
    place_confirmed: bool
    device: DeviceCheck | None
    people: list[PersonView]
    mine: str
    takes_part: bool
    i_am_in_room: bool
    grant_ends_at: Instant | None
    checked_in_at: Instant | None
    waiting_since: Instant | None
    called_at: Instant | None
    room_until: Instant | None
    minute_asked: bool
    started_at: Instant | None
    ended_at: Instant | None
    completed_at: Instant | None
    summary: str | None
    follow_up: bool | None
    minutes_lasted: int | None
    close_reason: str | None
    close_code: str | None
    opens_at: Instant
    closes_at: Instant
    me: UUID
    moved_to: UUID | None = None
    """The visit that takes place instead of this one, on another day."""


class Done(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to a verb: where the visit is now. Holds nobody's information, so it can be kept for a repeat."""

    consultation: UUID
    queue_entry: UUID | None
    state: str
    version: int
    entry: UUID | None
    undo_until: Instant | None = None
    """Until when whoever did this may undo it, by naming this version."""


def done(work: Work, visit: Consultation) -> Done:
    """What a verb answers."""
    return Done(
        visit.id,
        visit.queue_entry,
        visit.state,
        visit.version,
        work.last_entry,
        visit.undo.until if visit.undo else None,
    )


@dataclass(slots=True)
class Sight:
    """A visit as read, still sealed."""

    clinic: Clinic
    visit: Consultation
    can: list[str]
    department: Any
    card: Any
    place: Any
    carers: list[tuple[UUID, str]]
    taking_part: list[Participant]
    present: Presence
    names: dict[UUID, str]
    provider: Any
    consent: ConsentView | None
    grant: Grant | None
    mine: str
    times: Times
    moved_to: UUID | None
    disclosure: Disclosure


async def look(work: Work, id: UUID) -> Sight:
    """Read a visit for showing. The cursor first: what is read after it may be newer, never older."""
    clinic = await people.clinic_of(work)
    visit = await store.look(work, id)
    carers = await store.carers(work, visit.patient)
    taking_part = await grants.participants_of(work, id)
    accounts = [account for account, _ in carers] + [p.account for p in taking_part]
    if visit.provider:
        accounts.append(visit.provider)
    takes_part = any(p.account == work.actor.account and p.state == "present" for p in taking_part)
    own = work.actor.account in [account for account, _ in carers]
    consents = (await consent.shown(work, [visit.patient]))[visit.patient]
    return Sight(
        clinic=clinic,
        visit=visit,
        can=await possible(work, visit, taking_part),
        department=await work.row(Q.department, work.org, visit.department),
        card=(await people.cards(work, [visit.patient]))[visit.patient],
        place=await work.row(Q.place, work.org, id) if takes_part or own else None,
        carers=carers,
        taking_part=taking_part,
        present=await availability.presence_of(work, id, accounts),
        names=await people.staff_names(work, accounts),
        provider=await work.row(Q.specialty, work.org, visit.provider) if visit.provider else None,
        consent=ConsentView.of(consents.latest.get(consent.TELEHEALTH)),
        grant=await grants.my_grant(work, id),
        mine="patient" if own else "provider" if visit.provider == work.actor.account else str(work.actor.role),
        times=await store.times(work),
        moved_to=await work.value(Q.moved_to, work.org, id) if visit.moved_to else None,
        disclosure=await work.disclose([visit.patient], consultation=id, purpose="PATRQT" if own else "TREAT"),
    )


async def show(work: Work, sight: Sight) -> VisitView:
    """Open what was read, and lay it out. Only after the work has committed: the disclosure sees to it."""
    v, s = sight.visit, sight
    card = await people.open_card(work, s.card, under=s.disclosure)
    place, callback = await _whereabouts(work, s)
    carers = [account for account, _ in s.carers]
    takes_part = any(p.account == work.actor.account and p.state == "present" for p in s.taking_part)
    took_part = takes_part or s.mine == "patient" or any(p.account == work.actor.account for p in s.taking_part)
    return VisitView(
        id=v.id,
        queue_entry=v.queue_entry,
        state=v.state,
        status=queue_status(v),
        version=v.version,
        priority=v.priority,
        can=s.can,
        cursor=Cursor(s.clinic.era, s.clinic.n),
        starts_at=v.starts_at,
        minutes=v.minutes,
        zone=v.zone,
        department=v.department,
        department_name=s.department["department_name"],
        clinic_name=s.clinic.name,
        emergency_number=s.clinic.emergency_number,
        patient=v.patient,
        patient_name=card.name.whole,
        given_name=card.name.given,
        birth_date=card.birth_date,
        language=card.language,
        provider=v.provider,
        provider_name=s.provider["display_name"] if s.provider else None,
        provider_specialty=s.provider["specialty"] if s.provider else None,
        provider_here=v.provider in s.present.here,
        patient_here=bool(s.present.here.intersection(carers)),
        consent=s.consent,
        place=place,
        callback=callback,
        place_confirmed=s.visit.checked_in_at is not None,
        device=_device(v),
        people=_people(s, card.name.whole),
        mine=s.mine,
        takes_part=takes_part,
        i_am_in_room=work.actor.account in s.present.in_room,
        grant_ends_at=s.grant.expires_at if s.grant else None,
        checked_in_at=v.checked_in_at,
        waiting_since=v.waiting_since,
        called_at=v.called_at,
        room_until=v.room_until,
        minute_asked=v.minute_asked,
        started_at=v.started_at,
        ended_at=v.ended_at,
        completed_at=v.completed_at,
        summary=await _summary(work, s) if took_part else None,
        follow_up=v.follow_up,
        minutes_lasted=v.minutes_lasted,
        close_reason=v.close_reason,
        close_code=v.close_code,
        opens_at=v.starts_at - s.times.join_before,
        closes_at=v.starts_at + s.times.join_after,
        me=work.actor.account,
        moved_to=s.moved_to,
    )


def queue_status(visit: Consultation) -> str | None:
    """The queue entry's status: a function of the state."""
    if visit.queue_entry is None:
        return None
    busy = (State.CONNECTING, State.IN_PROGRESS, State.WRAPPING_UP)
    return "in-consultation" if visit.state in busy else str(visit.state)


def _device(visit: Consultation) -> DeviceCheck | None:
    return msgspec.convert(visit.device, DeviceCheck) if visit.device else None


def _people(s: Sight, patient_name: str) -> list[PersonView]:
    """Everybody who takes part; afterwards everybody who did. The patient's people under the patient's name."""
    shown = ("present",) if s.visit.state in GOING_ON else ("present", "left")
    return [
        PersonView(
            p.account,
            s.names.get(p.account, patient_name),
            p.as_role,
            s.present.in_since.get(p.account),
            p.account in s.present.here,
            p.account in s.present.in_room,
        )
        for p in s.taking_part
        if p.state in shown
    ]


async def _whereabouts(work: Work, s: Sight) -> tuple[str | None, str | None]:
    if s.place is None:
        return None, None
    try:
        place = await _opened(work, s, s.place["place"], "consultation_place.place")
        callback = await _opened(work, s, s.place["callback"], "consultation_place.callback")
    except KeyDestroyed:  # the visit was completed between our reading and our opening
        return None, None
    return place, callback


async def _summary(work: Work, s: Sight) -> str | None:
    sealed = s.visit.summary
    return None if sealed is None else await _opened(work, s, sealed.raw, "consultation.summary")


async def _opened(work: Work, s: Sight, sealed: bytes, at: str) -> str:
    visit = s.visit
    opened = await work.vault.open(sealed, str, org=work.org, at=at, row=visit.id, of=visit.patient, under=s.disclosure)
    return opened.reveal()
