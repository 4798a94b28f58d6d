"""Where the order of the line is kept: in the visit's own row; and why it was changed by hand, beside it."""

from uuid import UUID

from bedside.care import consultation
from bedside.care.consultation import Consultation
from bedside.care.queue.model import Key, LineChange
from bedside.journal import Work
from bedside.store import Queries

Q = Queries(__file__)


async def line(work: Work, department: UUID) -> list[Key]:
    """Everybody who waits in a department, in order, held still: two moves at once are one after the other."""
    await work.value(Q.hold_line, work.org, department)
    return [Key(row["band"], row["rank_at"], row["id"]) for row in await work.rows(Q.line, work.org, department)]


async def save(work: Work, thing: Consultation | LineChange) -> None:
    """Write a place, or why it was changed."""
    if isinstance(thing, Consultation):
        await consultation.keep(work, thing)
        return
    b, a = thing.before, thing.after
    await work.execute(
        Q.add_change, work.org, thing.id, thing.department, thing.consultation, thing.kind, thing.code, thing.at,
        b.band, b.rank_at, a.band, a.rank_at,
    )  # fmt: skip
