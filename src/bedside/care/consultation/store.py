"""Where visits are kept: one row each, held with its appointment, saved only at the version that was read."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import msgspec

from bedside.care import availability
from bedside.care.consultation.model import Consultation, Place, Times, Undo
from bedside.journal import Work
from bedside.kernel import Conflict, NotFound, Sealed
from bedside.store import Queries

Q = Queries(__file__)

_SAVED = """state version epoch provider queue_entry priority rank_at checked_in_at waiting_since called_at
    called_in_vain_at room_until minute_asked started_at ended_at completed_at closed_at follow_up summary device
    close_reason close_code department undo""".split()  # noqa: SIM905 - read as a sentence
"""The columns of `save`, in its order."""


async def hold(work: Work, id: UUID) -> Consultation:
    """The visit, ours to change. What this actor may not reach is not there."""
    await work.value(Q.hold_appointment, work.org, id)
    row = await work.row(Q.hold, work.org, id)
    if row is None:
        raise NotFound
    return read(row)


async def join_line(work: Work, department: UUID) -> None:
    """Come to wait there, before or after a move by hand and never beside it: who is put at the end is at the end."""
    await work.value(Q.join_line, work.org, department)


async def look(work: Work, id: UUID) -> Consultation:
    """The visit as it is, for showing."""
    row = await work.row(Q.look, work.org, [id])
    if row is None:
        raise NotFound
    return read(row)


async def look_all(work: Work, ids: list[UUID]) -> dict[UUID, Consultation]:
    """Several visits as they are."""
    return {row["id"]: read(row) for row in await work.rows(Q.look, work.org, ids)}


def read(row: Any) -> Consultation:
    """A row as a value."""
    fields = dict(row)
    fields["summary"] = Sealed(row["summary"]) if row["summary"] else None
    fields["undo"] = msgspec.convert(row["undo"], Undo) if row["undo"] else None
    return Consultation(**fields)


async def save(work: Work, thing: Consultation | Place) -> None:
    """Write a visit, or where its patient is."""
    if isinstance(thing, Place):
        await work.execute(
            Q.save_place, work.org, thing.consultation, thing.place.raw, thing.callback.raw, thing.confirmed_at
        )
        return
    undo = msgspec.to_builtins(thing.undo) if thing.undo else None
    fields = asdict(thing) | {"summary": thing.summary.raw if thing.summary else None, "undo": undo}
    values = [fields[name] for name in _SAVED]
    if not await work.value(Q.save, work.org, thing.id, thing.version - 1, *values):
        raise Conflict


async def times(work: Work) -> Times:
    """How long things may take here."""
    return Times.of(await work.value(Q.settings, work.org) or {})


async def surroundings(work: Work, visit: Consultation) -> tuple[list[UUID], Times, bool]:
    """Who acts for the patient, how long things may take here, and whether the patient is in another visit."""
    row = await work.row(Q.surroundings, work.org, visit.patient, visit.id)
    return row["carers"], Times.of(row["settings"] or {}), row["elsewhere"]


async def acts_for(work: Work, patient: UUID) -> bool:
    """Whether this actor's account acts for that patient."""
    return await work.value(Q.acts_for, work.org, work.actor.account, patient)


async def carers(work: Work, patient: UUID) -> list[tuple[UUID, str]]:
    """The accounts that act for a patient, and in what capacity."""
    return [(row["account"], row["capacity"]) for row in await work.rows(Q.carers, work.org, patient)]


async def works_for(work: Work, visit: Consultation) -> bool:
    """Whether this colleague has this role where the visit is, or takes part in it as such."""
    actor = work.actor
    return bool(await work.value(Q.works_for, work.org, actor.account, str(actor.role), visit.department, visit.id))


async def works_in(work: Work, department: UUID) -> bool:
    """Whether this colleague has their role in that department."""
    return bool(await work.value(Q.works_in, work.org, work.actor.account, str(work.actor.role), department))


async def sees_patients(work: Work, provider: UUID | None, department: UUID) -> bool:
    """Whether that department is there and, if a provider is named, they work in it."""
    return bool(await work.value(Q.sees_patients, work.org, provider, department))


async def zone(work: Work) -> str:
    """The zone of the clinic's wall clock."""
    return str(await work.value(Q.zone, work.org))


async def here(work: Work, visit: Consultation) -> bool:
    """Whether a page of the patient, or of who acts for them, is open."""
    accounts = [account for account, _ in await carers(work, visit.patient)]
    return bool(await availability.presence_in(work, accounts))
