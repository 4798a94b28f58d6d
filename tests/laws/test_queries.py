"""Law 6. Every query prepares against the migrated schema, one of the house's roles may run it, and somebody does."""

import re
from pathlib import Path

import asyncpg
import pytest

import bedside
from bedside.store import Queries
from bedside.store.migrate import ROLES

SOURCE = Path(bedside.__file__).parent
FILES = sorted(SOURCE.rglob("queries.sql"))


def parameters(sql: str) -> int:
    """How many values it takes."""
    return max((n for n in range(1, 40) if f"${n}" in sql), default=0)


async def test_every_query_prepares_and_somebody_may_run_it(database: str) -> None:
    owner = await asyncpg.connect(database, statement_cache_size=0)
    count = 0
    try:
        for file in FILES:
            for name, sql in Queries(str(file)).texts.items():
                await owner.prepare(sql)
                allowed = [role for role in ROLES if await may_run(owner, role, sql)]
                assert allowed, f"{file.relative_to(SOURCE)}: nobody may run {name}"
                count += 1
    finally:
        await owner.close()
    assert count > 100
    assert len(FILES) > 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.parent.relative_to(SOURCE)))
def test_no_query_is_left_over(file: Path) -> None:
    asked = {name for code in file.parent.glob("*.py") for name in re.findall(r"\bQ\.(\w+)", code.read_text())}
    assert set(Queries(str(file)).texts) - asked == set()


async def may_run(owner: asyncpg.Connection, role: str, sql: str) -> bool:
    """Whether the plan of this query, with nothing for its values, is open to that role."""
    nothing = ", ".join(["null"] * parameters(sql))
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(f"set local role {role}")
        await owner.execute("select set_config('bedside.org', gen_random_uuid()::text, true)")
        await owner.execute("select set_config('bedside.account', gen_random_uuid()::text, true)")
        await owner.execute(f"prepare asked as {sql}")
        await owner.execute(f"explain execute asked{f' ({nothing})' if nothing else ''}")
        await owner.execute("deallocate asked")
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await transaction.rollback()
        await owner.execute("deallocate all")
    return True


async def test_a_query_that_does_not_fit_is_noticed(database: str) -> None:
    owner = await asyncpg.connect(database, statement_cache_size=0)
    try:
        with pytest.raises(asyncpg.UndefinedColumnError):
            await owner.prepare("select place_of_birth from patient where org = $1")
        assert not await may_run(owner, "bedside_app", "delete from journal where org = $1")
        assert await may_run(owner, "bedside_app", "select n from journal where org = $1")
    finally:
        await owner.close()
