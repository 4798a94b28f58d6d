"""The keystore's own database: who has which key, wrapped, and which keys are dead.

A data key's row is written once and never moves: rows are only added at the end, and destruction overwrites
the wrapped bytes with as many zeros in the very same place. So no page of the file holds a forgotten copy,
and when the log is cut short after that (`wal_checkpoint(TRUNCATE)`), no file of the keystore holds the bytes
any more. What the disk itself keeps of overwritten blocks is beyond a program's reach; without the root key
it is 60 random bytes.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec

from bedside.crypto import hierarchy
from bedside.crypto.held import (
    CLASSES,
    Health,
    HeldKey,
    KeyDestroyed,
    KeyUnknown,
    NotYetScrubbed,
    OrganizationUnknown,
    Tombstone,
    Wanted,
)
from bedside.crypto.hierarchy import WRAPPED_BYTES, Chance, Root, WrapBroken, unwrap, wrap
from bedside.crypto.rootkey import KeystoreRefuses
from bedside.crypto.seal import KEY_BYTES, Cipher, cipher
from bedside.crypto.strongroom import enter, spelled

GONE = bytes(WRAPPED_BYTES)
T = TypeVar("T")


class Strongbox:
    """Keys in SQLite. Every method runs in the one thread that opened it."""

    def __init__(self, folder: Path, root: Root | None, now: Callable[[], datetime], chance: Chance) -> None:
        self._folder, self._given, self._now, self._chance = folder, root, now, chance
        self._db: sqlite3.Connection | None = None
        self._root: Root | None = None
        self._organizations: dict[tuple[UUID, int], Cipher] = {}

    @property
    def root(self) -> Root:
        """The root key, once open."""
        if self._root is None:
            raise RuntimeError("the keystore is not open")
        return self._root

    def open(self) -> None:
        """Open the files, make what is missing, and prove the root key on every organization's key."""
        self._db, self._root = enter(self._folder, self._given, self._chance)
        for org, version in self._all(tuple[bytes, int], "select org, version from org_key"):
            try:
                self._organization(UUID(bytes=org), version)
            except WrapBroken:
                raise KeystoreRefuses(
                    f"the key of organization {UUID(bytes=org)} does not open: put the copies back"
                ) from None
        with suppress(NotYetScrubbed):
            self._scrub()  # what a destruction that died half way left in the log

    def close(self) -> None:
        """Close the files and forget the organizations' keys."""
        self._organizations.clear()
        if self._db is not None:
            self._db.close()
        self._db = self._root = None

    def found(self, org: UUID) -> None:
        """An organization's key, version 1, and its index key."""
        with self._writing() as db:
            if self._newest(org):
                return
            key, index = self._chance(KEY_BYTES), self._chance(KEY_BYTES)
            above = wrap(self.root.wrapper, hierarchy.for_organization(org, 1), key, self._chance)
            below = wrap(cipher(key), hierarchy.for_index(org, 1), index, self._chance)
            db.execute("insert into org_key values (?, 1, ?, ?)", (org.bytes, above, spelled(self._now())))
            db.execute("insert into index_key values (?, ?, 1)", (org.bytes, below))

    def mint(self, org: UUID, wanted: Sequence[Wanted]) -> list[UUID]:
        """New keys, in one commit."""
        with self._writing():
            return [self._mint(org, one) for one in wanted]

    def standing(self, org: UUID, wanted: Wanted) -> UUID:
        """The newest living key, sought and made under one write lock: two askers get the same."""
        with self._writing():
            held = self.keys_of(org, wanted.subject_kind, wanted.subject)
            living = [key.id for key in held if key.klass == wanted.klass and key.destroyed_at is None]
            return living[-1] if living else self._mint(org, wanted)

    def keys_of(self, org: UUID, subject_kind: str, subject: UUID | str) -> list[HeldKey]:
        """A subject's keys in the order of their making."""
        rows = self._all(
            tuple[bytes, str, datetime, datetime | None],
            "select k.id, k.class, k.made_at, t.at from key k left join tombstone t on t.key = k.id"
            " where k.org = ? and k.subject_kind = ? and k.subject = ? order by k.slot",
            (org.bytes, subject_kind, str(subject)),
        )
        return [HeldKey(UUID(bytes=id), klass, made, destroyed) for id, klass, made, destroyed in rows]

    def load(self, key_id: UUID) -> bytes:
        """Unwrap one key."""
        key = self.load_many([key_id]).get(key_id)
        if key is not None:
            return key
        known = "select 1 from key where id = ?1 union all select 1 from tombstone where key = ?1"
        raise KeyDestroyed if self._all(tuple[int], known, (key_id.bytes,)) else KeyUnknown

    def load_many(self, key_ids: Collection[UUID]) -> dict[UUID, bytes]:
        """Unwrap those that live."""
        return {id: key for key_id in key_ids for id, key in self._living(key_id)}

    def destroy(self, key_ids: Collection[UUID], at: datetime) -> None:
        """Zero the wrapped bytes, leave tombstones, cut the log. After a crash between, `open` cuts it."""
        with self._writing():
            for id in key_ids:
                if not self._all(tuple[int], "select 1 from key where id = ?", (id.bytes,)):
                    raise KeyUnknown
                self._bury(Tombstone(id, at))
        self._scrub()

    def replay(self, tombstones: Collection[Tombstone]) -> int:
        """Bury again, also what this copy never knew."""
        with self._writing():
            revived = sum([self._bury(tombstone) for tombstone in tombstones])
        self._scrub()
        return revived

    def tombstones(self) -> list[Tombstone]:
        """All the dead."""
        rows = self._all(tuple[bytes, datetime], "select key, at from tombstone order by at, key")
        return [Tombstone(UUID(bytes=key), at) for key, at in rows]

    def index_key(self, org: UUID) -> bytes:
        """Unwrap an organization's index key."""
        rows = self._all(tuple[bytes, int], "select wrapped, wrapped_by from index_key where org = ?", (org.bytes,))
        if not rows:
            raise OrganizationUnknown
        wrapped, version = rows[0]
        return unwrap(self._organization(org, version), hierarchy.for_index(org, version), wrapped)

    def check(self, thorough: bool) -> Health:
        """Count, open what wraps others, and let SQLite examine its file."""
        self._organizations.clear()
        troubles = [
            f"SQLite says: {word}" for (word,) in self._all(tuple[str], "pragma quick_check(5)") if word != "ok"
        ]
        organizations = [UUID(bytes=org) for (org,) in self._all(tuple[bytes], "select distinct org from org_key")]
        broken = sum(not self._opens(org) for org in organizations)
        if broken:
            troubles.append(f"the keys of {broken} organizations do not open")
        (keys,) = self._all(tuple[int], "select count(*) from key")[0]
        (dead,) = self._all(tuple[int], "select count(*) from key k join tombstone t on t.key = k.id")[0]
        if thorough and (lost := self._lost()):
            troubles.append(f"{lost} living keys do not open")
        return Health(len(organizations), keys, dead, tuple(troubles))

    def _opens(self, org: UUID) -> bool:
        try:
            self.index_key(org)
        except (WrapBroken, OrganizationUnknown):
            return False
        return True

    def _lost(self) -> int:
        ids = self._all(tuple[bytes], "select id from key where id not in (select key from tombstone)")
        lost = 0
        for (id,) in ids:
            try:
                self.load(UUID(bytes=id))
            except KeyDestroyed:
                continue  # destroyed while we counted
            except (WrapBroken, OrganizationUnknown):
                lost += 1
        return lost

    def _mint(self, org: UUID, wanted: Wanted) -> UUID:
        if wanted.klass not in CLASSES:
            raise ValueError("no such class of keys")
        version = self._newest(org)
        if not version:
            raise OrganizationUnknown
        id, subject = UUID(bytes=self._chance(16), version=4), str(wanted.subject)
        purpose = hierarchy.for_data(id, org, wanted.subject_kind, subject, wanted.klass, version)
        wrapped = wrap(self._organization(org, version), purpose, self._chance(KEY_BYTES), self._chance)
        self._open_db().execute(
            "insert into key (id, org, subject_kind, subject, class, wrapped, wrapped_by, made_at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                id.bytes, org.bytes, wanted.subject_kind, subject, wanted.klass,
                wrapped, version, spelled(self._now()),
            ),
        )  # fmt: skip
        return id

    def _living(self, key_id: UUID) -> Iterator[tuple[UUID, bytes]]:
        rows = self._all(
            tuple[bytes, bytes, str, str, str, bytes, int],
            "select k.id, k.org, k.subject_kind, k.subject, k.class, k.wrapped, k.wrapped_by from key k"
            " where k.id = ? and not exists (select 1 from tombstone t where t.key = k.id)",
            (key_id.bytes,),
        )
        for id_bytes, org_bytes, subject_kind, subject, klass, wrapped, version in rows:
            id, org = UUID(bytes=id_bytes), UUID(bytes=org_bytes)
            purpose = hierarchy.for_data(id, org, subject_kind, subject, klass, version)
            yield id, unwrap(self._organization(org, version), purpose, wrapped)

    def _bury(self, tombstone: Tombstone) -> bool:
        db, id = self._open_db(), tombstone.key.bytes
        db.execute("insert or ignore into tombstone values (?, ?)", (id, spelled(tombstone.at)))
        return db.execute("update key set wrapped = ? where id = ? and wrapped <> ?", (GONE, id, GONE)).rowcount == 1

    def _scrub(self) -> None:
        (busy, _, _) = self._all(tuple[int, int, int], "pragma wal_checkpoint(truncate)")[0]
        if busy:
            raise NotYetScrubbed

    def _newest(self, org: UUID) -> int:
        newest = "select coalesce(max(version), 0) from org_key where org = ?"
        return self._all(tuple[int], newest, (org.bytes,))[0][0]

    def _organization(self, org: UUID, version: int) -> Cipher:
        kept = self._organizations.get((org, version))
        if kept is not None:
            return kept
        rows = self._all(
            tuple[bytes], "select wrapped from org_key where org = ? and version = ?", (org.bytes, version)
        )
        if not rows:
            raise OrganizationUnknown
        key = unwrap(self.root.wrapper, hierarchy.for_organization(org, version), rows[0][0])
        return self._organizations.setdefault((org, version), cipher(key))

    def _all(self, shape: type[T], query: str, values: tuple[object, ...] = ()) -> list[T]:
        rows: object = self._open_db().execute(query, values).fetchall()
        return msgspec.convert(rows, list[shape])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = self._open_db()
        db.execute("begin immediate")
        try:
            yield db
            db.execute("commit")  # synchronous=FULL: on disk when this returns
        except BaseException:
            if db.in_transaction:
                db.execute("rollback")
            raise

    def _open_db(self) -> sqlite3.Connection:
        if self._db is None:
            raise RuntimeError("the keystore is not open")
        return self._db
