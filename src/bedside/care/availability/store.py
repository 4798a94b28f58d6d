"""Where presence is kept: one row per page that beats."""

from typing import Any
from uuid import UUID

from bedside.care.availability.model import SILENCE, Presence
from bedside.journal import Work
from bedside.store import Queries

Q = Queries(__file__)


async def presence(work: Work, consultation: UUID, accounts: list[UUID]) -> Presence:
    """Who of these is here at all, and who is in the room of that visit."""
    found: dict[str, dict[UUID, Any]] = {"here": {}, "in-room": {}, "left": {}, "seen": {}, "seen-in-room": {}}
    for row in await work.rows(Q.presence, work.org, accounts, consultation, work.now - SILENCE):
        found[row["what"]][row["account"]] = row["at"]
    return Presence(
        here=frozenset(found["here"]),
        in_room=frozenset(found["in-room"]),
        left_at=found["left"],
        in_since=found["in-room"],
        last_seen=found["seen"],
        last_in_room=found["seen-in-room"],
    )


async def here(work: Work, accounts: list[UUID]) -> frozenset[UUID]:
    """Who of these is here at all."""
    return frozenset(row["account"] for row in await work.rows(Q.here, work.org, accounts, work.now - SILENCE))


async def load(work: Work, provider: UUID) -> tuple[int, int] | None:
    """How many this provider sees now, and how many at most; held still. None for who is no provider."""
    most = await work.value(Q.hold_provider, work.org, provider)
    return (await work.value(Q.provider_load, provider), most) if most else None
