"""A clinic taken to another place: database first, keystore after, so that every key that a row needs is there.

A copy brings back what was destroyed since. So a copy says which keys are dead, and a restore buries them again before
anybody can look: those its own copy knew, and those of every later copy that lies beside it.
"""

import asyncio
import hashlib
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import msgspec

from bedside.crypto import SqliteKeystore
from bedside.crypto.held import Tombstone
from bedside.crypto.rootkey import ROOT_FILE, write_durably
from bedside.crypto.strongroom import DATABASE_FILE
from bedside.store.embedded import binaries
from bedside.store.migrate import migrations
from bedside.store.pool import translated

DUMP, KEYS, DEAD, MANIFEST = "database.dump", "keys.db", "tombstones.json", "manifest.json"


class BackupRefused(Exception):
    """No copy was made, or none brought back; the message is for the operator."""


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """What a copy consists of."""

    made_at: datetime
    postgres: int
    """The major version that wrote it."""
    schema: int
    """The newest migration in it."""
    sha256: dict[str, str]
    """By file."""


async def take(owner_dsn: str, keystore: Path, into: Path, *, now: datetime) -> Manifest:
    """Copy the clinic into an empty folder, while it runs or not. The root key is not in it."""
    _make_room(keystore, into)
    major, schema = await _about(owner_dsn)
    await _program("pg_dump", owner_dsn, major, ["--format=custom", "--no-owner", "--file", str(into / DUMP)])
    await asyncio.to_thread(_copy_keys, keystore / DATABASE_FILE, into / KEYS)
    write_durably(into / DEAD, msgspec.json.encode(await asyncio.to_thread(_dead, into / KEYS)))
    sums = {name: _sum(into / name) for name in (DUMP, KEYS, DEAD)}
    manifest = Manifest(now, major, schema, sums)
    write_durably(into / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))  # last: without it, no copy
    return manifest


