"""What may be seen of grants: who takes part, and until when my own permission lasts."""

from uuid import UUID

from bedside.care.grants.model import Grant, Participant
from bedside.journal import Work
from bedside.store import Queries

Q = Queries(__file__)


async def participants_of(work: Work, consultation: UUID) -> list[Participant]:
    """Everybody who takes or took part. Nobody is hidden."""
    return [Participant(**row) for row in await work.rows(Q.participants, work.org, consultation)]


async def my_grant(work: Work, consultation: UUID) -> Grant | None:
    """My live permission, if there is one."""
    row = await work.row(Q.held, work.org, consultation, work.actor.account, work.now)
    return row and Grant(id=row["id"], operations=tuple(row["operations"]), expires_at=row["expires_at"])
