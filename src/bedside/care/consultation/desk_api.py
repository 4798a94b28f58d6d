"""How the desk asks for times: a visit booked, one for who walks in, another time, a link to hand over."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care.appointments import TimePast
from bedside.care.consultation import booking
from bedside.care.consultation.booking import Fresh, Wanted
from bedside.care.consultation.model import Consultation, Whereabouts
from bedside.journal import Work
from bedside.kernel import Instant, Unfit

Wall = Annotated[str, msgspec.Meta(pattern=r"^\d\d:\d\d$")]


class NewTime(msgspec.Struct, forbid_unknown_fields=True):
    """A day and a time on the clinic's wall clock."""

    day: date
    time: Wall


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """For whom, where and when (a day and a time on the clinic's wall clock); with whom (none: with anybody)."""

    patient: UUID
    department: UUID
    day: date
    time: Wall
    provider: UUID | None = None
    minutes: int = 20
    priority: str = "normal"


class WalkIn(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Somebody who is here now. With `place` and `callback` they are checked in at once; `spoken` is the hash of the
    consent text that was read to them and to which they said yes."""

    patient: UUID
    department: UUID
    provider: UUID | None = None
    minutes: int = 20
    priority: str = "normal"
    place: str | None = None
    callback: str | None = None
    spoken: str | None = None


class Booked(msgspec.Struct, frozen=True, rename="camel"):
    """The visit as it is planned now: another one than before, where it was moved to another day."""

    consultation: UUID
    appointment: UUID
    starts_at: Instant
    state: str
    version: int


class LinkGiven(msgspec.Struct, frozen=True, rename="camel"):
    """Where the patient comes in, and until when. The secret is in it and is shown this once."""

    path: str
    expires_at: Instant


@post("/", status_code=201)
async def book(work: NamedDependency[Work], data: JSONBody[Book]) -> Booked:
    """Book a time for a patient."""
    fresh = await _fresh(work)
    async with work:
        visit = await booking.book(work, _wanted(data), fresh=fresh, day=data.day, at=_wall(data.time))
        return work.reply(201, _booked(visit), ref=visit.id)


@post("/walk-in", status_code=201)
async def walk_in(work: NamedDependency[Work], data: JSONBody[WalkIn]) -> Booked:
    """Take in somebody who came without an appointment."""
    where = Whereabouts(data.place or "", data.callback or "") if data.place or data.callback else None
    fresh, spoken = await _fresh(work), _hash(data.spoken) if data.spoken else None
    async with work:
        visit = await booking.walk_in(work, _wanted(data), fresh=fresh, whereabouts=where, spoken=spoken)
        return work.reply(201, _booked(visit), ref=visit.id)


@post("/{id:uuid}/new-time", status_code=200)
async def new_time(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[NewTime]) -> Booked:
    """Give a visit another time; once the patient was there, on another day."""
    fresh = await _fresh(work)
    async with work:
        visit = await booking.new_time(work, id, fresh=fresh, day=data.day, at=_wall(data.time))
        return work.reply(200, _booked(visit), ref=visit.id)


@post("/{id:uuid}/link", status_code=201)
async def give_link(work: NamedDependency[Work], id: FromPath[UUID]) -> LinkGiven:
    """Make a link for the patient, to print or to read out."""
    async with work:
        secret, until = await booking.give_link(work, id)
        return work.reply(201, LinkGiven(f"/k/{secret}", until), ref=id)


async def _fresh(work: Work) -> Fresh:
    """The keys are made before the work begins; those of a visit that then is not planned lock nothing."""
    id = work.new_id()
    record = await work.vault.mint(work.org, "consultation", id, "record")
    return Fresh(id, record, await work.vault.mint(work.org, "consultation", id, "transient"))


def _wanted(data: Book | WalkIn) -> Wanted:
    return Wanted(
        patient=data.patient,
        department=data.department,
        provider=data.provider,
        minutes=data.minutes,
        priority=data.priority,
    )


def _booked(visit: Consultation) -> Booked:
    return Booked(visit.id, visit.appointment, visit.starts_at, visit.state, visit.version)


def _wall(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise TimePast from None


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Unfit from None


router = Router("/consultations", tags=["desk"], route_handlers=[book, walk_in, new_time, give_link])
