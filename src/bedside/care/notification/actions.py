"""What is done with notifications: taken note of."""

from uuid import UUID

from bedside.care.notification.model import NotificationRead
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, STAFF, by
from bedside.store import Queries

Q = Queries(__file__)


@by(*CARED_FOR, *STAFF)
async def read(work: Work, id: UUID) -> None:
    """Take note. A second time changes nothing; somebody else's is not there."""
    row = await work.row(Q.read, work.org, work.actor.account, id, work.now)
    if row is not None:
        fact = NotificationRead(subject=id, consultation=row["consultation"], account=work.actor.account)
        await work.tell(fact)
