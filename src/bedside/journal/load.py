"""How much there is to do, in numbers: what waits to be numbered, to be heard, to be kept; visits by state."""

from collections.abc import Mapping
from dataclasses import dataclass

from bedside.kernel import Instant
from bedside.store import Database, Queries

Q = Queries(__file__)
READERS = ("consultation", "notification")


@dataclass(frozen=True, slots=True)
class Load:
    """Counts and ages over the whole house. Nothing in it is anybody's."""

    pending: int
    oldest_pending: Instant | None
    next_deadline: Instant | None
    behind: Mapping[str, int]
    """By reader, how many entries it has not heard yet."""
    visits: Mapping[str, int]
    """By state, how many visits are in it; those that are over or not begun are not counted."""


async def load(database: Database) -> Load:
    """How things stand, read through the house's own doors."""
    async with database.transaction(database.sequencer) as connection:
        waits = await connection.fetchrow(Q.pending_load)
    async with database.transaction(database.timekeeper) as connection:
        deadline = await connection.fetchval(Q.next_deadline)
        visits = {row["state"]: row["visits"] for row in await connection.fetch(Q.visits_by_state)}
        behind = {name: int(await connection.fetchval(Q.entries_behind, name)) for name in READERS}
    return Load(waits["pending"], waits["oldest"], deadline, behind, visits)
