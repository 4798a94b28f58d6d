"""Where I am signed in, and how to end that; and how colleagues come in without a link: by passkeys."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import consultation, credentials, people
from bedside.care.credentials import PasskeyRefused, Site
from bedside.journal import House, Work
from bedside.journal.may import STAFF
from bedside.kernel import Refused, Role
from bedside.web.pages.done import Form, once, why_not
from bedside.web.pages.links import signed_out
from bedside.web.pages.render import HEADERS, AnyRequest, Html, render, see_other
from bedside.web.problems import ForeignOrigin
from bedside.web.session import same_origin, session_cookie

LOCAL = ("localhost", "127.0.0.1", "[::1]")


def site_of(request: AnyRequest) -> Site:
    """Where the browser says it is, when that is here. A browser signs for one address; another proves nothing."""
    host = request.headers.get("host", "").lower()
    origin = request.headers.get("origin")
    if origin is None:
        scheme = "http" if (urlsplit(f"//{host}").hostname or "") in LOCAL else "https"
        origin = f"{scheme}://{host}"
    if not same_origin(request):
        raise ForeignOrigin
    return Site(origin.lower(), urlsplit(origin).hostname or "")


@get("/sign-in", opt={"open": True}, include_in_schema=False)
async def show_sign_in(request: AnyRequest) -> Html:
    """One button."""
    return render(request, "staff/sign_in.html")


@get("/sign-in/challenge", opt={"open": True}, include_in_schema=False)
async def show_challenge(request: AnyRequest, house: NamedDependency[House]) -> Response[bytes]:
    """What the browser asks a device to sign. Asking for it changes nothing and is kept nowhere."""
    return _options(credentials.to_sign_in(house, site_of(request)))


@post("/sign-in", opt={"open": True}, status_code=303, include_in_schema=False)
async def sign_in(request: AnyRequest, house: NamedDependency[House], data: Form) -> Html | Response[None]:
    """A passkey's answer becomes a session. It is good for once: whoever sends it again is asked again."""
    site = site_of(request)
    if "origin" not in request.headers:
        raise ForeignOrigin
    try:
        who, token = await credentials.come_in(house, data.get("answer", ""), site)
    except PasskeyRefused as refused:
        return render(request, "staff/sign_in.html", **why_not(request, refused, {}))
    there = see_other(_home(who.actor.role))
    there.cookies.append(session_cookie(token))
    return there


@get("/me", include_in_schema=False)
async def show_me(request: AnyRequest, work: NamedDependency[Work]) -> Html:
    """Where I am signed in; for colleagues also how."""
    return await _me(request, work)


@post("/me/sign-out", status_code=303, include_in_schema=False)
async def sign_out_everywhere(work: NamedDependency[Work]) -> Response[None]:
    """Out, on every device."""
    async with work:
        await consultation.leave_every_room(work)
        await people.sign_out_everywhere(work)
    return signed_out()


@get("/me/challenge", include_in_schema=False)
async def show_new_passkey(request: AnyRequest, work: NamedDependency[Work]) -> Response[bytes]:
    """What the browser asks a device to make."""
    async with work:
        return _options(await credentials.to_enrol(work, site_of(request)))


@post("/me/passkeys", status_code=303, include_in_schema=False)
async def add_passkey(request: AnyRequest, work: NamedDependency[Work], data: Form) -> Html | Response[None]:
    """A passkey more."""
    site = site_of(request)
    try:
        await once(work, lambda: credentials.add_passkey(work, answer=data.get("answer", ""), site=site))
    except Refused as refused:
        return await _me(request, Work(work.house, work.actor), **why_not(request, refused, {}))
    return see_other("/me")


@post("/me/passkeys/{id:uuid}/remove", status_code=303, include_in_schema=False)
async def remove_passkey(work: NamedDependency[Work], id: FromPath[UUID]) -> Response[None]:
    """A passkey less."""
    await once(work, lambda: credentials.remove_passkey(work, id))
    return see_other("/me")


async def _me(request: AnyRequest, work: Work, **told: Any) -> Html:
    async with work:
        clinic = await people.clinic_of(work)
        seen: dict[str, Any] = {"clinic": clinic, "sessions": await people.my_sessions(work), "now": work.now}
        if work.actor.role not in STAFF:
            visit = await people.visit_of_session(work)
            return render(request, "patient/me.html", clinic_name=clinic.name, visit=visit, **seen)
        names = await people.staff_names(work, [work.actor.account])
        passkeys = await credentials.my_passkeys(work)
    name, home = names.get(work.actor.account, ""), _home(work.actor.role)
    return render(request, "staff/me.html", my_name=name, home=home, passkeys=passkeys, **seen, **told)


def _home(role: Role) -> str:
    return "/waiting-room" if role is Role.PROVIDER else "/desk"


def _options(options: dict[str, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(options), media_type="application/json", headers=HEADERS)
