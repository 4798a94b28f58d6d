"""A field sealed for its place: only the right key, at the very address it was sealed for, opens it.

    sealed = version (1) ‖ key id (16) ‖ nonce (12) ‖ ciphertext and tag        AES-256-GCM
    associated data = version ‖ key id ‖ address

The header stands in the associated data, so nobody relabels a value; the address stands there too, so nobody
moves one to another row, column or organization. GCM does not commit to its key: exactly one key is looked
up, by the id in the value, and none is ever "tried". Pure: nonces come from the caller.
"""

from typing import ClassVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 1 + 16
OVERHEAD = HEADER_BYTES + NONCE_BYTES + TAG_BYTES

Cipher = AESGCM
Part = UUID | str | int | bytes


class SealError(Exception):
    """A sealed value was not opened. It says why, and nothing of what was inside."""

    why: ClassVar[str] = "the sealed value was not opened"

    def __init__(self) -> None:
        super().__init__(self.why)


class Tampered(SealError):
    """Altered, cut short, moved from its place, or sealed with another key: on purpose all alike."""

    why = "the sealed value does not open at this address"


class WrongVersion(SealError):
    """Sealed by a version of the format that this program does not know."""

    why = "the sealed value is of an unknown version"


def cipher(key: bytes) -> Cipher:
    """The cipher of a key: worth keeping, because making it costs as much as sealing half a kilobyte."""
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return AESGCM(key)


def seal(key: bytes | Cipher, key_id: UUID, address: bytes, plaintext: bytes, nonce: bytes) -> bytes:
    """Seal a field for its address. The caller never uses a nonce twice with one key."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError("a nonce has 12 bytes")
    header = bytes([VERSION]) + key_id.bytes
    return header + nonce + _cipher(key).encrypt(nonce, plaintext, header + address)


def open_sealed(key: bytes | Cipher, raw: bytes, address: bytes) -> bytes:
    """Open a field at the address it was read from, or raise `Tampered` or `WrongVersion`."""
    header = _header(raw)
    nonce, body = raw[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES], raw[HEADER_BYTES + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, body, header + address)
    except InvalidTag:
        raise Tampered from None


def key_id_of(raw: bytes) -> UUID:
    """Which key a sealed value names. Not proven before the value opens."""
    return UUID(bytes=_header(raw)[1:])


def address(org: UUID, table: str, column: str, *row: Part) -> bytes:
    """Where a field lives, spelled in one way only. A compound row id is given part by part."""
    if not row:
        raise ValueError("a field's address names its row")
    return packed("bedside/field", org, table, column, *row)


def packed(*parts: Part) -> bytes:
    """Parts as bytes, each with type and length, so that two different lists never spell the same bytes."""
    return b"".join(_part(part) for part in parts)


def _part(part: Part) -> bytes:
    match part:
        case UUID():
            tag, body = b"u", part.bytes
        case str():
            tag, body = b"s", part.encode()
        case bytes():
            tag, body = b"b", part
        case int():
            tag, body = b"i", b"%d" % part
    return tag + len(body).to_bytes(4, "big") + body


def _header(raw: bytes) -> bytes:
    if not raw:
        raise Tampered
    if raw[0] != VERSION:
        raise WrongVersion
    if len(raw) < OVERHEAD:
        raise Tampered
    return raw[:HEADER_BYTES]


def _cipher(key: bytes | Cipher) -> Cipher:
    return cipher(key) if isinstance(key, bytes) else key
