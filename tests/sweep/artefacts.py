"""Everything that outlives a request or can be read from outside, class by class."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from sweep.marks import LETTERS, seen_in, seen_in_files


@dataclass(slots=True)
class Sweep:
    """What was found, by class of artefact, and how many bytes were read."""

    found: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    where: list[str] = field(default_factory=list[str])
    read: int = 0

    def bytes(self, kind: str, raw: bytes) -> None:
        """Something that was said or kept."""
        self.read += len(raw)
        if seen := seen_in(raw):
            self.found.setdefault(kind, set()).update(seen)
            self.where.append(kind)

    def files(self, kind: str, *places: Path) -> None:
        """Files, and folders with all that is in them."""
        found, read = seen_in_files([place for place in places if place.exists()])
        assert read, f"nothing was read of {kind}"
        self.read += read
        for file, seen in found.items():
            self.found.setdefault(kind, set()).update(seen)
            self.where.append(file)

    def processes(self, kind: str, *pids: int) -> None:
        """What a process was started with, as any colleague of its user may read it."""
        for pid in pids:
            for name in ("cmdline", "environ"):
                self.bytes(kind, Path(f"/proc/{pid}/{name}").read_bytes())

    async def tables(self, kind: str, owner: asyncpg.Connection) -> None:
        """Every column of every table, unpacked: what is compressed on the disk is plain here."""
        columns = await owner.fetch(
            "select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t"
            " using (table_schema, table_name) where c.table_schema = 'public' and t.table_type = 'BASE TABLE'"
        )
        assert len(columns) > 150
        for table, column in columns:
            ask = f'select "{column}" as value from "{table}" where "{column}" is not null'
            values = [
                value if isinstance(value := row["value"], bytes) else str(value).encode()
                for row in await owner.fetch(ask)
            ]
            self.bytes(f"{kind}: {table}.{column}", b"\n".join(values))


def family_of(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


@contextmanager
def told_too_much() -> Iterator[int]:
    """A process that was started with a marked word, for the control."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()", LETTERS],
        stdin=subprocess.PIPE,
        env={**os.environ, "NAME": LETTERS},
    )
    try:
        yield process.pid
    finally:
        process.communicate(b"")
