"""Opening the keystore's folder: files, tables, settings, and the proof that this root key is theirs.

What a crash here means: nothing is half made. The database comes first, then the root key, then the value
that ties the two together; a start that died between is taken up where it stopped. A root key without its
database, or a database without its root key, is a loss, and a loss is refused, never papered over with
something new.
"""

import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bedside.crypto.hierarchy import WRAPPED_BYTES, Chance, Root, WrapBroken, for_root_check, unwrap, wrap
from bedside.crypto.rootkey import (
    ROOT_FILE,
    ROOT_VARIABLE,
    KeystoreRefuses,
    alone,
    make_root,
    prepare,
    read_root,
    sync_folder,
    write_durably,
)
from bedside.crypto.seal import KEY_BYTES

DATABASE_FILE = "keys.db"
LAYOUT = 1
BUSY_SECONDS = 10.0

TABLES = f"""
create table root_check (
    one integer primary key check (one = 1),
    wrapped blob not null check (length(wrapped) = {WRAPPED_BYTES})
);
create table org_key (
    org blob not null check (length(org) = 16),
    version integer not null check (version >= 1),
    wrapped blob not null check (length(wrapped) = {WRAPPED_BYTES}),
    made_at text not null,
    primary key (org, version)
);
create table index_key (
    org blob primary key check (length(org) = 16),
    wrapped blob not null check (length(wrapped) = {WRAPPED_BYTES}),
    wrapped_by integer not null
);
create table key (
    slot integer primary key,                       -- rows are added at the end, and stay where they are
    id blob not null unique check (length(id) = 16),
    org blob not null check (length(org) = 16),
    subject_kind text not null,
    subject text not null,
    class text not null check (class in ('record', 'transient', 'network', 'organization')),
    wrapped blob not null check (length(wrapped) = {WRAPPED_BYTES}),    -- zeros once destroyed
    wrapped_by integer not null,
    made_at text not null
);
create index key_subject on key (org, subject_kind, subject);
create table tombstone (
    key blob primary key check (length(key) = 16),  -- maybe of a key that this copy never knew
    at text not null
) without rowid;
pragma user_version = {LAYOUT};
"""


def enter(folder: Path, given: Root | None, chance: Chance) -> tuple[sqlite3.Connection, Root]:
    """Open the keystore in a folder with the root key given, or the one in the folder, or a new one."""
    prepare(folder)
    with alone(folder):
        path = folder / DATABASE_FILE
        if not path.exists():
            _begin(folder, path)
        elif stat.S_IMODE(path.lstat().st_mode) & 0o077:
            raise KeystoreRefuses(f"others may read the keystore: run chmod 600 {path}")
        db = _connect(path)
        try:
            return db, _prove(db, folder, given, chance)
        except BaseException:
            db.close()
            raise


def spelled(at: datetime) -> str:
    """An instant as text of one fixed width, in UTC."""
    if at.tzinfo is None:
        raise ValueError("an instant is aware")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _begin(folder: Path, path: Path) -> None:
    if (folder / ROOT_FILE).exists():
        raise KeystoreRefuses(
            f"{folder / ROOT_FILE} is there, but {path.name} is gone: put the copy of {path.name} back"
            " (for a new, empty keystore, move the root key away first)"
        )
    write_durably(path, b"")  # 0600 from its first moment; SQLite gives its log the same mode
    sync_folder(folder)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        for setting in (
            "journal_mode=wal",
            "synchronous=full",
            "fullfsync=on",
            "checkpoint_fullfsync=on",
            "secure_delete=on",
            "temp_store=memory",
            "trusted_schema=off",
        ):
            db.execute(f"pragma {setting}")
        layout = _number(db, "pragma user_version")
        if layout > LAYOUT:
            raise KeystoreRefuses(f"the keystore was written by a newer Bedside (layout {layout})")
        if layout == 0:
            db.executescript(f"begin immediate; {TABLES} commit;")
    except sqlite3.DatabaseError:
        db.close()
        raise KeystoreRefuses(f"{path} cannot be opened as a keystore: is it whole, and is it ours?") from None
    except BaseException:
        db.close()
        raise
    return db


def _prove(db: sqlite3.Connection, folder: Path, given: Root | None, chance: Chance) -> Root:
    """The root key, tied to this database: a wrong one would mint keys that nobody opens after a restart."""
    root = given or read_root(folder)
    rows: object = db.execute("select wrapped from root_check").fetchall()
    ties = msgspec.convert(rows, list[tuple[bytes]])
    if not ties:
        root = root or make_root(folder, chance)
        tie = wrap(root.wrapper, for_root_check(), chance(KEY_BYTES), chance)
        db.execute("insert into root_check values (1, ?)", (tie,))
        return root
    if root is None:
        raise KeystoreRefuses(
            f"the keystore {folder} has keys but no root key: put {ROOT_FILE} back, or set {ROOT_VARIABLE}"
        )
    try:
        unwrap(root.wrapper, for_root_check(), ties[0][0])
    except WrapBroken:
        raise KeystoreRefuses(f"this root key is not the one of the keystore {folder}: nothing was changed") from None
    return root


def _number(db: sqlite3.Connection, query: str) -> int:
    row: object = db.execute(query).fetchone()
    return msgspec.convert(row, tuple[int])[0]
