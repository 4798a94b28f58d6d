"""Sealing and opening of typed values. What is opened is opened under a Disclosure that is on record."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from bedside.crypto import Keyring, Keystore, address, key_id_of
from bedside.kernel import Disclosure, Instant, Phi, Sealed

T = TypeVar("T")


class Vault:
    """Values go in typed and come out as `Phi`; between, they are bytes that nobody reads."""

    def __init__(self, keystore: Keystore, keyring: Keyring) -> None:
        self.keystore = keystore
        self.keyring = keyring

    async def found(self, org: UUID) -> None:
        """Make the organization's own keys. Done before the organization exists."""
        await self.keystore.found(org)

    async def destroy(self, key: UUID, at: Instant) -> None:
        """Destroy a key: what it sealed is unreadable from now on, everywhere. Doing it twice changes nothing."""
        await self.keyring.destroy([key], at)

    async def mint(self, org: UUID, subject_kind: str, subject: UUID, klass: str) -> UUID:
        """A new key, durable in the keystore before this returns: before the transaction that will use it."""
        return await self.keystore.mint(org, subject_kind, subject, klass)

    async def seal(self, value: Any, *, key: UUID, org: UUID, at: str, row: UUID) -> Sealed[Any]:
        """Seal a value for one place, `at` = "table.column" of row `row`: moved elsewhere, it does not open."""
        return Sealed(await self.keyring.seal(key, _address(org, at, row), encoded(value)))

    async def open(
        self, sealed: bytes, kind: type[T], *, org: UUID, at: str, row: UUID, of: UUID | None, under: Disclosure
    ) -> Phi[T]:
        """Open a value of patient `of` (None: of nobody in particular) under a committed disclosure."""
        under.must_cover(of)
        raw = await self.keyring.open(sealed, _address(org, at, row))
        return Phi(msgspec.json.decode(raw, type=kind))

    async def warm(self, sealed: Iterable[bytes]) -> None:
        """Fetch the keys of many values at once, before they are opened one by one."""
        await self.keyring.warm({key_id_of(raw) for raw in sealed})

    async def blind(self, org: UUID, kind: str, folded: str) -> bytes:
        """The mark under which a folded value is found in this organization, and nowhere else."""
        return await self.keyring.blind(org, kind, folded)

    async def open_own(self, sealed: bytes, *, org: UUID, at: str, row: UUID) -> bytes:
        """Open the house's own bytes: kept answers, which hold nobody's health information."""
        return await self.keyring.open(sealed, _address(org, at, row))

    async def seal_own(self, raw: bytes, *, key: UUID, org: UUID, at: str, row: UUID) -> bytes:
        """Seal the house's own bytes."""
        return await self.keyring.seal(key, _address(org, at, row), raw)


def encoded(value: Any) -> bytes:
    """A value's bytes before they are sealed: the same value, the same bytes."""
    return msgspec.json.encode(value)


def _address(org: UUID, at: str, row: UUID) -> bytes:
    table, _, column = at.partition(".")
    return address(org, table, column, row)
