"""A destroyed key is gone: from memory, from the files, after a restart, and after a restore."""

import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bedside.crypto import (
    KeyDestroyed,
    Keyring,
    KeyUnknown,
    NotYetScrubbed,
    SqliteKeystore,
    Tombstone,
    Wanted,
    address,
)
from crypto.burglar import Burglar

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


async def test_a_destroyed_key_opens_nothing_also_after_reopening(keystore: SqliteKeystore, folder: Path, org: UUID):
    place = address(org, "consultation", "summary", uuid4())
    key_id, other = await keystore.mint_many(org, [Wanted("patient", uuid4(), "record")] * 2)
    keyring = Keyring(keystore)
    raw, kept = await keyring.seal(key_id, place, b"migraine"), await keyring.seal(other, place, b"sprain")
    await keyring.destroy([key_id], NOON)
    for ring in (keyring, Keyring(keystore)):
        with pytest.raises(KeyDestroyed):
            await ring.open(raw, place)
        with pytest.raises(KeyDestroyed):
            await ring.seal(key_id, place, b"again")
    await keystore.close()
    async with SqliteKeystore(folder, environ={}) as again:
        with pytest.raises(KeyDestroyed):
            await Keyring(again).open(raw, place)
        assert await Keyring(again).open(kept, place) == b"sprain"


async def test_its_bytes_are_in_no_file_once_destroy_returns(keystore: SqliteKeystore, burglar: Burglar, org: UUID):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    wrapped = burglar.wrapped()[key_id]
    assert wrapped in burglar.bytes()  # it was there, and the search finds it
    await keystore.destroy(key_id, NOON)
    assert wrapped not in burglar.bytes()


async def test_no_page_keeps_a_forgotten_copy(keystore: SqliteKeystore, folder: Path, burglar: Burglar, org: UUID):
    """Thousands of keys over many pages, many destroyed in many goes: the dead leave nothing, and each of the
    living stands in the file exactly once."""
    ids: list[UUID] = []
    dead: set[UUID] = set()
    wrapped: dict[UUID, bytes] = {}
    for go in range(20):
        ids += await keystore.mint_many(
            org, [Wanted("consultation", f"{go}-{n}" * (1 + n % 5), "record") for n in range(150)]
        )
        wrapped |= {id: raw for id, raw in burglar.wrapped().items() if any(raw)}
        dying = [id for id in ids[go % 2 :: 7] if id not in dead] + ids[-30::2]
        await keystore.destroy_many(dying, NOON)
        dead |= set(dying)
    assert 1000 < len(dead) < 2000
    await keystore.close()
    loot = burglar.bytes()
    assert [id for id in dead if wrapped[id] in loot] == []
    assert [id for id in ids if id not in dead and loot.count(wrapped[id]) != 1] == []


async def test_destroying_again_changes_nothing(keystore: SqliteKeystore, org: UUID):
    key_id = await keystore.mint(org, "patient", "one", "record")
    await keystore.destroy(key_id, NOON)
    await keystore.destroy(key_id, NOON + timedelta(days=1))
    assert [key.destroyed_at for key in await keystore.keys_of(org, "patient", "one")] == [NOON]
    assert await keystore.tombstones() == [Tombstone(key_id, NOON)]


async def test_while_another_process_reads_the_cleaning_is_owed_and_said(
    keystore: SqliteKeystore, folder: Path, burglar: Burglar, org: UUID
):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    wrapped = burglar.wrapped()[key_id]
    await keystore._do(keystore._box._all, tuple[int], "pragma busy_timeout = 0")  # do not wait for it to end
    reader = sqlite3.connect(folder / "keys.db", isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from key").fetchone()
    with pytest.raises(NotYetScrubbed):
        await keystore.destroy(key_id, NOON)
    with pytest.raises(KeyDestroyed):
        await keystore.load(key_id)
    reader.close()
    await keystore.destroy(key_id, NOON)
    assert wrapped not in burglar.bytes()


async def test_of_many_all_are_destroyed_or_none(keystore: SqliteKeystore, org: UUID):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    with pytest.raises(KeyUnknown):
        await keystore.destroy_many([key_id, uuid4()], NOON)
    await keystore.load(key_id)


async def test_a_restored_keystore_buries_its_dead_before_it_opens(
    keystore: SqliteKeystore, folder: Path, tmp_path: Path, org: UUID
):
    old, living = await keystore.mint_many(org, [Wanted("patient", uuid4(), "record")] * 2)
    await keystore.close()
    backup = tmp_path / "backup"
    shutil.copytree(folder, backup)
    async with SqliteKeystore(folder, environ={}) as today:
        later = await today.mint(org, "patient", uuid4(), "record")
        await today.destroy_many([old, later], NOON)
        tombstones = await today.tombstones()
    async with SqliteKeystore(backup, environ={}) as restored:
        await restored.load(old)  # a backup remembers: hence the replay
        restored_bytes = Burglar(backup).wrapped()[old]
        assert await restored.replay_tombstones(tombstones) == 1
        assert await restored.replay_tombstones(tombstones) == 0
        for dead in (old, later):
            with pytest.raises(KeyDestroyed):
                await restored.load(dead)
        await restored.load(living)
        assert await restored.tombstones() == tombstones
        assert restored_bytes not in Burglar(backup).bytes()


async def test_a_death_between_commit_and_cleaning_is_made_good_at_the_next_start(
    keystore: SqliteKeystore,
    folder: Path,
    burglar: Burglar,
    org: UUID,
    child: list[str],
    child_environ: dict[str, str],
):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    wrapped = burglar.wrapped()[key_id]
    await keystore.close()
    died = subprocess.run([*child, "destroy_and_die", str(key_id)], env=child_environ, timeout=60)
    assert died.returncode == 9
    assert wrapped in burglar.bytes()  # not cleaned yet
    async with SqliteKeystore(folder, environ={}) as again:
        with pytest.raises(KeyDestroyed):
            await again.load(key_id)
        assert wrapped not in burglar.bytes()
