"""Whom a visit is for: somebody found on the books or put on them, then a time, or now. Names travel in forms only."""

import contextlib
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import consent, consultation, people
from bedside.care.consultation import Consultation, Fresh, Wanted, Whereabouts
from bedside.care.people import Contact, Name, Sought
from bedside.journal import Work
from bedside.kernel import NotFound, Refused, Unfit
from bedside.web import reading
from bedside.web.pages.done import Form, once, whereabouts_mistakes
from bedside.web.pages.render import AnyRequest, Html, language, render, see_other
from bedside.web.problems import problem_of


@get("/people")
async def show_search(request: AnyRequest, work: NamedDependency[Work]) -> Html:
    """Whom do you look for?"""
    return _draw(request, work, await reading.desk_of(work), "people")


@post("/people", status_code=200)
async def find(request: AnyRequest, work: NamedDependency[Work], data: Form) -> Html:
    """Who has every mark that was given; and, below, a form for somebody new."""
    work.once = None  # the answer holds names: it is not kept for a repeat
    desk = await reading.desk_of(Work(work.house, work.actor))
    try:
        found, more = await reading.find_people(work, _sought(data))
    except Refused as refused:
        return _mistaken(request, work, desk, data, refused)
    return _draw(request, work, desk, "people", found=found, more=more, typed=data)


@post("/people/new", status_code=303)
async def register(request: AnyRequest, work: NamedDependency[Work], data: Form) -> Html | Response[None]:
    """Somebody new comes onto the books; where somebody alike is there already, they are shown first."""
    desk, id = await reading.desk_of(Work(work.house, work.actor)), work.new_id()
    name, contact = Name(data.get("given", "").strip(), data.get("family", "").strip()), _contact(data)
    try:
        born = _day(data.get("birth_date", ""))
        if born is None:
            raise Unfit
        key = await work.vault.mint(work.org, "patient", id, "record")
        not_the_same = [UUID(other) for other in data.get("not_the_same", "").split()]

        async def it() -> None:
            await people.refuse_duplicate(work, name=name, born=born, contact=contact, not_the_same=not_the_same)
            await people.register_patient(
                work, id=id, record_key=key, name=name, born=born, language=data.get("language", "en"), contact=contact
            )

        await once(work, it, ref=id)
    except (Refused, ValueError) as refused:
        return await _not_registered(request, work, desk, data, refused if isinstance(refused, Refused) else Unfit())
    return see_other(f"/desk/patients/{id}")


async def _not_registered(request: AnyRequest, work: Work, desk: reading.Desk, form: Any, refused: Refused) -> Html:
    alike = [UUID(id) for id in str(refused.facts.get("candidates", "")).replace(",", " ").split()]
    if not alike:
        return _mistaken(request, work, desk, form, refused, found=[])
    found = await reading.people_known(Work(work.house, work.actor), alike)
    return _draw(request, work, desk, "people", status=409, found=found, more=False, alike=True, typed=form)


