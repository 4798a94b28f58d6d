"""The keystore gives each subject keys of its own, and starts only with the root key that made them."""

import base64
import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bedside.crypto import (
    CLASSES,
    KeystoreRefuses,
    KeyUnknown,
    OrganizationUnknown,
    SqliteKeystore,
    Wanted,
    WrapBroken,
)
from crypto.burglar import Burglar

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


async def test_every_key_is_its_own(keystore: SqliteKeystore, org: UUID):
    patient = uuid4()
    ids = [await keystore.mint(org, "patient", patient, klass) for klass in sorted(CLASSES) * 5]
    keys = [await keystore.load(id) for id in ids]
    assert len(set(ids)) == len(set(keys)) == 20
    assert {len(key) for key in keys} == {32}
    assert [(held.id, held.destroyed_at) for held in await keystore.keys_of(org, "patient", patient)] == [
        (id, None) for id in ids
    ]


async def test_many_are_minted_in_the_order_asked(keystore: SqliteKeystore, org: UUID):
    visit = uuid4()
    wanted = [Wanted("consultation", visit, "transient"), Wanted("consultation", visit, "record")]
    transient, record = await keystore.mint_many(org, wanted)
    held = await keystore.keys_of(org, "consultation", visit)
    assert [(key.id, key.klass) for key in held] == [(transient, "transient"), (record, "record")]
    assert set(await keystore.load_many([transient, record, uuid4()])) == {transient, record}


async def test_of_many_all_are_minted_or_none(keystore: SqliteKeystore, org: UUID):
    with pytest.raises(ValueError, match="class"):
        await keystore.mint_many(org, [Wanted("patient", "one", "record"), Wanted("patient", "one", "eternal")])
    assert await keystore.keys_of(org, "patient", "one") == []


async def test_a_standing_key_is_the_same_for_all_until_it_is_destroyed(keystore: SqliteKeystore, org: UUID):
    march = await keystore.standing(org, "month", "2026-03", "network")
    assert await keystore.standing(org, "month", "2026-03", "network") == march
    assert await keystore.standing(org, "month", "2026-04", "network") != march
    await keystore.destroy(march, NOON)
    assert await keystore.standing(org, "month", "2026-03", "network") != march


async def test_founding_twice_changes_nothing(keystore: SqliteKeystore, org: UUID):
    index_key = await keystore.index_key(org)
    await keystore.found(org)
    assert await keystore.index_key(org) == index_key
    another = uuid4()
    await keystore.found(another)
    assert await keystore.index_key(another) != index_key


async def test_what_is_not_there_is_said(keystore: SqliteKeystore):
    with pytest.raises(KeyUnknown):
        await keystore.load(uuid4())
    with pytest.raises(KeyUnknown):
        await keystore.destroy(uuid4(), NOON)
    with pytest.raises(OrganizationUnknown):
        await keystore.mint(uuid4(), "patient", uuid4(), "record")
    with pytest.raises(OrganizationUnknown):
        await keystore.index_key(uuid4())


async def test_everything_is_there_after_reopening(keystore: SqliteKeystore, folder: Path, org: UUID):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    before = (await keystore.load(key_id), await keystore.index_key(org), keystore.derive("database app"))
    await keystore.close()
    async with SqliteKeystore(folder, environ={}) as again:
        assert (await again.load(key_id), await again.index_key(org), again.derive("database app")) == before


async def test_each_server_secret_has_its_own_label(keystore: SqliteKeystore, folder: Path):
    labels = ["database app", "database owner", "address hash", ""]
    assert len({keystore.derive(label) for label in labels}) == len(labels)
    assert (folder / "root.key").read_bytes() not in {keystore.derive(label) for label in labels}


async def test_only_the_owner_may_enter(keystore: SqliteKeystore, folder: Path, org: UUID):
    await keystore.mint(org, "patient", uuid4(), "record")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(["root.key", "keys.db", "keys.db-wal", "keys.db-shm"], 0o600)


async def test_the_disk_is_waited_for(keystore: SqliteKeystore):
    """The settings on which "on disk before it returns" rests."""
    settings = ["journal_mode", "synchronous", "fullfsync", "secure_delete"]
    said = [await keystore._do(keystore._box._all, tuple[str | int], f"pragma {name}") for name in settings]
    assert said == [[("wal",)], [(2,)], [(1,)], [(1,)]]


async def test_no_key_lies_open_in_the_files(keystore: SqliteKeystore, burglar: Burglar, org: UUID):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    secrets = [await keystore.load(key_id), await keystore.index_key(org), keystore.derive("x")]
    loot = burglar.bytes()
    assert burglar.wrapped()[key_id] in loot  # the burglar does see what is there
    assert not [secret for secret in secrets if secret in loot]


@pytest.mark.parametrize(
    "forgery",
    [
        "update key set wrapped = (select wrapped from key where slot = 2) where slot = 1",
        "update key set subject = 'somebody else' where slot = 1",
        "update key set subject_kind = 'month' where slot = 1",
        "update key set class = 'organization' where slot = 1",
        "update key set org = (select org from org_key where org <> key.org) where slot = 1",
        "update key set wrapped = randomblob(60) where slot = 1",
    ],
)
async def test_a_row_that_was_altered_gives_no_key(keystore: SqliteKeystore, burglar: Burglar, org: UUID, forgery: str):
    await keystore.found(uuid4())
    mine = await keystore.mint(org, "patient", "mine", "record")
    await keystore.mint(org, "patient", "theirs", "record")
    assert (await keystore.check(thorough=True)).sound
    burglar.sql(forgery)
    with pytest.raises(WrapBroken):
        await keystore.load(mine)
    health = await keystore.check(thorough=True)
    assert health.troubles == ("1 living keys do not open",)


