"""The keyring keeps what is in use at hand, forgets what is destroyed, and repeats no nonce."""

import asyncio
import os
from collections.abc import Collection
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.crypto import (
    ChanceBroken,
    KeyDestroyed,
    Keyring,
    KeyUnknown,
    SqliteKeystore,
    Tampered,
    Wanted,
    address,
    blind,
    key_id_of,
)

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


class Counting(SqliteKeystore):
    """Counts what is asked of it, and can be held up between reading a key and handing it out."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, environ={})
        self.loads: list[UUID] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self, key_id: UUID) -> bytes:
        self.loads.append(key_id)
        key = await super().load(key_id)
        await self.gate.wait()
        return key

    async def load_many(self, key_ids: Collection[UUID]) -> dict[UUID, bytes]:
        self.loads += key_ids
        return await super().load_many(key_ids)


class Watch:
    """A clock that stands still until it is moved."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def seal_and_open(keyring: Keyring, key_id: UUID, text: bytes = b"words") -> bytes:
    place = address(UUID(int=1), "message", "body", key_id)
    return await keyring.open(await keyring.seal(key_id, place, text), place)


@given(texts=st.lists(st.binary(max_size=200), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_what_is_sealed_opens_again(tmp_path_factory: pytest.TempPathFactory, texts: list[bytes]):
    async def go() -> None:
        org = uuid4()
        async with SqliteKeystore(tmp_path_factory.mktemp("keys"), environ={}) as keystore:
            await keystore.found(org)
            keyring = Keyring(keystore)
            for text in texts:
                key_id = await keystore.mint(org, "patient", uuid4(), "record")
                assert await seal_and_open(keyring, key_id, text) == text

    asyncio.run(go())


async def test_a_value_names_its_key_and_stays_in_its_place(keystore: SqliteKeystore, org: UUID):
    keyring = Keyring(keystore)
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    raw = await keyring.seal(key_id, address(org, "patient", "name", 1), b"Ama Mensah")
    assert key_id_of(raw) == key_id
    with pytest.raises(Tampered):
        await keyring.open(raw, address(org, "patient", "name", 2))


async def test_a_value_relabelled_with_another_key_does_not_open(keystore: SqliteKeystore, org: UUID):
    keyring = Keyring(keystore)
    mine, theirs = await keystore.mint_many(org, [Wanted("patient", uuid4(), "record")] * 2)
    place = address(org, "patient", "name", 1)
    raw = await keyring.seal(mine, place, b"Ama Mensah")
    with pytest.raises(Tampered):
        await keyring.open(raw[:1] + theirs.bytes + raw[17:], place)
    with pytest.raises(KeyUnknown):
        await keyring.open(raw[:1] + uuid4().bytes + raw[17:], place)


async def test_a_key_is_fetched_once_while_it_is_in_use(folder: Path, org: UUID):
    async with Counting(folder) as keystore:
        await keystore.found(org)
        keyring = Keyring(keystore, room=2)
        a, b, c = [await keystore.mint(org, "patient", uuid4(), "record") for _ in range(3)]
        for key_id in (a, a, b, a, c, a, b):  # c pushes out b, the least lately used
            await seal_and_open(keyring, key_id)
        assert keystore.loads == [a, b, c, b]


async def test_a_list_is_warmed_in_one_go(folder: Path, org: UUID):
    async with Counting(folder) as keystore:
        await keystore.found(org)
        keyring = Keyring(keystore)
        ids = await keystore.mint_many(org, [Wanted("patient", str(n), "record") for n in range(50)])
        await keyring.destroy(ids[:1], NOON)
        await keyring.warm(ids + ids)
        await keyring.warm(ids[1:])
        assert sorted(keystore.loads) == sorted(ids)
        for key_id in ids[1:]:
            await seal_and_open(keyring, key_id)
        assert len(keystore.loads) == 50
        with pytest.raises(KeyDestroyed):
            await seal_and_open(keyring, ids[0])


async def test_what_another_process_destroys_is_forgotten_in_time(folder: Path, org: UUID):
    watch = Watch()
    async with SqliteKeystore(folder, environ={}) as here, SqliteKeystore(folder, environ={}) as there:
        await here.found(org)
        key_id = await here.mint(org, "patient", uuid4(), "record")
        keyring = Keyring(here, keep_seconds=60, clock=watch)
        await seal_and_open(keyring, key_id)
        await there.destroy(key_id, NOON)
        watch.seconds = 59.9
        await seal_and_open(keyring, key_id)  # the horizon that is promised, not a shorter one
        watch.seconds = 60.0
        with pytest.raises(KeyDestroyed):
            await seal_and_open(keyring, key_id)


async def test_told_of_it_the_keyring_forgets_at_once(folder: Path, org: UUID):
    async with SqliteKeystore(folder, environ={}) as here, SqliteKeystore(folder, environ={}) as there:
        await here.found(org)
        key_id = await here.mint(org, "patient", uuid4(), "record")
        keyring = Keyring(here)
        await seal_and_open(keyring, key_id)
        await there.destroy(key_id, NOON)
        keyring.forget([key_id])
        with pytest.raises(KeyDestroyed):
            await seal_and_open(keyring, key_id)


async def test_a_key_under_way_when_it_is_destroyed_is_not_kept(folder: Path, org: UUID):
    async with Counting(folder) as keystore:
        await keystore.found(org)
        key_id = await keystore.mint(org, "patient", uuid4(), "record")
        keyring = Keyring(keystore)
        keystore.gate.clear()
        late = asyncio.create_task(keyring.seal(key_id, b"somewhere", b"words"))
        while not keystore.loads:
            await asyncio.sleep(0)  # a turn of the loop, not a wait
        await keyring.destroy([key_id], NOON)  # queued behind the load in the keystore's one thread
        keystore.gate.set()
        raw = await late  # it had begun before
        with pytest.raises(KeyDestroyed):
            await keyring.open(raw, b"somewhere")


async def test_a_fingerprint_is_the_organizations_own(keystore: SqliteKeystore, org: UUID):
    another = uuid4()
    await keystore.found(another)
    keyring = Keyring(keystore)
    mine = await keyring.blind(org, "family-name", "mensah")
    assert mine == await keyring.blind(org, "family-name", "mensah")
    assert mine == blind(await keystore.index_key(org), "family-name", "mensah")
    assert mine != await keyring.blind(another, "family-name", "mensah")
    assert mine != await keyring.blind(org, "given-name", "mensah")


async def test_a_hundred_thousand_nonces_are_all_different(keystore: SqliteKeystore, org: UUID):
    keyring = Keyring(keystore)
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    nonces = {(await keyring.seal(key_id, b"a", b""))[17:29] for _ in range(100_000)}
    assert len(nonces) == 100_000


async def test_a_source_of_nonces_that_sticks_stops_the_sealing(keystore: SqliteKeystore, org: UUID):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    stuck = Keyring(keystore, nonce=bytes)
    await stuck.seal(key_id, b"a", b"one")
    with pytest.raises(ChanceBroken):
        await stuck.seal(key_id, b"a", b"two")


async def test_nonces_may_be_given(keystore: SqliteKeystore, org: UUID):
    numbers = count(1)
    keyring = Keyring(keystore, nonce=lambda size: next(numbers).to_bytes(size, "big"))
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    assert (await keyring.seal(key_id, b"a", b""))[17:29] == b"\0" * 11 + b"\1"


async def test_keys_are_not_printed(keystore: SqliteKeystore, org: UUID):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    keyring = Keyring(keystore)
    await seal_and_open(keyring, key_id)
    printed = f"{keyring!r} {keystore!r} {keystore._box!r} {keystore._box.root!r} {keyring._ciphers!r}"
    for secret in (await keystore.load(key_id), await keystore.index_key(org), keystore.derive("x")):
        assert repr(secret) not in printed
        assert secret.hex() not in printed
    assert os.urandom is keyring._nonce
