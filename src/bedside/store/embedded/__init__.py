"""The clinic's own PostgreSQL, started and watched over by Bedside itself.

    async with EmbeddedPostgres(data) as dsn:
        ...

Five files: `binaries` (which programs), `lodging` (which folder, which system user), `leash` (a child that
cannot outlive us), `server` (initdb, start, watch, stop), `beside` (for a command
next to it).
"""

from bedside.store.embedded.beside import beside
from bedside.store.embedded.binaries import Binaries
from bedside.store.embedded.lodging import DatabaseRefused
from bedside.store.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "Binaries", "DatabaseRefused", "beside"]
