"""What every form does: its act, once, and then on to the page that shows how things are now."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.enums import RequestEncodingType
from litestar.params import Body

from bedside.care import consultation, grants, messages
from bedside.journal import Replay, Work
from bedside.kernel import Instant

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


async def once(work: Work, act: Callable[[], Awaitable[object]], *, ref: UUID | None = None) -> None:
    """Do it in one work. A form that comes a second time was done already: the same page follows."""
    try:
        async with work:
            await act()
            work.reply(303, None, ref=ref)
    except Replay:
        return


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
