"""Coming in by a link, and going out. Opening a link changes nothing: a preview or a scanner may do it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import consent, consultation, people
from bedside.care.people import BirthDateNeeded, BirthDateWrong, LinkSpent, TooManyAnswers
from bedside.journal import House, Work
from bedside.kernel import Refused, Role
from bedside.web import locale
from bedside.web.pages.render import AnyRequest, Html, language, render, see_other
from bedside.web.problems import ForeignOrigin
from bedside.web.session import (
    device_cookie,
    device_of,
    exchange,
    no_cookie,
    once_of,
    same_origin,
    session_cookie,
)


@get("/k/{secret:str}", opt={"open": True}, include_in_schema=False)
async def show_patient_link(request: AnyRequest, secret: FromPath[str]) -> Html:
    """One button."""
    return _secretive(render(request, "patient/link.html"))


@get("/s/{secret:str}", opt={"open": True}, include_in_schema=False)
async def show_staff_link(request: AnyRequest, secret: FromPath[str]) -> Html:
    """One button."""
    return _secretive(render(request, "staff/link.html"))


@post("/k/{secret:str}", opt={"open": True}, status_code=303, include_in_schema=False)
async def open_patient_link(
    request: AnyRequest, house: NamedDependency[House], secret: FromPath[str]
) -> Html | Response[None]:
    """The secret becomes a session; from here on the address is clean. A new device is asked the birth date."""
    device = device_of(request) or people.new_secret(house)
    try:
        born = birth_date(await request.form())
    except (ValueError, OverflowError):
        return _secretive(_question(request, "birth-date-odd"))
    try:
        there = await _come_in(request, house, secret, "patient/expired.html", device=device, born=born)
    except (BirthDateNeeded, BirthDateWrong, TooManyAnswers) as asked:
        return _secretive(_question(request, asked))
    there.cookies.append(device_cookie(device))
    return there


@post("/s/{secret:str}", opt={"open": True}, status_code=303, include_in_schema=False)
async def open_staff_link(
    request: AnyRequest, house: NamedDependency[House], secret: FromPath[str]
) -> Html | Response[None]:
    """The same for a colleague; a staff link works once."""
    return await _come_in(request, house, secret, "staff/expired.html")


async def _come_in(request: AnyRequest, house: House, secret: str, run_out: str, **known: Any) -> Html | Response[None]:
    if not same_origin(request) and not _from_a_link_page(request):
        raise ForeignOrigin
    try:
        who, token = await exchange(house, secret, await once_of(request, house), **known)
    except LinkSpent:
        return _secretive(render(request, run_out, status=404))
    async with Work(house, who.actor) as work:
        visit = await people.visit_of_session(work)
        role = who.actor.role
        # Nothing begins before there is a text to agree to: a new clinic's administrator sets it up first.
        new = role is Role.ADMINISTRATOR and not await consent.all_texts(work)
    own = "/waiting-room" if role is Role.PROVIDER else "/clinic" if new else "/desk"
    there = see_other(f"/visit/{visit}" if visit else own)
    there.cookies.append(session_cookie(token))
    return there


def _question(request: AnyRequest, why: Refused | str) -> Html:
    """The link's page once more, with the question, and what was wrong with the last answer."""
    problem = None
    if isinstance(why, Refused) and not isinstance(why, BirthDateNeeded):
        problem = locale.refusal(language(request), why.slug, **why.facts)
    mistakes = {"birth-date": why} if isinstance(why, str) else {}
    status = 422 if problem or mistakes else 200
    return render(request, "patient/link.html", status=status, ask_birth_date=True, problem=problem, mistakes=mistakes)


def birth_date(form: Mapping[str, Any]) -> date | None:
    """The date in the form's three fields; None when nothing was said."""
    said = [str(form.get(field, "")).strip() for field in ("year", "month", "day")]
    return date(*(int(part) for part in said)) if any(said) else None


def _secretive(page: Html) -> Html:
    """The address of this page is a secret: it goes nowhere, not even to ourselves."""
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def _from_a_link_page(request: AnyRequest) -> bool:
    """A page without referrer posts with `Origin: null`; the browser's own word then tells whose page it was."""
    return request.headers.get("origin") == "null" and request.headers.get("sec-fetch-site") == "same-origin"


@post("/sign-out", status_code=303, include_in_schema=False)
async def sign_out(work: NamedDependency[Work]) -> Response[None]:
    """This session ends here and now."""
    async with work:
        await consultation.leave_every_room(work)
        await people.sign_out(work)
    return signed_out()


def signed_out() -> Response[None]:
    """To the door, and nothing stays in the browser."""
    out = see_other("/")
    out.cookies.append(no_cookie())
    out.headers["Clear-Site-Data"] = '"storage"'  # what this page could not send was for this person only
    return out


@get("/", opt={"open": True}, include_in_schema=False)
async def show_door(request: AnyRequest) -> Html:
    """Nobody comes in without a link."""
    return render(request, "door.html")
