"""What one person sees on one screen crosses slices: read in one transaction, opened after it; pages and API alike."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care import availability, consultation, messages, notification, people, queue
from bedside.care.availability import ProviderView
from bedside.care.consultation import Cursor, VisitView
from bedside.care.messages import Earlier, MessageView
from bedside.care.notification import NotificationView
from bedside.care.people import FoundPatient, Sought
from bedside.care.queue import BoardView, LinePlace, QueueRow, Standing
from bedside.journal import House, Work
from bedside.kernel import NotFound, NotYourPart, Role
from bedside.web import session
from bedside.web.session import Asked

DESK = (Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)


class WaitingRoomView(msgspec.Struct, frozen=True, rename="camel"):
    """A provider's own waiting room, with the department's queue beside it."""

    cursor: Cursor
    me: ProviderView
    clinic_name: str
    department: UUID
    department_name: str
    zone: str
    waiting: list[QueueRow]
    in_visit: list[QueueRow]
    on_the_way: list[QueueRow]
    department_queue: list[QueueRow]
    colleagues: list[ProviderView]
    notifications: list[NotificationView]


class FrontDesk(msgspec.Struct, frozen=True):
    """A department's board, as its page needs it: whose screen it is, and the boards they may change to."""

    board: BoardView
    my_name: str
    departments: list[tuple[UUID, str]]


class VisitInFull(VisitView, frozen=True, kw_only=True, rename="camel"):
    """A visit as one person may see it, with their place in line and what was said."""

    line: LinePlace | None
    messages: list[MessageView]
    message_count: int


class Desk(msgspec.Struct, frozen=True):
    """Whose desk it is, and where a visit can be planned: departments of theirs, and who sees patients there."""

    clinic_name: str
    my_name: str
    zone: str
    departments: list[tuple[UUID, str]]
    providers: list[tuple[UUID, ProviderView]]


class Me(msgspec.Struct, frozen=True, rename="camel"):
    """Who I am here."""

    account: UUID
    org: UUID
    role: str
    cursor: Cursor
    departments: list[UUID]
    visits: list[UUID]


