"""Where presence is kept: one row per page that beats."""

from uuid import UUID

from bedside.care.availability.model import SILENCE, Presence
from bedside.journal import Work
from bedside.store import Queries

Q = Queries(__file__)


async def presence(work: Work, consultation: UUID, accounts: list[UUID]) -> Presence:
    """Who of these is here at all, and who is in the room of that visit."""
    heard_after = work.now - SILENCE
    here = await work.rows(Q.here, work.org, accounts, heard_after)
    inside = await work.rows(Q.in_room, work.org, consultation, heard_after)
    left = await work.rows(Q.left_at, work.org, consultation)
    seen = await work.rows(Q.last_seen, work.org, accounts, consultation)
    return Presence(
        here=frozenset(row["account"] for row in here),
        in_room=frozenset(row["account"] for row in inside),
        left_at={row["account"]: row["at"] for row in left},
        in_since={row["account"]: row["since"] for row in inside},
        last_seen={row["account"]: row["at"] for row in seen},
        last_in_room={row["account"]: row["in_room_at"] for row in seen if row["in_room_at"]},
    )


async def here(work: Work, accounts: list[UUID]) -> frozenset[UUID]:
    """Who of these is here at all."""
    return frozenset(row["account"] for row in await work.rows(Q.here, work.org, accounts, work.now - SILENCE))


async def load(work: Work, provider: UUID) -> tuple[int, int] | None:
    """How many this provider sees now, and how many at most; held still. None for who is no provider."""
    most = await work.value(Q.hold_provider, work.org, provider)
    return (await work.value(Q.provider_load, work.org, provider), most) if most else None
