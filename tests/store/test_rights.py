"""What each database role may do, asked of the database itself."""

import asyncpg


async def test_no_function_may_be_called_by_everybody(database: str):
    """Also none that a later migration makes: the default itself is withdrawn."""
    owner = await asyncpg.connect(database)
    try:
        open_to_all = """
            select proname from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
            where pronamespace = 'public'::regnamespace and grantee = 0 and privilege_type = 'EXECUTE'"""
        assert [row["proname"] for row in await owner.fetch(open_to_all)] == []
        await owner.execute("create function afterwards() returns int language sql as 'select 1'")
        assert [row["proname"] for row in await owner.fetch(open_to_all)] == []
    finally:
        await owner.close()


async def test_the_journal_takes_only_what_the_sequencer_writes(database: str):
    """The application's role may put what is pending and read; it may not write, change or take away an entry."""
    owner = await asyncpg.connect(database)
    try:
        for table, may in {"journal_pending": {"INSERT", "SELECT"}, "journal": {"SELECT"}}.items():
            held = {
                right
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
                if await owner.fetchval("select has_table_privilege('bedside_app', $1, $2)", table, right)
            }
            assert held == may, table
    finally:
        await owner.close()