async def test_an_organization_key_that_was_altered_is_found_out(
    keystore: SqliteKeystore, burglar: Burglar, folder: Path
):
    burglar.sql("update org_key set wrapped = randomblob(60)")
    assert (await keystore.check()).troubles == ("the keys of 1 organizations do not open",)
    await keystore.close()
    with pytest.raises(KeystoreRefuses, match="put the copies back"):
        await SqliteKeystore(folder, environ={}).open()


async def test_it_counts_what_it_has(keystore: SqliteKeystore, org: UUID):
    ids = await keystore.mint_many(org, [Wanted("patient", str(n), "record") for n in range(7)])
    await keystore.destroy_many(ids[:3], NOON)
    health = await keystore.check(thorough=True)
    assert (health.organizations, health.keys, health.destroyed, health.sound) == (1, 7, 3, True)


# ── The root key ─────────────────────────────────────────────────────────────


def text(key: bytes) -> dict[str, str]:
    return {"BEDSIDE_ROOT_KEY": base64.urlsafe_b64encode(key).decode().rstrip("=")}


@pytest.mark.spec("S280")
async def test_the_root_key_may_come_from_outside(folder: Path, org: UUID):
    outside = text(b"\xfb" * 32)
    async with SqliteKeystore(folder, environ=outside) as keystore:
        await keystore.found(org)
        key_id = await keystore.mint(org, "patient", uuid4(), "record")
    assert not (folder / "root.key").exists()
    with pytest.raises(KeystoreRefuses, match="no root key"):
        await SqliteKeystore(folder, environ={}).open()
    assert not (folder / "root.key").exists()  # and none was made up
    async with SqliteKeystore(folder, root=b"\xfb" * 32, environ={}) as again:
        await again.load(key_id)


@pytest.mark.parametrize("founded", [False, True])
async def test_another_root_key_is_refused(folder: Path, org: UUID, founded: bool):
    async with SqliteKeystore(folder, environ={}) as keystore:
        if founded:
            await keystore.found(org)
    with pytest.raises(KeystoreRefuses, match="not the one"):
        await SqliteKeystore(folder, environ=text(bytes(32))).open()
    await (await SqliteKeystore(folder, environ={}).open()).close()


@pytest.mark.parametrize("value", ["short", "!" * 43, "A" * 42, "A" * 44 + "AA"])
async def test_a_root_key_that_is_none_is_refused_without_being_told(folder: Path, value: str):
    with pytest.raises(KeystoreRefuses) as refused:
        SqliteKeystore(folder, environ={"BEDSIDE_ROOT_KEY": value})
    assert value not in str(refused.value)


async def test_a_lost_root_key_is_not_replaced_by_a_new_one(keystore: SqliteKeystore, folder: Path):
    await keystore.close()
    (folder / "root.key").unlink()
    with pytest.raises(KeystoreRefuses, match="no root key"):
        await SqliteKeystore(folder, environ={}).open()
    assert not (folder / "root.key").exists()


async def test_a_lost_database_is_not_replaced_by_an_empty_one(keystore: SqliteKeystore, folder: Path):
    await keystore.close()
    (folder / "keys.db").unlink()
    with pytest.raises(KeystoreRefuses, match=r"keys\.db is gone"):
        await SqliteKeystore(folder, environ={}).open()
    assert not (folder / "keys.db").exists()


@pytest.mark.parametrize(("name", "mode"), [(".", 0o755), ("root.key", 0o640), ("keys.db", 0o604)])
async def test_what_others_may_read_is_refused(keystore: SqliteKeystore, folder: Path, name: str, mode: int):
    await keystore.close()
    (folder / name).chmod(mode)
    with pytest.raises(KeystoreRefuses, match="chmod"):
        await SqliteKeystore(folder, environ={}).open()


async def test_an_empty_folder_made_beforehand_is_closed_to_others(folder: Path):
    folder.mkdir(mode=0o755)
    async with SqliteKeystore(folder, environ={}):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_a_damaged_root_key_is_refused(keystore: SqliteKeystore, folder: Path):
    await keystore.close()
    (folder / "root.key").write_bytes(b"half")
    with pytest.raises(KeystoreRefuses, match="damaged"):
        await SqliteKeystore(folder, environ={}).open()


async def test_a_file_that_is_no_keystore_is_refused(keystore: SqliteKeystore, folder: Path):
    await keystore.close()
    (folder / "keys.db").write_bytes(b"not a database at all, but of some length" * 100)
    with pytest.raises(KeystoreRefuses, match="is it whole"):
        await SqliteKeystore(folder, environ={}).open()


async def test_a_keystore_of_the_future_is_refused(keystore: SqliteKeystore, folder: Path, burglar: Burglar):
    await keystore.close()
    burglar.sql("pragma user_version = 2")
    with pytest.raises(KeystoreRefuses, match="newer"):
        await SqliteKeystore(folder, environ={}).open()


async def test_closing_twice_is_harmless(keystore: SqliteKeystore):
    await keystore.close()
    await keystore.close()
