"""Sealing: root → organization → a key per subject and class → a field at its address. To forget: destroy."""

from bedside.crypto.datagram import Datagrams
from bedside.crypto.held import (
    CLASSES,
    Health,
    HeldKey,
    KeyDestroyed,
    KeystoreDown,
    KeyUnknown,
    NotYetScrubbed,
    OrganizationUnknown,
    Tombstone,
    Wanted,
)
from bedside.crypto.hierarchy import WrapBroken
from bedside.crypto.index import blind, fold_identifier, fold_name, name_start, phone_digits
from bedside.crypto.keyring import ChanceBroken, Keyring
from bedside.crypto.keystore import Keystore, SqliteKeystore
from bedside.crypto.rootkey import KeystoreRefuses
from bedside.crypto.seal import SealError, Tampered, WrongVersion, address, key_id_of

__all__ = [
    "address",
    "key_id_of",
    "Datagrams",
    "Keyring",
    "Keystore",
    "SqliteKeystore",
    "CLASSES",
    "Wanted",
    "HeldKey",
    "Tombstone",
    "Health",
    "blind",
    "fold_name",
    "name_start",
    "fold_identifier",
    "phone_digits",
    "SealError",
    "Tampered",
    "WrongVersion",
    "KeyUnknown",
    "KeystoreDown",
    "KeyDestroyed",
    "OrganizationUnknown",
    "NotYetScrubbed",
    "WrapBroken",
    "ChanceBroken",
    "KeystoreRefuses",
]
