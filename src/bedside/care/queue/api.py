"""How the line is changed by hand."""

from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care import consultation
from bedside.care.consultation import Done
from bedside.care.queue import actions
from bedside.journal import Work


class Prioritize(msgspec.Struct, forbid_unknown_fields=True):
    """Another priority, and why."""

    priority: str
    reason: str


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """Before whom to stand (nobody: at the end), and why; the patients who are passed may see why."""

    reason: str
    before: UUID | None = None


class Transfer(msgspec.Struct, forbid_unknown_fields=True):
    """To which provider (none: to anybody) and department (none: the same), and why."""

    reason: str
    provider: UUID | None = None
    department: UUID | None = None


class TakeBack(msgspec.Struct, forbid_unknown_fields=True):
    """The version to which the change led that is to be undone."""

    version: int


@post("/{id:uuid}/priority", status_code=200)
async def change_priority(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Prioritize]) -> Done:
    """Give somebody another priority."""
    async with work:
        visit = await actions.change_priority(work, id, priority=data.priority, reason=data.reason)
        return work.reply(200, consultation.done(work, visit), ref=id)


@post("/{id:uuid}/move", status_code=200)
async def move_in_line(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Move]) -> Done:
    """Move somebody in line by hand."""
    async with work:
        visit = await actions.move_in_line(work, id, before=data.before, reason=data.reason)
        return work.reply(200, consultation.done(work, visit), ref=id)


@post("/{id:uuid}/transfer", status_code=200)
async def transfer(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Transfer]) -> Done:
    """Let another provider or department see this patient."""
    async with work:
        visit = await actions.transfer(work, id, provider=data.provider, department=data.department, reason=data.reason)
        return work.reply(200, consultation.done(work, visit), ref=id)


@post("/{id:uuid}/undo", status_code=200)
async def undo(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[TakeBack]) -> Done:
    """Take back, within seconds, one's own change of priority, place or provider, a skipped check, a bringing back."""
    async with work:
        visit = await actions.undo(work, id, version=data.version)
        return work.reply(200, consultation.done(work, visit), ref=id)


router = Router("/consultations", tags=["queue"], route_handlers=[change_priority, move_in_line, transfer, undo])
