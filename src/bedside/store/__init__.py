"""PostgreSQL: the one truth. Pools by role, plain SQL by name, migrations that only go forward."""

from bedside.store.pool import Database, PoolUnavailable, StoreFailure, translated
from bedside.store.sql import Queries

__all__ = ["Database", "PoolUnavailable", "Queries", "StoreFailure", "translated"]
