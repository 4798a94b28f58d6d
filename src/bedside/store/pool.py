"""Connections to PostgreSQL, one pool per database role, and what may leave when something fails.

PostgreSQL's own error texts quote values. So nothing but the SQLSTATE and the constraint's name leaves this adapter.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

Connection = Any
"""An asyncpg connection (its own stubs leave most of it untyped)."""


PATIENCE = 2.0
"""Seconds to wait for a connection, and for one to be given back. Who waits is told soon that it does not work now."""
FOR_A_PERSON = 4.0
"""Seconds that one statement may take while somebody waits for the answer; for a lock, one less."""
FOR_THE_HOUSE = 15.0
"""Seconds for a statement of the house's own loops: nobody waits, and a batch may be long."""


class StoreFailure(Exception):
    """A statement failed. Carries the SQLSTATE and the constraint, never a value."""

    def __init__(self, sqlstate: str, constraint: str | None) -> None:
        self.sqlstate = sqlstate
        self.constraint = constraint
        super().__init__(f"SQLSTATE {sqlstate}" + (f" ({constraint})" if constraint else ""))


class PoolUnavailable(Exception):
    """The database could not be reached in time: an outage, never an empty answer."""


_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the protocol broken off in the middle of a word
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncio.TimeoutError,
    OSError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's exceptions into ours. `from None`: the original text may quote a value."""
    try:
        yield
    except _GONE:
        raise PoolUnavailable from None
    except asyncpg.PostgresError as error:
        raise StoreFailure(
            getattr(error, "sqlstate", None) or "XX000", getattr(error, "constraint_name", None)
        ) from None


@dataclass(slots=True)
class Database:
    """The three doors: what the application may do, what the sequencer may, what the timekeeper may."""

    app: Any
    sequencer: Any
    timekeeper: Any

    @classmethod
    async def connect(cls, owner_dsn: str, passwords: dict[str, str], *, most: int = 10) -> "Database":
        """Open the pools. `passwords` by role name; the roles are made by the migrations."""
        pools: list[Any] = []
        doors = (
            ("bedside_app", most, FOR_A_PERSON),
            ("bedside_sequencer", 2, FOR_THE_HOUSE),
            ("bedside_timekeeper", 2, FOR_THE_HOUSE),
        )
        for role, size, seconds in doors:
            with translated():
                pools.append(
                    await asyncpg.create_pool(
                        dsn_as(owner_dsn, role, passwords[role]),
                        min_size=1,
                        max_size=size,
                        init=_prepare_connection,
                        reset=_nothing_to_forget,
                        timeout=PATIENCE * 2,  # a new connection has a handshake before it
                        command_timeout=seconds,
                        max_inactive_connection_lifetime=300,
                        server_settings={
                            "application_name": "bedside",
                            "search_path": "public",
                            "timezone": "UTC",
                            "idle_in_transaction_session_timeout": "20000",
                            "lock_timeout": f"{seconds - 1:.0f}s",
                            # The server gives up by itself too: nothing runs on for somebody who has left.
                            "statement_timeout": f"{seconds:.0f}s",
                        },
                    )
                )
        return cls(*pools)

    async def close(self) -> None:
        """Close every connection; a stuck one is cut after five seconds."""
        for pool in (self.app, self.sequencer, self.timekeeper):
            try:
                await asyncio.wait_for(pool.close(), 5)
            except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pool.terminate()

    @asynccontextmanager
    async def transaction(self, pool: Any) -> AsyncIterator[Connection]:
        """A transaction on a connection of that pool, for the house's own work."""
        with translated():
            async with pool.acquire(timeout=PATIENCE) as connection, connection.transaction():
                yield connection

    async def ask(self, pool: Any, sql: str, *values: Any) -> list[Any]:
        """One question of the house's own, which needs no transaction around it."""
        with translated():
            async with pool.acquire(timeout=PATIENCE) as connection:
                return await connection.fetch(sql, *values)


async def _prepare_connection(connection: Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _nothing_to_forget(connection: Connection) -> None:
    """A connection comes back as it went: what is set is set for a transaction, and an open one was rolled back. So the
    driver's own broom, a statement more for every piece of work, stays in its cupboard."""


def dsn_as(owner_dsn: str, role: str, password: str) -> str:
    """The same server and database for another role."""
    parts = urlsplit(owner_dsn)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password)}@{where}"))
