"""A connection that comes back from one piece of work tells the next nothing of it, however that work ended."""

import asyncio
from contextlib import suppress

import pytest

from bedside.kernel import NotFound
from clinic import Clinic

WHO = "select concat(current_setting('bedside.org', true), current_setting('bedside.account', true))"
SLEEPS = "select count(*) from pg_stat_activity where query like '%pg_sleep(20)' and state = 'active'"
LOCKS = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"


async def left_behind(clinic: Clinic) -> set[tuple[str, int]]:
    """What each connection of the pool still knows and holds."""
    pool = clinic.house.database.app
    lent = [await pool.acquire() for _ in range(8)]
    try:
        return {(await one.fetchval(WHO), await one.fetchval(LOCKS)) for one in lent}
    finally:
        for one in lent:
            await pool.release(one)


@pytest.mark.parametrize("ending", ["committed", "refused", "failed", "cancelled"])
async def test_nothing_is_left_of_who_acted(clinic: Clinic, ending: str) -> None:
    amara = await clinic.patient()

    async def act() -> None:
        async with clinic.work(amara.actor) as work:
            assert await work.value(WHO) == f"{clinic.org}{amara.account}"
            await work.value("select pg_advisory_xact_lock(7)")
            if ending == "refused":
                raise NotFound
            if ending == "failed":
                await work.value("select 1 / 0")
            if ending == "cancelled":
                await work.value("select pg_sleep(20)")

    for _ in range(3):
        doing = asyncio.create_task(act())
        if ending == "cancelled":
            while not await clinic.owner.fetchval(SLEEPS):
                await asyncio.sleep(0.01)
            doing.cancel()
        with suppress(NotFound, Exception, asyncio.CancelledError):
            await doing
    assert await left_behind(clinic) == {("", 0)}
