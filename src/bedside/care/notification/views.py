"""What a person has been told."""

from datetime import timedelta
from uuid import UUID

import msgspec

from bedside.journal import Work
from bedside.kernel import Instant
from bedside.store import Queries

Q = Queries(__file__)


class NotificationView(msgspec.Struct, frozen=True, rename="camel"):
    """A kind and a visit; the words are the reader's language's."""

    id: UUID
    kind: str
    priority: str
    consultation: UUID | None
    made_at: Instant
    read_at: Instant | None


async def mine(work: Work) -> list[NotificationView]:
    """What I was told: all that is unread, and the last day's."""
    rows = await work.rows(Q.mine, work.org, work.actor.account, work.now - timedelta(days=1))
    return [NotificationView(**row) for row in rows]
