"""What every form does: its act, once, and then on to the page that shows how things are now."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.enums import RequestEncodingType
from litestar.params import Body

from bedside.care import consultation, grants, messages
from bedside.journal import Replay, Work
from bedside.kernel import Instant, NotFound, Refused
from bedside.web.pages.render import AnyRequest, language
from bedside.web.problems import problem_of

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


async def once(work: Work, act: Callable[[], Awaitable[object]], *, ref: UUID | None = None) -> None:
    """Do it in one work. A form that comes a second time was done already: the same page follows."""
    try:
        async with work:
            await act()
            work.reply(303, None, ref=ref)
    except Replay:
        return


def again(request: AnyRequest, refused: Refused, form: dict[str, str]) -> dict[str, Any]:
    """What the form's page needs to be drawn once more: why not, above what was typed. Whoever reads answers by script
    keeps their words by themselves, and is only told why: then the refusal goes on its way."""
    if "text/html" not in request.headers.get("accept", "") or refused.status == "unavailable":
        raise refused
    return why_not(request, refused, form)


def why_not(request: AnyRequest, refused: Refused, form: dict[str, str]) -> dict[str, Any]:
    """The refusal's sentence and status, and what was typed."""
    why = problem_of(refused, language(request))
    return {"status": why["status"], "problem": why["title"], "typed": form}


async def say(work: Work, visit: UUID, form: dict[str, str]) -> UUID:
    """Words by a plain form. Where no script runs, nobody renews the permission to write meanwhile: this does.

    A message's id is its form's key, so that a repeat says it once.
    """
    try:
        await grants.held(work, consultation=visit, operation="send")
    except grants.GrantLapsed:
        await consultation.renew_grant(work, visit)
    try:
        id = UUID(form.get("key", ""))
    except ValueError:
        id = work.new_id()
    entry, _ = await messages.send(work, visit, id=id, content=form.get("content", ""))
    return entry


async def change(work: Work, visit: UUID, verb: str, form: dict[str, str]) -> object:
    """One's own words, put otherwise or taken back, by a plain form."""
    try:
        message = UUID(form.get("message", ""))
    except ValueError:
        raise NotFound from None
    if verb == "delete-message":
        return await messages.delete(work, visit, message)
    return await messages.edit(work, visit, message, content=form.get("content", ""))


def outbox_key(work: Work, visit: UUID) -> str:
    """The key under which a page locks what it could not send yet. It stands in the page and is stored nowhere: what
    is left on a device opens only for the same person, signed in again."""
    whose = f"{work.org} {work.actor.account} {visit}".encode()
    return b64encode(hmac.digest(work.house.secret("outbox"), whose, hashlib.sha256)).decode()


def today_at(text: str, zone: str, now: Instant) -> Instant | None:
    """A time of today on the clinic's wall, as a form's field spells it; None when it spells none."""
    try:
        wall = time.fromisoformat(text)
    except ValueError:
        return None
    here = ZoneInfo(zone)
    return datetime.combine(now.astimezone(here).date(), wall.replace(tzinfo=None), here).astimezone(UTC)


def whereabouts_mistakes(form: dict[str, str]) -> dict[str, str]:
    """What is wrong with a place and a number, by field, and how to mend it."""
    place, callback = form.get("place", "").strip(), form.get("callback", "").strip()
    found = {"place": _odd_place(place), "callback": _odd_number(callback)}
    return {field: slug for field, slug in found.items() if slug}


def _odd_place(place: str) -> str:
    if not place:
        return "place-empty"
    return "place-short" if len(place) < 8 else "too-long" if len(place) > 300 else ""


def _odd_number(callback: str) -> str:
    if not callback:
        return "callback-empty"
    if any(letter.isalpha() for letter in callback):
        return "callback-odd"
    digits = sum(letter.isdigit() for letter in callback)
    return "callback-short" if digits < 7 else "too-long" if len(callback) > 40 else ""
