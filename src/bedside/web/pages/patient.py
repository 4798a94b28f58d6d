"""The patient's pages: one address for the visit, drawn by the step it has come to."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import consent, consultation
from bedside.care.consultation import DeviceCheck, VisitView, Whereabouts
from bedside.journal import Work
from bedside.kernel import NotFound, Refused, Topic
from bedside.web import reading
from bedside.web.pages.done import Form, again, change, once, outbox_key, say, today_at, whereabouts_mistakes
from bedside.web.pages.render import AnyRequest, Html, language, render, see_other

STEP = {
    "scheduled": "appointment",
    "checked-in": "device",
    "waiting": "waiting",
    "connecting": "ready",
    "in-progress": "ready",
    "wrapping-up": "ended",
    "completed": "ended",
    "cancelled": "closed",
    "no-show": "closed",
}


def draw(request: AnyRequest, work: Work, view: VisitView, step: str, *, status: int = 200, **more: object) -> Html:
    """A step of the visit as a page that stays live."""
    topics = [Topic.consultation(view.id), Topic.notification(work.actor.account)]
    if view.state == "waiting":
        topics.append(Topic.line(view.department))
    return render(
        request, f"patient/{step}.html", status=status, topics=map(str, topics), language=view.language,
        view=view, cursor=view.cursor, zone=view.zone, now=work.now,
        outbox=outbox_key(work, view.id), **more,
    )  # fmt: skip


@get("/{id:uuid}")
async def show(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html:
    """My visit, at the step it has come to."""
    return _draw_step(request, work, await reading.visit(work, id))


def _draw_step(request: AnyRequest, work: Work, view: VisitView, **more: Any) -> Html:
    step = "room" if STEP[view.state] == "ready" and view.i_am_in_room else STEP[view.state]
    return draw(request, work, view, step, **_window(work, view), **more)


def _window(work: Work, view: VisitView) -> dict[str, object]:
    """Consent is there and yet nobody can check in: it is too early, or too late."""
    agreed = view.consent is not None and view.consent.granted
    if view.state != "scheduled" or "check-in" in view.can or not agreed:
        return {}
    return {"opens_at": view.opens_at} if work.now < view.opens_at else {"closed_window": True}


@get("/{id:uuid}/line")
async def show_line(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html | Response[None]:
    """My place and my wait, and nothing else of the page. Who is not in line any more is shown where they are."""
    try:
        mine = await reading.my_place(work, id)
    except NotFound:
        return see_other(f"/visit/{id}")
    return render(
        request, "parts/line.html", language=mine.language, line=mine.place, zone=mine.zone, now=work.now, id=id
    )


@get("/{id:uuid}/earlier/{message:uuid}")
async def show_earlier(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], message: FromPath[UUID]
) -> Html:
    """What a message said before it was changed."""
    view = await reading.visit(work, id)
    return draw(request, work, view, "earlier", earlier=await reading.earlier_words(work, id, message))


@get("/{id:uuid}/consent")
async def show_consent(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html:
    """The question whether we may see them from a distance, with the exact text."""
    return await _ask_consent(request, work, id)


async def _ask_consent(request: AnyRequest, work: Work, id: UUID, **more: Any) -> Html:
    view = await reading.visit(work, id)
    async with work:
        text = await consent.current_text(work, type=consent.TELEHEALTH, language=language(request, view.language))
    return draw(request, work, view, "consent", text=text, **more)


@post("/{id:uuid}/consent", status_code=303)
async def give_consent(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], data: Form
) -> Html | Response[None]:
    """Yes or no, to the text that was shown."""
    granted = data.get("granted") == "yes"
    follows = "" if not granted else "/place"

    async def act() -> None:
        sight = await consultation.look(work, id)
        await consent.give(
            work,
            patient=sight.visit.patient,
            type=consent.TELEHEALTH,
            granted=granted,
            text_sha256=_bytes(data.get("sha256", "")),
            consultation=id,
        )

    try:
        await once(work, act, ref=id)
    except Refused as refused:
        return await _ask_consent(request, Work(work.house, work.actor), id, **again(request, refused, data))
    return see_other(f"/visit/{id}{follows}")


@post("/{id:uuid}/withdraw", status_code=303)
async def withdraw(work: NamedDependency[Work], id: FromPath[UUID]) -> Response[None]:
    """Take the yes back; a visit that goes on ends."""

    async def act() -> None:
        sight = await consultation.look(work, id)
        await consent.withdraw(work, patient=sight.visit.patient, type=consent.TELEHEALTH, consultation=id)

    await once(work, act, ref=id)
    return see_other(f"/visit/{id}")


@get("/{id:uuid}/place")
async def show_place(request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID]) -> Html | Response[None]:
    """Where are you now?"""
    view = await reading.visit(work, id)
    if not {"check-in", "reschedule"} & set(view.can):
        return see_other(f"/visit/{id}")
    return draw(request, work, view, "place")


@post("/{id:uuid}/{verb:str}", status_code=303)
async def act(
    request: AnyRequest, work: NamedDependency[Work], id: FromPath[UUID], verb: FromPath[str], data: Form
) -> Html | Response[None]:
    """One step of my visit."""
    arrives = verb in ("check-in", "reschedule")
    if arrives and (mistakes := whereabouts_mistakes(data)):
        view = await reading.visit(Work(work.house, work.actor), id)
        return draw(request, work, view, "place", status=422, mistakes=mistakes, typed=data)
    try:
        await once(work, lambda: _do(work, id, verb, data), ref=id)
    except Refused as refused:
        why = again(request, refused, data)
        view = await reading.visit(Work(work.house, work.actor), id)
        still = arrives and {"check-in", "reschedule"} & set(view.can)
        return draw(request, work, view, "place", **why) if still else _draw_step(request, work, view, **why)
    return see_other(f"/visit/{id}")


async def _do(work: Work, id: UUID, verb: str, form: dict[str, str]) -> object:
    where = Whereabouts(form.get("place", ""), form.get("callback", ""))
    match verb:
        case "check-in":
            return await consultation.check_in(work, id, whereabouts=where)
        case "reschedule":
            return await consultation.reschedule(work, id, whereabouts=where)
        case "device-check":
            return await consultation.pass_device_check(work, id, check=_checked(form))
        case "enter":
            return await consultation.enter(work, id, connection=consultation.page_in(work, id), device="page")
        case "leave":
            return await consultation.leave(work, id)
        case "minute":
            return await consultation.ask_for_a_minute(work, id)
        case "messages":
            return await say(work, id, form)
        case "edit-message" | "delete-message":
            return await change(work, id, verb, form)
        case _:
            return await _leave_or_return(work, id, verb, form)


async def _leave_or_return(work: Work, id: UUID, verb: str, form: dict[str, str]) -> object:
    match verb:
        case "cancel":
            return await consultation.cancel(work, id, reason=form.get("reason", ""))
        case "come-back":
            return await consultation.come_back(work, id)
        case "reopen":
            zone = (await consultation.look(work, id)).visit.zone
            return await consultation.reopen(work, id, new_time=today_at(form.get("time", ""), zone, work.now))
        case _:
            raise NotFound


def _checked(form: dict[str, str]) -> DeviceCheck:
    def said(device: str) -> str:
        return form.get(device, "skipped")

    return DeviceCheck(said("camera"), said("microphone"), said("connection"), form.get("reason"))


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


router = Router(
    "/visit",
    route_handlers=[show, show_line, show_earlier, show_consent, give_consent, withdraw, show_place, act],
    include_in_schema=False,
)
