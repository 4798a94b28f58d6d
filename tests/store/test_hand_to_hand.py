"""A connection goes from hand to hand: it never keeps for whom it worked."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from random import Random

import asyncpg
import pytest

from bedside.journal import Work
from bedside.kernel import NotFound
from clinic import Clinic, Person


async def test_a_connection_never_keeps_for_whom_it_worked(clinic: Clinic) -> None:
    """Three people share eight connections; works are committed, refused, broken and cancelled at any point."""
    people = [await clinic.patient(), await clinic.patient("Mei", "Chow"), await clinic.patient("Noor", "Haddad")]
    dice = Random(29)
    ends = Counter[str]()

    async def worked(person: Person, end: str) -> None:
        async with Work(clinic.house, person.actor) as work:
            assert await work.value("select me()") == person.account
            assert [row["id"] for row in await work.rows("select id from patient")] == [person.patient]
            ends[end] += 1
            if end == "refused":
                raise NotFound
            if end == "broken":
                await work.value("select 1 / 0")
            if end == "cancelled":
                current = asyncio.current_task()
                assert current is not None
                current.cancel()
                await work.value("select pg_sleep(5)")

    for _ in range(20):
        kinds = [(dice.choice(people), dice.choice(("kept", "refused", "broken", "cancelled"))) for _ in range(12)]
        said = await asyncio.gather(*(asyncio.create_task(worked(*kind)) for kind in kinds), return_exceptions=True)
        assert not [one for one in said if isinstance(one, AssertionError)]
        await _nobody_is_left(clinic)
    assert min(ends.values()) > 20


async def _nobody_is_left(clinic: Clinic) -> None:
    """Between two works a connection is nobody's: it says so, and shows nothing."""
    pool = clinic.house.database.app
    async with AsyncExitStack() as held:
        for _ in range(8):
            connection = await held.enter_async_context(pool.acquire())
            assert not await connection.fetchval("select current_setting('bedside.account', true)")
            assert not await connection.fetchval("select current_setting('bedside.org', true)")
            with pytest.raises(asyncpg.PostgresError):
                await connection.fetch("select * from patient")
