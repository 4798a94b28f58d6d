"""What somebody sees who has the keystore's files."""

import sqlite3
from pathlib import Path
from typing import Any
from uuid import UUID


class Burglar:
    """Has the keystore's files, and reads every byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wrapped(self) -> dict[UUID, bytes]:
        return {UUID(bytes=id): wrapped for id, wrapped in self.sql("select id, wrapped from key")}

    def sql(self, statement: str, *values: object) -> list[Any]:
        db = sqlite3.connect(self.folder / "keys.db", isolation_level=None)
        try:
            return db.execute(statement, values).fetchall()
        finally:
            db.close()

    def bytes(self) -> bytes:
        return b"\0".join(path.read_bytes() for path in sorted(self.folder.iterdir()))
