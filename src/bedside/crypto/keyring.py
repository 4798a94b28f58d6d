"""The keys in use: sealing and opening by key id, with a cipher kept at hand for each key lately used.

A key destroyed through this keyring is forgotten here at once; one destroyed by another process is forgotten
within `keep_seconds`. That, and the age of the oldest keystore backup, is the horizon of a destruction.
"""

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from bedside.crypto.hierarchy import Chance
from bedside.crypto.index import blind
from bedside.crypto.keystore import Keystore
from bedside.crypto.seal import NONCE_BYTES, Cipher, cipher, key_id_of, open_sealed, seal

K = TypeVar("K")
V = TypeVar("V")


class ChanceBroken(Exception):
    """The source of nonces repeated itself. Sealing stops: a repeated nonce would give content away."""

    def __init__(self) -> None:
        super().__init__("the source of nonces repeats itself")


class Keyring:
    """Seals and opens. Holds ciphers for `room` keys at most, each for `keep_seconds` at most."""

    def __init__(
        self,
        keystore: Keystore,
        nonce: Chance = os.urandom,
        *,
        room: int = 4096,
        keep_seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.keystore = keystore
        self._nonce = nonce
        self._last_nonce = b""
        self._ciphers: _Shelf[UUID, Cipher] = _Shelf(room, keep_seconds, clock)
        self._index_keys: _Shelf[UUID, bytes] = _Shelf(room, keep_seconds, clock)

    async def seal(self, key_id: UUID, address: bytes, plaintext: bytes) -> bytes:
        """Seal a field for its address (`crypto.address`). Raises `KeyDestroyed`, `KeyUnknown`."""
        return seal(await self._cipher(key_id), key_id, address, plaintext, self._fresh_nonce())

    async def open(self, raw: bytes, address: bytes) -> bytes:
        """Open a field at its address. Raises `Tampered`, `WrongVersion`, `KeyDestroyed`, `KeyUnknown`."""
        return open_sealed(await self._cipher(key_id_of(raw)), raw, address)

    async def blind(self, org: UUID, kind: str, value: str) -> bytes:
        """The fingerprint by which a folded value is found (`crypto.index`)."""
        key = self._index_keys.get(org)
        if key is None:
            age = self._index_keys.age
            key = await self.keystore.index_key(org)
            self._index_keys.put(org, key, age)
        return blind(key, kind, value)

    async def warm(self, key_ids: Collection[UUID]) -> None:
        """Fetch many keys in one go, before a list is opened. Dead ones are left out; they refuse later."""
        missing = [id for id in set(key_ids) if self._ciphers.get(id) is None]
        if missing:
            age = self._ciphers.age
            for id, key in (await self.keystore.load_many(missing)).items():
                self._ciphers.put(id, cipher(key), age)

    async def destroy(self, key_ids: Collection[UUID], at: datetime) -> None:
        """Destroy keys in the keystore and forget them here, whatever comes between."""
        try:
            await self.keystore.destroy_many(key_ids, at)
        finally:
            self.forget(key_ids)

    def forget(self, key_ids: Collection[UUID]) -> None:
        """Forget keys that somebody else destroyed."""
        self._ciphers.forget(key_ids)

    async def _cipher(self, key_id: UUID) -> Cipher:
        kept = self._ciphers.get(key_id)
        if kept is not None:
            return kept
        age = self._ciphers.age
        made = cipher(await self.keystore.load(key_id))
        self._ciphers.put(key_id, made, age)
        return made

    def _fresh_nonce(self) -> bytes:
        nonce = self._nonce(NONCE_BYTES)
        if nonce == self._last_nonce:
            raise ChanceBroken
        self._last_nonce = nonce
        return nonce


class _Shelf(Generic[K, V]):
    """What was lately used, the least lately used falling off first.

    `age` counts the forgettings: who fetched something before one, and comes to put it after, may have
    fetched what was just destroyed, and puts nothing.
    """

    def __init__(self, room: int, keep_seconds: float, clock: Callable[[], float]) -> None:
        self._room, self._keep, self._clock = room, keep_seconds, clock
        self._kept: OrderedDict[K, tuple[V, float]] = OrderedDict()
        self.age = 0

    def get(self, key: K) -> V | None:
        held = self._kept.get(key)
        if held is None:
            return None
        if self._clock() >= held[1]:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return held[0]

    def put(self, key: K, value: V, age: int) -> None:
        if age != self.age:
            return
        self._kept[key] = (value, self._clock() + self._keep)
        self._kept.move_to_end(key)
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)

    def forget(self, keys: Collection[K]) -> None:
        self.age += 1
        for key in keys:
            self._kept.pop(key, None)