@get("/patients/{id:uuid}")
async def show_patient(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html:
    """A visit for this person: now, or at a time."""
    return await _draw_patient(request, work, id)


@post("/patients/{id:uuid}/walk-in", status_code=303)
async def walk_in(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """They are here now. With a place and a number they are checked in at once."""
    at_once = bool(data.get("place") or data.get("callback"))
    mistakes = whereabouts_mistakes(data) if at_once else {}
    where = Whereabouts(data.get("place", ""), data.get("callback", "")) if at_once else None
    fresh = await _fresh(work)

    async def it() -> Consultation:
        spoken = bytes.fromhex(data["spoken"]) if data.get("spoken") else None
        return await consultation.walk_in(work, _wanted(id, data), fresh=fresh, whereabouts=where, spoken=spoken)

    return await _planned(request, work, id, data, "walk-in", it, mistakes)


@post("/patients/{id:uuid}/book", status_code=303)
async def book(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """They have a time, today or another day."""
    day, at, fresh = _day(data.get("day", "")), _time(data.get("time", "")), await _fresh(work)
    mistakes = {} if day and at else {"time": "time-empty"}

    async def it() -> Consultation:
        assert day
        assert at
        return await consultation.book(work, _wanted(id, data), fresh=fresh, day=day, at=at)

    return await _planned(request, work, id, data, "book", it, mistakes)


async def new_time(work: Work, visit: UUID, form: dict[str, str]) -> Consultation:
    """Another time for a visit that is planned. Called inside the work that does it."""
    day, at = _day(form.get("day", "")), _time(form.get("time", ""))
    if day is None or at is None:
        raise Unfit
    return await consultation.new_time(work, visit, fresh=await _fresh(work), day=day, at=at)


async def _planned(
    request: AnyRequest, work: Work, id: UUID, form: Any, did: str, act: Any, mistakes: dict[str, str]
) -> Html | Response[None]:
    done: list[Consultation] = []

    async def it() -> None:
        done.append(await act())

    if mistakes:
        return await _draw_patient(request, work, id, typed=form, mistakes=mistakes, status=422)
    try:
        await once(work, it)
    except (Refused, ValueError) as refused:
        problem = problem_of(refused if isinstance(refused, Refused) else Unfit(), language(request))
        return await _draw_patient(
            request, Work(work.house, work.actor), id, typed=form, problem=problem["title"], status=problem["status"]
        )
    if not done:  # a form that came twice: it stands on the board
        return see_other("/desk")
    return see_other(f"/desk/visits/{done[0].id}?" + urlencode({"did": did}))


async def _draw_patient(request: AnyRequest, work: Work, id: UUID, **more: Any) -> Html:
    desk = await reading.desk_of(Work(work.house, work.actor))
    found = await reading.people_known(Work(work.house, work.actor), [id])
    if not found:
        raise NotFound
    again = Work(work.house, work.actor)
    async with again:
        text = None
        with contextlib.suppress(NotFound):  # a new clinic that has not published one yet
            text = await consent.current_text(again, type=consent.TELEHEALTH, language=found[0].language)
        agreed = (await consent.of(again, id)).cover(consent.TELEHEALTH, at=again.now)
    today = work.now.astimezone(ZoneInfo(desk.zone)).date()
    return _draw(request, work, desk, "plan", patient=found[0], text=text, agreed=agreed, today=today,
                 tomorrow=today + timedelta(days=1), **more)  # fmt: skip


def _mistaken(request: AnyRequest, work: Work, desk: reading.Desk, form: Any, refused: Refused, **more: Any) -> Html:
    problem = problem_of(refused, language(request))
    return _draw(
        request, work, desk, "people", typed=form, problem=problem["title"], status=problem["status"], **more
    )  # fmt: skip


def _draw(request: AnyRequest, work: Work, desk: reading.Desk, name: str, *, status: int = 200, **more: Any) -> Html:
    """A step aside from the board. It is not live: what is being typed stays."""
    context: dict[str, Any] = {"found": None, "more": False, "alike": False} | more
    return render(request, f"staff/desk_{name}.html", status=status, desk=desk, zone=desk.zone, now=work.now, **context)


async def _fresh(work: Work) -> Fresh:
    """The keys are made before the work begins; those of a visit that then is not planned lock nothing."""
    id = work.new_id()
    record = await work.vault.mint(work.org, "consultation", id, "record")
    return Fresh(id, record, await work.vault.mint(work.org, "consultation", id, "transient"))


def _wanted(patient: UUID, form: dict[str, str]) -> Wanted:
    provider = form.get("provider", "")
    return Wanted(
        patient=patient,
        department=UUID(form.get("department", "")),
        provider=UUID(provider) if provider else None,
        priority=form.get("priority", "normal"),
    )


def _sought(form: dict[str, str]) -> Sought:
    return Sought(
        form.get("family", "").strip(), _day(form.get("birth_date", "")), form.get("phone", ""), form.get("mrn", "")
    )


def _contact(form: dict[str, str]) -> Contact:
    return Contact(form.get("phone", "").strip(), form.get("mrn", "").strip())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return datetime.strptime(text[:5], "%H:%M").time()  # noqa: DTZ007 - a wall clock's time has no zone yet
    except ValueError:
        return None


router = Router(
    "/desk", route_handlers=[show_search, find, register, show_patient, walk_in, book], include_in_schema=False
)
