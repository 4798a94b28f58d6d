"""How consent is asked for."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from bedside.care.consent import actions, views
from bedside.care.consent.model import Decision
from bedside.care.consent.views import ConsentTextView, ConsentView
from bedside.journal import Work
from bedside.kernel import NotFound

Deciding = Callable[..., Awaitable[Decision]]


class Decide(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Yes or no to the text with this hash; `consultation` is the visit in which it was asked."""

    type: str
    granted: bool
    text_sha256: str
    consultation: UUID | None = None


class Spoken(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What the patient answered when the text with this hash was read to them, about this visit."""

    type: str
    granted: bool
    text_sha256: str
    consultation: UUID


class Withdraw(msgspec.Struct, forbid_unknown_fields=True):
    """The visit in which a yes is taken back, if in one."""

    consultation: UUID | None = None


@get("/consent-texts/{type:str}")
async def get_consent_text(
    work: NamedDependency[Work], type: FromPath[str], language: FromQuery[str] = "en"
) -> ConsentTextView:
    """The text in use."""
    async with work:
        return await views.current_text(work, type=type, language=language)


@post("/patients/{id:uuid}/consents", status_code=201)
async def give_consent(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Decide]) -> ConsentView | None:
    """Decide on a text that was shown."""
    return await _decided(work, id, data, actions.give)


@post("/patients/{id:uuid}/consents/{type:str}/withdraw", status_code=200)
async def withdraw_consent(
    work: NamedDependency[Work], id: FromPath[UUID], type: FromPath[str], data: JSONBody[Withdraw]
) -> ConsentView | None:
    """Take a yes back."""
    async with work:
        decision = await actions.withdraw(work, patient=id, type=type, consultation=data.consultation)
        return work.reply(200, ConsentView.of(decision))


@post("/patients/{id:uuid}/consents/spoken", status_code=201)
async def note_spoken(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Spoken]) -> ConsentView | None:
    """Note, on a patient's behalf, what they said."""
    return await _decided(work, id, data, actions.note_spoken)


async def _decided(work: Work, patient: UUID, data: Decide | Spoken, by: Deciding) -> ConsentView | None:
    async with work:
        decision = await by(
            work,
            patient=patient,
            type=data.type,
            granted=data.granted,
            text_sha256=_bytes(data.text_sha256),
            consultation=data.consultation,
        )
        return work.reply(201, ConsentView.of(decision))


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise NotFound from None


router = Router("/", tags=["consent"], route_handlers=[get_consent_text, give_consent, note_spoken, withdraw_consent])
