"""Migrations: numbered SQL files that only go forward, each in a transaction of its own, each run once.

Old code must run on the new schema: a migration adds, and takes away only what no running release reads.
"""

import hashlib
from importlib.resources import files

import asyncpg

from bedside.store.pool import translated

ROLES = ("bedside_app", "bedside_sequencer", "bedside_timekeeper")
DEFINER = "bedside_definer"
_LOCK = 6_247_391_027
"""Advisory lock under which one process at a time migrates."""


class SchemaMismatch(Exception):
    """The database was migrated by other files than these. Nothing was changed."""


def migrations() -> list[tuple[int, str, str]]:
    """All migrations in order: number, name, SQL."""
    found = [
        (int(file.name.split("_")[0]), file.name, file.read_text(encoding="utf-8"))
        for file in files("bedside.store").joinpath("migrations").iterdir()
        if file.name.endswith(".sql")
    ]
    return sorted(found)


async def migrate(owner_dsn: str, passwords: dict[str, str]) -> int:
    """Bring roles and schema up to date; the number of migrations that were run."""
    with translated():
        connection = await asyncpg.connect(owner_dsn, timeout=10)
        try:
            await connection.execute("select pg_advisory_lock($1)", _LOCK)
            await _roles(connection, passwords)
            return await _run_new(connection)
        finally:
            await connection.close()


async def make_roles(owner_dsn: str, passwords: dict[str, str]) -> None:
    """The roles alone: what a dump grants rights to must be there before it is read."""
    with translated():
        connection = await asyncpg.connect(owner_dsn, timeout=10)
        try:
            await _roles(connection, passwords)
        finally:
            await connection.close()


async def _roles(connection: asyncpg.Connection, passwords: dict[str, str]) -> None:
    """Roles belong to the cluster, so they are made if missing and given this house's passwords each time."""
    for role in (*ROLES, DEFINER):
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
            kind = "nologin bypassrls" if role == DEFINER else "login nobypassrls"
            await connection.execute(f"create role {role} {kind} nosuperuser nocreatedb nocreaterole")
    for role in ROLES:
        ask = "select format('alter role %I password %L', $1::text, $2::text)"
        await connection.execute(str(await connection.fetchval(ask, role, passwords[role])))


async def _run_new(connection: asyncpg.Connection) -> int:
    await connection.execute(
        "create table if not exists schema_version (number int primary key, name text not null, sha256 text not null)"
    )
    done = {row["number"]: row["sha256"] for row in await connection.fetch("select number, sha256 from schema_version")}
    ran = 0
    for number, name, sql in migrations():
        digest = hashlib.sha256(sql.encode()).hexdigest()
        if number in done:
            if done[number] != digest:
                raise SchemaMismatch(f"migration {name} was changed after it was run")
            continue
        # DDL is transactional here: a crash inside leaves the schema of the migration before.
        async with connection.transaction():
            await connection.execute(sql)
            await connection.execute("insert into schema_version values ($1, $2, $3)", number, name, digest)
        ran += 1
    if unknown := done.keys() - {number for number, _, _ in migrations()}:
        raise SchemaMismatch(f"the database is newer than this program: migration {max(unknown)} is unknown here")
    return ran
