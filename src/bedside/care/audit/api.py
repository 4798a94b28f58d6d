"""How one asks who looked."""

from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from bedside.care.audit import actions, views
from bedside.care.audit.views import AccessView, OpenQuestion
from bedside.journal import Work


class Accesses(msgspec.Struct, frozen=True):
    """Who looked, the latest first, in whole days; `before` asks for what is older, none when this is all."""

    accesses: list[AccessView]
    before: int | None


class AskAbout(msgspec.Struct, forbid_unknown_fields=True):
    """A question about one access."""

    entry: UUID
    words: str


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """What the patient is told."""

    words: str


class AskedAbout(msgspec.Struct, frozen=True):
    """The question's id."""

    id: UUID


@get("/patients/{id:uuid}/accesses")
async def get_accesses(
    work: NamedDependency[Work], id: FromPath[UUID], before: FromQuery[int | None] = None
) -> Accesses:
    """Every access to a patient's record, for the patient: who, as what, to what, when."""
    async with work:
        seen = await views.looks(work, id, before=before)
    return Accesses(await views.open_looks(work, seen), seen.before)


@post("/patients/{id:uuid}/access-questions", status_code=201)
async def ask_about(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[AskAbout]) -> AskedAbout:
    """Ask about one of them."""
    async with work:
        return work.reply(201, AskedAbout(await actions.ask(work, patient=id, entry=data.entry, words=data.words)))


@get("/access-questions")
async def get_questions(work: NamedDependency[Work]) -> list[OpenQuestion]:
    """What patients ask about accesses, for whoever is answerable for privacy; what waits first."""
    async with work:
        waiting = await views.questions(work)
    return await views.open_questions(work, waiting)


@post("/access-questions/{id:uuid}/answer", status_code=204)
async def answer_about(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Answer]) -> None:
    """Answer one."""
    async with work:
        await actions.answer(work, id, words=data.words)


router = Router("/", tags=["audit"], route_handlers=[get_accesses, ask_about, get_questions, answer_about])
