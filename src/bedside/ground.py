"""What a clinic stands on: the keystore, the database and its schema, looked over before anybody comes in."""

import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bedside import doctor
from bedside.config import Settings
from bedside.crypto import SqliteKeystore
from bedside.crypto.rootkey import ROOT_VARIABLE
from bedside.store import Database, refuse_forgetful
from bedside.store.embedded import EmbeddedPostgres
from bedside.store.migrate import ROLES, migrate
from bedside.store.pool import dsn_as


@dataclass(frozen=True, slots=True)
class Ground:
    """Keys and tables, open."""

    keystore: SqliteKeystore
    database: Database
    dsn: str = field(repr=False)
    """The owner's."""
    passwords: dict[str, str] = field(repr=False)

    def as_role(self, role: str) -> str:
        """How one of our own roles connects."""
        return dsn_as(self.dsn, role, self.passwords[role])


def passwords_of(keystore: SqliteKeystore) -> dict[str, str]:
    """The passwords of our database roles: drawn from the root key, the same at every start."""
    return {role: urlsafe_b64encode(keystore.derive(f"database role {role}")).decode() for role in ROLES}


@asynccontextmanager
async def ground(settings: Settings, *, say: Callable[[str], None] = lambda step: None) -> AsyncGenerator[Ground]:
    """Open keystore and database, bring the schema up to date; closed in the opposite order. In production, what is
    unsafe is refused here, before a door opens."""
    async with AsyncExitStack() as stack:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        say("keystore")
        keystore = await stack.enter_async_context(SqliteKeystore(settings.data / "keystore"))
        # From here on nobody needs it in the environment, and children would inherit it.
        os.environ.pop(ROOT_VARIABLE, None)
        say("database")
        dsn = settings.database_url or await stack.enter_async_context(EmbeddedPostgres(settings.data, say=say))
        say("migrations")
        passwords = passwords_of(keystore)
        await migrate(dsn, passwords)
        database = await Database.connect(dsn, passwords)
        stack.push_async_callback(database.close)
        if not settings.may_forget:
            await refuse_forgetful(database)
            if settings.mode == "production":
                say("safety")
                doctor.refuse_unsafe([*doctor.look_at_machine(settings), *await doctor.look_at_database(dsn)])
        yield Ground(keystore, database, dsn, passwords)