def check(copy: Path) -> Manifest:
    """The manifest of a copy that is whole and that this Bedside can read."""
    try:
        manifest = msgspec.json.decode((copy / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        raise BackupRefused(f"{copy} holds no whole backup: its {MANIFEST} is missing or damaged.") from None
    for name in (DUMP, KEYS, DEAD):
        if not (copy / name).is_file() or _sum(copy / name) != manifest.sha256.get(name):
            raise BackupRefused(f"{copy / name} is not what was written. Take another backup. Nothing was restored.")
    if manifest.schema > max(number for number, _, _ in migrations()):
        raise BackupRefused("This backup was written by a newer Bedside. Install that one. Nothing was restored.")
    return manifest


def lay_keys(copy: Path, data: Path, root_key: Path | None) -> None:
    """The keystore's files into a data folder that has neither keys nor a database yet."""
    for there in (data / "keystore", data / "postgres"):
        if there.exists():
            raise BackupRefused(f"{there} is there already. A backup is restored into an empty data folder only.")
    keystore = data / "keystore"
    if root_key is not None and not root_key.is_file():
        raise BackupRefused(f"There is no file {root_key}.")
    keystore.mkdir(mode=0o700, parents=True)
    write_durably(keystore / DATABASE_FILE, (copy / KEYS).read_bytes())
    if root_key is not None:
        write_durably(keystore / ROOT_FILE, root_key.read_bytes())


async def bury(copy: Path, keystore: SqliteKeystore, more: Iterable[Path] = ()) -> int:
    """Destroy again what this copy brought back: the dead of every copy beside it, and of the files named."""
    return await keystore.replay_tombstones(_stones(copy, more))


def _stones(copy: Path, more: Iterable[Path]) -> list[Tombstone]:
    dead: dict[UUID, Tombstone] = {}
    for file in [*copy.resolve().parent.glob(f"*/{DEAD}"), *more]:
        try:
            dead |= {stone.key: stone for stone in msgspec.json.decode(file.read_bytes(), type=list[Tombstone])}
        except (OSError, msgspec.DecodeError):
            raise BackupRefused(f"{file} holds no list of destroyed keys. Nothing was opened.") from None
    return list(dead.values())


async def fill(copy: Path, manifest: Manifest, owner_dsn: str) -> None:
    """The rows into an empty database whose roles exist. Then a new era: whoever was connected begins anew."""
    await _empty(owner_dsn)
    major, _ = await _about(owner_dsn)
    if major < manifest.postgres:
        raise BackupRefused(f"The backup is of PostgreSQL {manifest.postgres}, this one is {major}: use a newer one.")
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--dbname"]
    await _program("pg_restore", owner_dsn, major, options, last=[str(copy / DUMP)])
    with translated():
        owner = await asyncpg.connect(owner_dsn, timeout=10)
        try:
            async with owner.transaction():
                await owner.execute(_OWNED)
                await owner.execute("update journal_head set era = gen_random_uuid()")
                # Who signed out since this copy was made must not be in again.
                await owner.execute("delete from session")
        finally:
            await owner.close()


_OWNED = """
do $$
declare of_the_definer text;
begin
    for of_the_definer in
        select p.oid::regprocedure from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
    loop
        execute format('alter function %s owner to bedside_definer', of_the_definer);
    end loop;
end $$"""
"""A dump without owners gives all to who restores; these must not have more than the definer's rights."""


async def _about(dsn: str) -> tuple[int, int]:
    with translated():
        owner = await asyncpg.connect(dsn, timeout=10)
        try:
            major = int(await owner.fetchval("show server_version_num")) // 10_000
            there = await owner.fetchval("select to_regclass('public.schema_version') is not null")
            return major, int(await owner.fetchval("select max(number) from schema_version") or 0) if there else 0
        finally:
            await owner.close()


async def _empty(dsn: str) -> None:
    with translated():
        owner = await asyncpg.connect(dsn, timeout=10)
        try:
            tables = await owner.fetchval("select count(*) from pg_tables where schemaname = 'public'")
        finally:
            await owner.close()
    if tables:
        raise BackupRefused(f"The database holds {tables} tables already. A backup is restored into an empty one only.")


async def _program(name: str, dsn: str, major: int, options: Sequence[str], *, last: Sequence[str] = ()) -> None:
    """One of PostgreSQL's programs of the server's own major version. The password goes by the environment, where
    other users cannot read it."""
    program = _find(name, major)
    parts = urlsplit(dsn)
    bare = re.sub(r":[^:@]*@", "@", parts.netloc)
    where = urlunsplit(parts._replace(netloc=bare))
    command = [program, *options, *([where, *last] if last else ["--dbname", where])]
    environment = {"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": unquote(parts.password or "")}
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=False, env=environment, cwd="/"
    )
    if done.returncode:
        # What it says of an error may quote a row: it is not repeated.
        raise BackupRefused(f"{name} ended with {done.returncode}. Look in PostgreSQL's own log.")


def _find(name: str, major: int) -> str:
    found = binaries.find(major=major)
    if found is None or not Path(found.program(name)).exists():
        raise BackupRefused(f"The {name} of PostgreSQL {major} is needed, and was not found. Install that version.")
    return found.program(name)


def _make_room(keystore: Path, into: Path) -> None:
    if into.exists() and any(into.iterdir()):
        raise BackupRefused(f"{into} is not empty. Give every backup a folder of its own.")
    if not (keystore / DATABASE_FILE).exists():
        raise BackupRefused(f"There is no keystore in {keystore}: without it the copy could never be read.")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    into.chmod(0o700)


def _copy_keys(source: Path, target: Path) -> None:
    write_durably(target, b"")
    live, copy = sqlite3.connect(source, timeout=10), sqlite3.connect(target)
    try:
        live.backup(copy)
    finally:
        copy.close()
        live.close()
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _dead(keys: Path) -> list[Tombstone]:
    db = sqlite3.connect(keys)
    try:
        rows: Any = db.execute("select hex(key), at from tombstone order by at, key").fetchall()
    finally:
        db.close()
    return msgspec.convert([{"key": key, "at": at} for key, at in rows], list[Tombstone])


def _sum(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
