"""What was confirmed must survive: a database that may forget it is refused at the door.

Asked as each of our roles, on the connections that serve, so that a setting hidden in `ALTER ROLE` or `ALTER DATABASE`
is seen as well.
"""

from typing import Any

from bedside.store.pool import Database, translated

KEPT = {"fsync": ("on",), "full_page_writes": ("on",)}
AT_LEAST_LOCAL = ("on", "local", "remote_write", "remote_apply")
"""`synchronous_commit = off` says "done" before the disk has it: a crash then loses up to the last second."""


class DatabaseForgets(Exception):
    """The database is set so that a crash may lose what it confirmed; the message is for the operator."""


async def refuse_forgetful(database: Database) -> None:
    """Raise unless every role's commits wait for the disk."""
    wanted = KEPT | {"synchronous_commit": AT_LEAST_LOCAL}
    ask = "select name, setting, current_user::text as role from pg_settings where name = any($1) order by name"
    unsafe: list[str] = []
    for pool in (database.app, database.sequencer, database.timekeeper):
        with translated():
            rows: list[Any] = await pool.fetch(ask, list(wanted))
        unsafe += [
            f"{row['name']} is {row['setting']} for {row['role']}"
            for row in rows
            if row["setting"] not in wanted[row["name"]]
        ]
    if unsafe:
        raise DatabaseForgets(
            f"The database may forget what it confirmed: {', '.join(unsafe)}; all should be on. Look in "
            "postgresql.conf, and for ALTER SYSTEM, ALTER DATABASE and ALTER ROLE, and start again."
        )