class LinkSecret(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """The secret of a link that somebody was sent. A second device also says the birth date, once."""

    link: str
    device: Annotated[str, msgspec.Meta(min_length=16, max_length=100)] | None = None
    """Random letters that this device keeps, so that it is not asked again."""
    birth_date: date | None = None


class Session(msgspec.Struct, frozen=True, rename="camel"):
    """A session for a program: its bearer token."""

    token: str
    account: UUID
    org: UUID
    role: str
    consultation: UUID | None


async def visit(work: Work, id: UUID) -> VisitInFull:
    """One visit, with my place in line and what was said."""
    async with work:
        sight = await consultation.look(work, id)
        place = await queue.place_in_line(work, id) if sight.mine == "patient" else None
        talk = await messages.look(work, id)
        count = await messages.count(work, id)
    view = await consultation.show(work, sight)
    said = await messages.show(work, talk)
    return VisitInFull(**msgspec.structs.asdict(view), line=place, messages=said, message_count=count)


async def earlier_words(work: Work, id: UUID, message: UUID) -> list[Earlier]:
    """What a message said before it was changed."""
    async with work:
        talk = await messages.look_back(work, id, message)
    return await messages.show_back(work, talk)


async def my_place(work: Work, id: UUID) -> Standing:
    """Where I stand, and nothing else of my visit."""
    async with work:
        mine = await queue.stand(work, id)
        if mine is None:
            raise NotFound
    return mine


async def waiting_room(work: Work) -> WaitingRoomView:
    """My waiting room, as a provider: my own patients in every department of mine, and the first one's queue."""
    async with work:
        if work.actor.role is not Role.PROVIDER:
            raise NotYourPart
        departments = await people.departments_of(work, work.actor.account)
        if not departments:
            raise NotFound
        boards = [await queue.look(work, id) for id, _ in departments]
        told = await notification.mine(work)
    views = [await queue.show(work, board) for board in boards]
    view = views[0]
    me = next(colleague for colleague in view.colleagues if colleague.account == work.actor.account)
    mine = [row for each in views for row in each.rows if row.provider == me.account]
    return WaitingRoomView(
        cursor=view.cursor,
        me=me,
        clinic_name=view.clinic_name,
        department=view.department,
        department_name=view.department_name,
        zone=view.zone,
        waiting=[row for each in views for row in queue.waiting_for(each, me.account)],
        in_visit=[row for row in mine if row.status == "in-consultation"],
        on_the_way=[row for row in mine if row.state in ("scheduled", "checked-in")],
        department_queue=[row for row in view.rows if row.state == "waiting"],
        colleagues=[colleague for colleague in view.colleagues if colleague.account != me.account],
        notifications=told,
    )


async def desk(work: Work, department: UUID | None = None) -> BoardView:
    """The department's board, for those who work with it."""
    async with work:
        if not work.actor.role.is_staff:
            raise NotYourPart
        board = await queue.look(work, department or await _my_department(work))
    return await queue.show(work, board)


async def desk_of(work: Work) -> Desk:
    """My desk: nothing of any patient."""
    async with work:
        if work.actor.role not in DESK:
            raise NotYourPart
        clinic = await people.clinic_of(work)
        mine = await people.departments_of(work, work.actor.account)
        providers = [(id, each) for id, _ in mine for each in await availability.providers_of(work, id)]
        names = await people.staff_names(work, [work.actor.account])
    return Desk(clinic.name, names[work.actor.account], clinic.zone, mine, providers)


async def find_people(work: Work, sought: Sought) -> tuple[list[FoundPatient], bool]:
    """Who has every mark that was given, and whether there are more."""
    async with work:
        rows, more, under = await people.seek(work, sought=sought)
    await work.vault.warm(row["name"] for row in rows)
    return people.ranked([await people.open_found(work, row, under=under) for row in rows], sought), more


async def people_known(work: Work, patients: list[UUID]) -> list[FoundPatient]:
    """These, as the desk tells them from others; each is a reading on record."""
    async with work:
        if work.actor.role not in DESK:
            raise NotYourPart
        rows = await people.on_the_books(work, patients)
        under = await work.disclose([row["id"] for row in rows], purpose="HOPERAT")
    return [await people.open_found(work, row, under=under) for row in rows]


async def front_desk(work: Work, department: UUID | None = None, *, visit: UUID | None = None) -> FrontDesk:
    """The board of one of my departments: the one asked for, or the visit's, or my first."""
    async with work:
        if not work.actor.role.is_staff:
            raise NotYourPart
        mine = await people.departments_of(work, work.actor.account)
        if visit is not None:
            department = (await consultation.look(work, visit)).visit.department
        department = department or (mine[0][0] if mine else None)
        if department is None or department not in [id for id, _ in mine]:
            raise NotFound
        board = await queue.look(work, department, besides=visit)
        names = await people.staff_names(work, [work.actor.account])
    return FrontDesk(await queue.show(work, board), names[work.actor.account], mine)


async def _my_department(work: Work) -> UUID:
    mine = await people.departments_of(work, work.actor.account)
    if not mine:
        raise NotFound
    return mine[0][0]


@get("/consultations/{id:uuid}", tags=["consultation"])
async def get_visit(work: NamedDependency[Work], id: FromPath[UUID]) -> VisitInFull:
    """A visit as I may see it, with the cursor from which the socket goes on."""
    return await visit(work, id)


@get("/consultations/{id:uuid}/line", tags=["queue"])
async def get_my_place(work: NamedDependency[Work], id: FromPath[UUID]) -> LinePlace:
    """My own place in line and how long it may take; cheap to ask for whenever the line has moved."""
    return (await my_place(work, id)).place


@get("/waiting-room", tags=["queue"])
async def get_waiting_room(work: NamedDependency[Work]) -> WaitingRoomView:
    """My waiting room, as a provider."""
    return await waiting_room(work)


@get("/departments/{id:uuid}/queue", tags=["queue"])
async def get_queue(work: NamedDependency[Work], id: FromPath[UUID]) -> BoardView:
    """A department's queue. One that cannot be read is an error, never empty."""
    mine = work.actor
    async with work:
        if id not in [department for department, _ in await people.departments_of(work, mine.account)]:
            raise NotFound
    return await desk(work, id)


@get("/me", tags=["people"])
async def get_me(work: NamedDependency[Work]) -> Me:
    """Who I am here, and which visits are mine today."""
    async with work:
        clinic = await people.clinic_of(work)
        departments = [department for department, _ in await people.departments_of(work, work.actor.account)]
        visits = await people.my_visits(work)
    actor = work.actor
    return Me(actor.account, actor.org, str(actor.role), Cursor(clinic.era, clinic.n), departments, visits)


@post("/sessions", status_code=201, tags=["people"], opt={"open": True})
async def sign_in(request: Asked, house: NamedDependency[House], data: JSONBody[LinkSecret]) -> Session:
    """Exchange a link's secret for a session. With an Idempotency-Key, a repeat gets the same session."""
    once = await session.once_of(request, house) if "idempotency-key" in request.headers else None
    known, token = await session.exchange(house, data.link, once, device=data.device, born=data.birth_date)
    async with Work(house, known.actor) as work:
        visit = await people.visit_of_session(work)
    actor = known.actor
    return Session(token, actor.account, actor.org, str(actor.role), visit)


@post("/sessions/end", status_code=204, tags=["people"])
async def sign_out(work: NamedDependency[Work]) -> None:
    """End this session."""
    async with work:
        await consultation.leave_every_room(work)
        await people.sign_out(work)


router = Router("/", route_handlers=[get_visit, get_my_place, get_waiting_room, get_queue, get_me, sign_in, sign_out])
