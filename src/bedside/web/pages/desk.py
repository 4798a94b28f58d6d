"""The front desk's pages: a department's day, live, and what can be done for one person of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from bedside.care import consultation, queue
from bedside.care.consultation import Consultation, DeviceCheck, Whereabouts
from bedside.care.queue import BoardView, QueueRow
from bedside.journal import Work
from bedside.kernel import Conflict, NotFound, Refused, Role, Topic
from bedside.web import locale, reading
from bedside.web.pages.desk_people import new_time
from bedside.web.pages.done import Form, again, once, today_at, why_not
from bedside.web.pages.render import AnyRequest, Html, language, render, see_other
from bedside.web.reading import FrontDesk

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("waiting",),
    "checking-in": ("checked-in",),
    "expected": ("scheduled",),
    "in-visit": ("connecting", "in-progress", "wrapping-up"),
    "gone": ("no-show", "cancelled", "completed"),
}
"""Which states stand under which heading, and in which order within it."""


@get("/")
async def show_desk(
    request: AnyRequest,
    work: NamedDependency[Work],
    department: FromQuery[UUID | None] = None,
    did: FromQuery[str] = "",
    visit: FromQuery[UUID | None] = None,
    v: FromQuery[int] = 0,
) -> Html:
    """Everybody of today. `did`: what was done last here, said as long as nothing else came after it."""
    desk = await reading.front_desk(work, department)
    here = next((row for row in desk.board.rows if row.consultation == visit), None)
    told = here if here and here.version == v else None
    return _draw(
        request,
        work,
        desk,
        "desk",
        told=told,
        did=did if told and locale.knows(f"did.{did}") else "",
        away=did == "transfer" and visit is not None and here is None,
        may_plan=work.actor.role in reading.DESK,
        administers=work.actor.role is Role.ADMINISTRATOR,
        **laid_out(desk.board),
    )


def laid_out(board: BoardView) -> dict[str, Any]:
    """The board as its page shows it."""
    waits = [row.waiting_since for row in board.rows if row.state == "waiting" and row.waiting_since]
    return {
        "columns": _columns(board),
        "people": {row.consultation: row for row in board.rows},
        "longest": min(waits, default=None),
    }


def _columns(board: BoardView) -> dict[str, list[QueueRow]]:
    """By heading: who waits in the order to be seen, the others by their time, who left last first."""
    found = {name: [row for row in board.rows if row.state in states] for name, states in COLUMNS.items()}
    for name in ("checking-in", "expected", "in-visit"):
        found[name].sort(key=lambda row: row.starts_at)
    found["gone"].sort(key=lambda row: row.closed_at or row.ended_at or row.starts_at, reverse=True)
    found["gone"].sort(key=lambda row: COLUMNS["gone"].index(row.state))
    return found


@get("/visits/{id:uuid}")
async def show_person(
    request: AnyRequest,
    work: NamedDependency[Work],
    id: FromPath[UUID],
    changed: FromQuery[str] = "",
    did: FromQuery[str] = "",
) -> Html:
    """What can be done for one person now. `changed`: somebody else just did something while this was open;
    `did`: how they came onto the board."""
    problem = locale.refusal(language(request), Conflict.slug) if changed == "yes" else None
    planned = did if did in ("walk-in", "book") else ""
    return _draw_person(request, work, id, await reading.front_desk(work, visit=id), problem=problem, planned=planned)


@post("/visits/{id:uuid}/{verb:str}", status_code=303)
async def act(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], verb: FromPath[str], data: Form
) -> Html | Response[None]:
    """Do it, unless somebody changed this visit since the form was drawn: then show how it is now."""
    done: list[Consultation] = []

    async def it() -> None:
        visit = await consultation.hold(work, id)
        if data.get("version") != str(visit.version):
            raise Conflict
        done.append(await _do(work, visit, verb, data))

    try:
        await once(work, it, ref=id)
    except Refused as refused:
        # Changed meanwhile: the sheet shows how it is now, also by script.
        sheet = refused.status == "conflict"
        why = why_not(request, refused, data) if sheet else again(request, refused, data)
        work = Work(work.house, work.actor)
        return _draw_person(request, work, id, await reading.front_desk(work, visit=id), tried=verb, **why)
    said = {"did": verb, "visit": str(done[0].id), "v": done[0].version} if done else {}
    where = {"department": data["department"]} if data.get("department") else {}
    return see_other("/desk?" + urlencode(where | said))


def _draw_person(request: AnyRequest, work: Work, id: UUID, desk: FrontDesk, **more: Any) -> Html:
    row = next((row for row in desk.board.rows if row.consultation == id), None)
    if row is None:
        raise NotFound
    more = {
        "link": "",
        "planned": "",
        "tried": "",
        "today": work.now.astimezone(ZoneInfo(desk.board.zone)).date(),
    } | more
    band = row.priority == "emergency"
    line = [
        other
        for other in desk.board.rows
        if other.state == "waiting" and other.consultation != id and (other.priority == "emergency") is band
    ]
    return _draw(request, work, desk, "desk_person", row=row, line=line, **more)


def _draw(request: AnyRequest, work: Work, desk: FrontDesk, name: str, *, status: int = 200, **more: object) -> Html:
    view = desk.board
    topics = (Topic.queue(view.department), Topic.presence(view.department), Topic.notification(work.actor.account))
    elsewhere = len(desk.departments) > 1 and view.department != desk.departments[0][0]
    return render(
        request, f"staff/{name}.html", status=status, topics=map(str, topics), view=view, cursor=view.cursor,
        zone=view.zone, now=work.now, my_name=desk.my_name, departments=desk.departments,
        elsewhere=f"?department={view.department}" if elsewhere else "", **more,
    )  # fmt: skip


async def _do(work: Work, visit: Consultation, verb: str, form: dict[str, str]) -> Consultation:
    """What the desk may do on somebody's behalf."""
    reason, where = form.get("reason", ""), Whereabouts(form.get("place", ""), form.get("callback", ""))
    match verb:
        case "check-in":
            return await consultation.check_in(work, visit.id, whereabouts=where)
        case "device-check":
            skipped = DeviceCheck("skipped", "skipped", "skipped", reason)
            return await consultation.pass_device_check(work, visit.id, check=skipped)
        case "give-up":
            return await consultation.give_up(work, visit.id)
        case "come-back":
            return await consultation.come_back(work, visit.id)
        case "cancel":
            return await consultation.cancel(work, visit.id, reason=reason)
        case "reopen":
            at = today_at(form.get("time", ""), visit.zone, work.now)
            return await consultation.reopen(work, visit.id, new_time=at)
        case "reschedule":
            return await consultation.reschedule(work, visit.id, whereabouts=where)
        case "send-back":
            return await consultation.send_back(work, visit.id, reason=reason)
        case _:
            return await _place(work, visit, verb, form)


