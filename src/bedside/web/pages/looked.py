"""Who looked at me: the patient's page; and the page of whoever answers what patients ask about it."""

from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from bedside.care import audit, consultation, people
from bedside.care.consultation import VisitView
from bedside.journal import Work
from bedside.journal.may import CARED_FOR
from bedside.kernel import NotYourPart, Refused, Topic
from bedside.web.pages.done import Form, again, once
from bedside.web.pages.render import AnyRequest, Html, render, see_other


@get("/{id:uuid}/who-looked")
async def show_looks(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], before: FromQuery[int | None] = None
) -> Html:
    """Every access to my record, in plain words."""
    return await _draw(request, work, id, before)


async def _draw(request: AnyRequest, work: Work, id: UUID, before: int | None = None, **more: Any) -> Html:
    view, looks, older = await _looks(work, id, before)
    days = [(day, list(lines)) for day, lines in groupby(looks, lambda look: look.day)]
    topics = [Topic.consultation(id), Topic.notification(work.actor.account)]
    return render(
        request, "patient/looked.html", status=more.pop("status", 200), topics=map(str, topics), view=view,
        language=view.language, cursor=view.cursor, zone=view.zone, now=work.now, days=days, older=older, before=before,
        **{"tried": ""} | more,
    )  # fmt: skip


async def _looks(work: Work, id: UUID, before: int | None) -> tuple[VisitView, list[audit.AccessView], int | None]:
    if work.actor.role not in CARED_FOR:
        async with work:
            raise NotYourPart
    async with work:
        sight = await consultation.look(work, id)
        seen = await audit.looks(work, sight.visit.patient, before=before)
    return await consultation.show(work, sight), await audit.open_looks(work, seen), seen.before


@post("/{id:uuid}/who-looked", status_code=303)
async def ask(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """Ask about one of them."""
    entry = _id(data.get("entry", ""))

    async def act() -> None:
        sight = await consultation.look(work, id)
        await audit.ask(work, patient=sight.visit.patient, entry=entry, words=data.get("words", ""))

    try:
        await once(work, act, ref=id)
    except Refused as refused:
        why = again(request, refused, data)
        return await _draw(request, Work(work.house, work.actor), id, tried=str(entry), **why)
    return see_other(f"/visit/{id}/who-looked#asked-{entry}")


@get("")
async def show_questions(request: AnyRequest, work: NamedDependency[Work]) -> Html:
    """What patients ask about who looked."""
    return await _draw_questions(request, work)


async def _draw_questions(request: AnyRequest, work: Work, **more: Any) -> Html:
    me = work.actor.account
    async with work:
        clinic = await people.clinic_of(work)
        waiting = await audit.questions(work)
        names = await people.staff_names(work, [me])
    questions = await audit.open_questions(work, waiting)
    return render(
        request, "staff/questions.html", status=more.pop("status", 200), topics=[str(Topic.notification(me))],
        cursor=clinic, clinic=clinic, my_name=names[me], zone=clinic.zone, now=work.now, questions=questions,
        **{"tried": ""} | more,
    )  # fmt: skip


@post("/{id:uuid}", status_code=303)
async def answer(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """Answer with words."""
    try:
        await once(work, lambda: audit.answer(work, id, words=data.get("words", "")))
    except Refused as refused:
        why = again(request, refused, data)
        return await _draw_questions(request, Work(work.house, work.actor), tried=str(id), **why)
    return see_other("/privacy")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


patients = Router("/visit", route_handlers=[show_looks, ask], include_in_schema=False)
answering = Router("/privacy", route_handlers=[show_questions, answer], include_in_schema=False)
