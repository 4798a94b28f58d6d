"""PostgreSQL: the one truth. Pools by role, plain SQL by name, migrations that only go forward."""

from bedside.store.durability import DatabaseForgets, refuse_forgetful
from bedside.store.pool import PATIENCE, Database, PoolUnavailable, StoreFailure, translated
from bedside.store.sql import Queries

__all__ = [
    "PATIENCE",
    "Database",
    "DatabaseForgets",
    "PoolUnavailable",
    "Queries",
    "StoreFailure",
    "refuse_forgetful",
    "translated",
]
