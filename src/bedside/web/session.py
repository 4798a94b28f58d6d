"""Who asks: the session behind a cookie or a bearer token, and the unit of work made for it."""

import hashlib
import hmac
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request
from litestar.datastructures import Cookie
from litestar.di import NamedDependency

from bedside.care import availability, people
from bedside.care.people import SignedIn
from bedside.journal import House, Once, Replay, Work
from bedside.web.problems import ForeignOrigin, KeyMissing, SignInNeeded

COOKIE = "__Host-bedside"
DEVICE_COOKIE = "__Host-bedside-device"
REMEMBERED = 30 * 24 * 3600
"""For how many seconds a browser is known again: longer than any patient's link."""
SELDOM = timedelta(seconds=30)
"""How often at most the idle clock is written."""
SAFE = ("GET", "HEAD", "OPTIONS")
Asked = Request[Any, Any, Any]


async def signed_in(request: Asked, house: NamedDependency[House]) -> SignedIn:
    """Who asks, or the refusal that sends them to sign in. Asking counts as being there."""
    bearer = request.headers.get("authorization", "")
    by_bearer = bearer[:7].lower() == "bearer "
    token = bearer[7:].strip() if by_bearer else request.cookies.get(COOKIE)
    if not token or len(token) > 200:
        raise SignInNeeded
    known = await people.recognise(house, token, ip=hashed_address(request, house))
    if known is None:
        raise SignInNeeded
    if request.method not in SAFE and not by_bearer and not same_origin(request):
        raise ForeignOrigin
    return known


async def work_for(
    request: Asked, house: NamedDependency[House], who: NamedDependency[SignedIn]
) -> AsyncGenerator[Work, None]:
    """A unit of work for this request. A change carries its key; the idle clock begins anew."""
    once = None if request.method in SAFE else await once_of(request, house)
    if house.clock.now() - who.seen_at > SELDOM:
        async with Work(house, who.actor) as noted:
            await people.touch(noted)
            await availability.beat_session(noted)
    yield Work(house, who.actor, once)


async def once_of(request: Asked, house: House) -> Once:
    """The key under which this change is done once: a header, or a hidden field of a plain form."""
    key = request.headers.get("idempotency-key")
    if key is None and request.headers.get("content-type", "").startswith(("application/x-www-form", "multipart/form")):
        field = (await request.form()).get("key")
        key = field if isinstance(field, str) else None
    if key is None or not 8 <= len(key) <= 255 or not key.isprintable():
        raise KeyMissing
    # Path and key go into digests, not into the row: a path may hold a secret, and a key is whatever somebody took.
    asked = request.url.path.encode() + b"\0" + await request.body()
    route, secret = str(request.scope.get("path_template", "")), house.secret("idempotency")
    kept = hmac.new(secret, b"key\0" + key.encode(), "sha256").hexdigest()
    return Once(kept, f"{request.method} {route}", hmac.digest(secret, asked, "sha256"))


async def exchange(
    house: House, secret: str, once: Once | None, *, device: str | None = None, born: date | None = None
) -> tuple[SignedIn, str]:
    """A link's secret for a session and its token. A repeat under the same key gets the very same session.

    `device` is what this device calls itself, so that it is not asked twice; `born` the birth date that was said.
    """
    said_right = await people.is_born(house, secret, born) if born else None
    try:
        who, token = await people.use_link(house, secret, once=once, device=device, said_right=said_right)
    except Replay as before:
        token = msgspec.json.decode(before.answer, type=str)
        again = await people.recognise(house, token)
        if again is None:
            raise people.LinkSpent from None
        who = again
    return who, token


def same_origin(request: Asked) -> bool:
    """Whether a browser's change comes from a page of ours. A program without either header is no browser."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def hashed_address(request: Asked, house: House) -> str | None:
    """The visitor's address as a keyed hash: the same visitor is recognised, nobody is identified."""
    if request.client is None:
        return None
    return hmac.new(house.secret("address"), request.client.host.encode(), hashlib.sha256).hexdigest()[:32]


def session_cookie(token: str) -> Cookie:
    """The browser's part of a session: unreadable to scripts, sent to us only."""
    return Cookie(key=COOKIE, value=token, path="/", secure=True, httponly=True, samesite="lax")


def device_of(request: Asked) -> str | None:
    """What this browser called itself when it came in before."""
    device = request.cookies.get(DEVICE_COOKIE)
    return device if device and 16 <= len(device) <= 100 else None


def device_cookie(device: str) -> Cookie:
    """Random letters by which this browser is known to its links again. They open nothing by themselves."""
    return Cookie(
        key=DEVICE_COOKIE, value=device, path="/", secure=True, httponly=True, samesite="lax", max_age=REMEMBERED
    )


def no_cookie() -> Cookie:
    """Take the browser's part of the session back."""
    return Cookie(key=COOKIE, value="", path="/", secure=True, httponly=True, samesite="lax", max_age=0)
