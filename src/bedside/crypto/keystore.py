"""Where keys live: outside the database they lock, so that destroying one reaches every backup of what it
locked.

`Keystore` is what the rest of the house relies on. `SqliteKeystore` keeps it in a folder of its own, for one
machine. Whatever changes something has it on disk before it returns: a key that a transaction used cannot be
missing after a crash, and a destroyed key cannot be back.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, Protocol, Self, TypeVar
from uuid import UUID

from bedside.crypto.held import Health, HeldKey, KeystoreDown, Tombstone, Wanted
from bedside.crypto.hierarchy import Chance, Root
from bedside.crypto.rootkey import ROOT_VARIABLE, parse_root
from bedside.crypto.strongbox import Strongbox

P = ParamSpec("P")
R = TypeVar("R")


class Keystore(Protocol):
    """Makes, hands out and destroys keys. Every change is on disk before it returns."""

    async def found(self, org: UUID) -> None:
        """Give an organization its key and its index key. Again is harmless."""
        ...

    async def mint(self, org: UUID, subject_kind: str, subject: UUID | str, klass: str) -> UUID:
        """A new key of one class for one subject: a patient, a consultation, a month. Its id is no secret."""
        ...

    async def mint_many(self, org: UUID, wanted: Sequence[Wanted]) -> list[UUID]:
        """Several new keys at the price of one write, in the order asked."""
        ...

    async def standing(self, org: UUID, subject_kind: str, subject: UUID | str, klass: str) -> UUID:
        """The subject's living key of this class, made now if there is none: for keys that many share."""
        ...

    async def keys_of(self, org: UUID, subject_kind: str, subject: UUID | str) -> list[HeldKey]:
        """Every key a subject ever had, oldest first: what retention is to destroy, and has destroyed."""
        ...

    async def load(self, key_id: UUID) -> bytes:
        """The key, or `KeyDestroyed`, or `KeyUnknown`."""
        ...

    async def load_many(self, key_ids: Collection[UUID]) -> dict[UUID, bytes]:
        """Those of the keys that live."""
        ...

    async def destroy(self, key_id: UUID, at: datetime) -> None:
        """Destroy a key for good: what it sealed is unreadable everywhere. Again is harmless."""
        ...

    async def destroy_many(self, key_ids: Collection[UUID], at: datetime) -> None:
        """Destroy several keys, all or none, at the price of one write."""
        ...

    async def index_key(self, org: UUID) -> bytes:
        """The key of the organization's blind index."""
        ...

    async def tombstones(self) -> list[Tombstone]:
        """Every destruction there was, oldest first: to be kept with the newest backup."""
        ...

    async def replay_tombstones(self, tombstones: Collection[Tombstone]) -> int:
        """After a restore, before opening: destroy again. Says how many keys had come back to life."""
        ...

    def derive(self, label: str) -> bytes:
        """A server secret of 32 bytes, the same at every start: database passwords, hashing addresses."""
        ...

    async def check(self, *, thorough: bool = False) -> Health:
        """Is every organization's key there and does it open? Thorough: does every single key?"""
        ...

    async def close(self) -> None:
        """Let go of the files."""
        ...


class SqliteKeystore:
    """The keystore of one machine: SQLite in a 0700 folder, worked by one thread.

    `await open()` before use, or use as an async context manager. Processes of one machine may share the
    folder; machines may not, for SQLite's log needs shared memory.
    """

    def __init__(
        self,
        folder: Path,
        *,
        root: bytes | None = None,
        environ: Mapping[str, str] = os.environ,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Chance = os.urandom,
    ) -> None:
        text = environ.get(ROOT_VARIABLE) if root is None else None
        given = Root(parse_root(text)) if text else Root(root) if root is not None else None
        self._box = Strongbox(folder, given, now, chance)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keystore")
        self._spent = False

    async def open(self) -> Self:
        """Make folder, root key and tables where they are missing; refuse a root key that opens nothing."""
        try:
            await self._do(self._box.open)
        except BaseException:
            await self.close()
            raise
        return self

    async def close(self) -> None:
        """Let go of the files. The keystore object is spent."""
        if not self._spent:
            self._spent = True
            await self._do(self._box.close)
            self._thread.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def found(self, org: UUID) -> None:
        """Give an organization its key and its index key. Again is harmless."""
        await self._do(self._box.found, org)

    async def mint(self, org: UUID, subject_kind: str, subject: UUID | str, klass: str) -> UUID:
        """A new key of one class for one subject, on disk before this returns."""
        return (await self.mint_many(org, [Wanted(subject_kind, subject, klass)]))[0]

    async def mint_many(self, org: UUID, wanted: Sequence[Wanted]) -> list[UUID]:
        """Several new keys at the price of one write, in the order asked."""
        return await self._do(self._box.mint, org, wanted)

    async def standing(self, org: UUID, subject_kind: str, subject: UUID | str, klass: str) -> UUID:
        """The subject's living key of this class, made now if there is none. Two askers get the same one."""
        return await self._do(self._box.standing, org, Wanted(subject_kind, subject, klass))

    async def keys_of(self, org: UUID, subject_kind: str, subject: UUID | str) -> list[HeldKey]:
        """Every key a subject ever had, oldest first."""
        return await self._do(self._box.keys_of, org, subject_kind, subject)

    async def load(self, key_id: UUID) -> bytes:
        """The key, or `KeyDestroyed`, or `KeyUnknown`."""
        return await self._do(self._box.load, key_id)

    async def load_many(self, key_ids: Collection[UUID]) -> dict[UUID, bytes]:
        """Those of the keys that live."""
        return await self._do(self._box.load_many, key_ids)

    async def destroy(self, key_id: UUID, at: datetime) -> None:
        """Destroy a key for good; its bytes are gone from the files before this returns."""
        await self.destroy_many([key_id], at)

    async def destroy_many(self, key_ids: Collection[UUID], at: datetime) -> None:
        """Destroy several keys, all or none, at the price of one write."""
        await self._do(self._box.destroy, key_ids, at)

    async def index_key(self, org: UUID) -> bytes:
        """The key of the organization's blind index."""
        return await self._do(self._box.index_key, org)

    async def tombstones(self) -> list[Tombstone]:
        """Every destruction there was, oldest first."""
        return await self._do(self._box.tombstones)

    async def replay_tombstones(self, tombstones: Collection[Tombstone]) -> int:
        """Destroy again what a restored copy brought back; a key it never knew stays dead if it turns up."""
        return await self._do(self._box.replay, tombstones)

    def derive(self, label: str) -> bytes:
        """A server secret of 32 bytes, the same at every start."""
        return self._box.root.derive(label)

    async def check(self, *, thorough: bool = False) -> Health:
        """Is every organization's key there and does it open? Thorough: does every single key?"""
        return await self._do(self._box.check, thorough)

    async def _do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        # A cancelled waiter does not stop the work: a key being destroyed is destroyed.
        try:
            return await asyncio.wrap_future(self._thread.submit(work, *args, **kwargs))
        except (sqlite3.OperationalError, OSError) as error:
            raise KeystoreDown from error
