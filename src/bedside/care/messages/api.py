"""How messages are asked for."""

from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care.messages import actions, views
from bedside.care.messages.views import Earlier, MessageView
from bedside.journal import Work


class Send(msgspec.Struct, forbid_unknown_fields=True):
    """Words for everybody in the visit. The id is the sender's own: a retry with the same id says it once."""

    content: str
    id: UUID | None = None


class Sent(msgspec.Struct, frozen=True):
    """A message is kept: its id, its journal entry, and its number in the order of the visit."""

    id: UUID
    entry: UUID
    seq: int


class Words(msgspec.Struct, forbid_unknown_fields=True):
    """Other words for a message of one's own."""

    content: str


class Revised(msgspec.Struct, frozen=True):
    """A message was changed or taken back: the version that it is now."""

    id: UUID
    version: int


class Read(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Up to which message somebody has read."""

    up_to: int


@post("/{id:uuid}/messages", status_code=201)
async def send(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Send]) -> Sent:
    """Say something in the visit."""
    async with work:
        message = data.id or work.new_id()
        entry, seq = await actions.send(work, id, id=message, content=data.content)
        return work.reply(201, Sent(message, entry, seq), ref=id)


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


@post("/{id:uuid}/messages/{message:uuid}/edit", status_code=200)
async def edit(
    work: NamedDependency[Work], id: FromPath[UUID], message: FromPath[UUID], data: JSONBody[Words]
) -> Revised:
    """Put other words in the place of one's own. The earlier ones stay readable as such."""
    async with work:
        version = await actions.edit(work, id, message, content=data.content)
        return work.reply(200, Revised(message, version), ref=id)


@post("/{id:uuid}/messages/{message:uuid}/delete", status_code=200)
async def delete(work: NamedDependency[Work], id: FromPath[UUID], message: FromPath[UUID]) -> Revised:
    """Take one's own words back. They stay in the record, and are shown to nobody."""
    async with work:
        return work.reply(200, Revised(message, await actions.delete(work, id, message)), ref=id)


@get("/{id:uuid}/messages/{message:uuid}/versions")
async def versions(work: NamedDependency[Work], id: FromPath[UUID], message: FromPath[UUID]) -> list[Earlier]:
    """What a message said before it was changed; nothing of one that was taken back."""
    async with work:
        talk = await views.look_back(work, id, message)
    return await views.show_back(work, talk)


router = Router("/consultations", tags=["messages"], route_handlers=[send, history, read, edit, delete, versions])
