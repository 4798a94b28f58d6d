"""The clinician's pages: the waiting room, who-is-this, the room, and wrapping up."""

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import availability, consultation
from bedside.care.availability import Status
from bedside.care.consultation import VisitView
from bedside.journal import Work
from bedside.kernel import NotFound, Refused, Role, Topic
from bedside.web import reading
from bedside.web.pages.done import Form, again, change, once, outbox_key, say
from bedside.web.pages.render import AnyRequest, Html, render, see_other

AFTER = {"call-in": "/consultations/{id}", "end": "/consultations/{id}", "call-back": "/consultations/{id}",
         "enter": "/consultations/{id}", "messages": "/consultations/{id}",
         "edit-message": "/consultations/{id}", "delete-message": "/consultations/{id}",
         "join": "/consultations/{id}", "step-out": "/consultations/{id}"}  # fmt: skip
HOME = "/waiting-room"


def home_of(work: Work) -> str:
    """Where this colleague's day is laid out."""
    return HOME if work.actor.role is Role.PROVIDER else "/desk"


@get("/waiting-room", include_in_schema=False)
async def show_waiting_room(request: AnyRequest, work: NamedDependency[Work]) -> Html:
    """Who waits for me, in order."""
    view = await reading.waiting_room(work)
    me = work.actor.account
    topics = (
        Topic.waiting_room(me),
        Topic.queue(view.department),
        Topic.presence(view.department),
        Topic.notification(me),
    )
    return render(
        request,
        "staff/waiting_room.html",
        topics=map(str, topics),
        view=view,
        cursor=view.cursor,
        zone=view.zone,
        now=work.now,
    )


@post("/availability", status_code=303, include_in_schema=False)
async def become(work: NamedDependency[Work], data: Form) -> Response[None]:
    """Say that one is available, away or gone."""
    status = data.get("status", "")
    if status not in (Status.AVAILABLE, Status.AWAY, Status.OFFLINE):
        raise NotFound
    await once(work, lambda: availability.become(work, status=Status(status)))
    return see_other(HOME)


def _topics(work: Work, view: VisitView) -> list[str]:
    me = work.actor.account
    return [str(topic) for topic in (Topic.consultation(view.id), Topic.queue(view.department), Topic.notification(me))]


@get("/{id:uuid}/guard")
async def show_guard(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html:
    """Who is this? Asked before every start."""
    view = await reading.visit(work, id)
    board = await reading.desk(work, view.department)
    similar = any(row.similar for row in board.rows if row.consultation == id)
    return render(
        request, "staff/guard.html", topics=_topics(work, view), view=view, cursor=view.cursor, zone=view.zone,
        now=work.now, similar=similar, here_now=view.patient_here,
    )  # fmt: skip


@get("/{id:uuid}")
async def show(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html:
    """The visit: its room, its wrap-up, or that it is gone."""
    return _draw(request, work, await reading.visit(work, id))


@get("/{id:uuid}/earlier/{message:uuid}")
async def show_earlier(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], message: FromPath[UUID]
) -> Html:
    """What a message said before it was changed."""
    view = await reading.visit(work, id)
    earlier = await reading.earlier_words(work, id, message)
    return render(
        request, "staff/earlier.html", topics=_topics(work, view), view=view, cursor=view.cursor, zone=view.zone,
        now=work.now, earlier=earlier,
    )  # fmt: skip


def _draw(request: AnyRequest, work: Work, view: VisitView, *, status: int = 200, **more: object) -> Html:
    over = {"wrapping-up": "wrap", "completed": "wrap", "cancelled": "gone", "no-show": "gone"}
    return render(
        request, f"staff/{over.get(view.state, 'room')}.html", status=status, topics=_topics(work, view), view=view,
        cursor=view.cursor, zone=view.zone, now=work.now, home=home_of(work), outbox=outbox_key(work, view.id), **more,
    )  # fmt: skip


@post("/{id:uuid}/{verb:str}", status_code=303)
async def act(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], verb: FromPath[str], data: Form
) -> Html | Response[None]:
    """One step of somebody's visit."""
    if verb == "complete" and (mistakes := _unfinished(data)):
        view = await reading.visit(Work(work.house, work.actor), id)
        if view.mine != "provider" and not data.get("reason"):
            mistakes |= {"reason": "reason-empty"}
        return _draw(request, work, view, status=422, mistakes=mistakes, typed=data)
    try:
        await once(work, lambda: _do(work, id, verb, data), ref=id)
    except Refused as refused:
        if AFTER.get(verb, "") != "/consultations/{id}" and verb != "complete":
            raise
        why = again(request, refused, data)
        return _draw(request, work, await reading.visit(Work(work.house, work.actor), id), **why)
    return see_other(AFTER.get(verb, home_of(work)).format(id=id))


def _unfinished(form: dict[str, str]) -> dict[str, str]:
    found = {
        "summary": "" if form.get("summary", "").strip() else "summary-empty",
        "follow_up": "" if form.get("follow_up") in ("yes", "no") else "follow-up-empty",
    }
    return {field: slug for field, slug in found.items() if slug}


async def _do(work: Work, id: UUID, verb: str, form: dict[str, str]) -> object:
    reason = form.get("reason", "")
    match verb:
        case "call-in":
            await consultation.call_in(
                work, id, identity_confirmed=form.get("confirmed") == "yes", anyway=form.get("anyway") == "yes"
            )
            return await _enter(work, id)
        case "enter":
            return await _enter(work, id)
        case "leave":
            return await consultation.leave(work, id)
        case "send-back":
            return await consultation.send_back(work, id, reason=reason)
        case "end":
            return await consultation.end(work, id)
        case "call-back":
            await consultation.call_back(work, id)
            return await _enter(work, id)
        case "complete":
            follow_up = form.get("follow_up") == "yes"
            return await consultation.complete(
                work, id, summary=form["summary"], follow_up=follow_up, reason=reason or None
            )
        case "messages":
            return await say(work, id, form)
        case "edit-message" | "delete-message":
            return await change(work, id, verb, form)
        case _:
            return await _come_and_go(work, id, verb, form)


async def _come_and_go(work: Work, id: UUID, verb: str, form: dict[str, str]) -> object:
    """A colleague takes part or does no longer; a patient is not to be seen now."""
    match verb:
        case "join":
            return await consultation.join(work, id)
        case "step-out":
            return await consultation.step_out(work, id)
        case "give-up":
            return await consultation.give_up(work, id)
        case "cancel":
            return await consultation.cancel(work, id, reason=form.get("reason", ""))
        case _:
            raise NotFound


async def _enter(work: Work, id: UUID) -> object:
    """Who calls somebody in, goes in. The page's socket keeps them there."""
    return await consultation.enter(work, id, connection=consultation.page_in(work, id), device="page")


router = Router("/consultations", route_handlers=[show_guard, show, show_earlier, act], include_in_schema=False)