@post("/visits/{id:uuid}/link", status_code=200)
async def give_link(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """A link for the patient. Its secret is shown this once, and kept nowhere."""
    made: list[str] = []

    async def it() -> None:
        made.append((await consultation.give_link(work, id))[0])

    await once(work, it, ref=id)
    if not made:  # the same form again: what it made is not kept
        return see_other(f"/desk/visits/{id}")
    link = f"{str(request.base_url).rstrip('/')}/k/{made[0]}"
    again = Work(work.house, work.actor)
    return _draw_person(request, again, id, await reading.front_desk(again, visit=id), link=link)


async def _place(work: Work, visit: Consultation, verb: str, form: dict[str, str]) -> Consultation:
    """What the desk may do with somebody's time and place in line."""
    id, reason = visit.id, form.get("reason", "")
    match verb:
        case "new-time":
            return await new_time(work, id, form)
        case "undo":
            return await queue.undo(work, id, version=visit.version)
        case "priority":
            return await queue.change_priority(work, id, priority=form.get("priority", ""), reason=reason)
        case "move":
            return await queue.move_in_line(work, id, before=_id(form.get("before", "")), reason=reason)
        case "transfer":
            kind, _, to = form.get("to", "").partition(":")
            provider, department = (None, _id(to)) if kind == "department" else (_id(to), None)
            return await queue.transfer(work, id, provider=provider, department=department, reason=reason)
        case _:
            raise NotFound


def _id(text: str) -> UUID | None:
    """An id out of a form's list; its empty choice stands for nobody in particular."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


router = Router("/desk", route_handlers=[show_desk, show_person, give_link, act], include_in_schema=False)
