"""How messages are asked for."""

from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care.messages import actions, views
from bedside.care.messages.views import MessageView
from bedside.journal import Work


class Send(msgspec.Struct, forbid_unknown_fields=True):
    """Words for everybody in the visit. The id is the sender's own: a retry with the same id says it once."""

    content: str
    id: UUID | None = None


class Sent(msgspec.Struct, frozen=True):
    """A message is kept: its id and its journal entry."""

    id: UUID
    entry: UUID


class Read(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Up to which message somebody has read."""

    up_to: int


@post("/{id:uuid}/messages", status_code=201)
async def send(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Send]) -> Sent:
    """Say something in the visit."""
    async with work:
        message = data.id or work.new_id()
        entry = await actions.send(work, id, id=message, content=data.content)
        return work.reply(201, Sent(message, entry), ref=id)


@get("/{id:uuid}/messages")
async def history(work: NamedDependency[Work], id: FromPath[UUID]) -> list[MessageView]:
    """What was said in the visit."""
    async with work:
        talk = await views.look(work, id)
    return await views.show(work, talk)


@post("/{id:uuid}/messages/read", status_code=204)
async def read(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Read]) -> None:
    """Say up to where one has read."""
    async with work:
        await actions.read(work, id, up_to=data.up_to)


router = Router("/consultations", tags=["messages"], route_handlers=[send, history, read])
