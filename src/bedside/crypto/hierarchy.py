"""Which key wraps which: root → organization → data key. Each names what it is for: none can be swapped.

    wrapped = nonce (12) ‖ ciphertext (32) ‖ tag (16), always 60 bytes        AES-256-GCM

The root itself encrypts nothing: HKDF draws from it one key for wrapping and one for each server secret.
"""

from collections.abc import Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bedside.crypto.seal import KEY_BYTES, NONCE_BYTES, TAG_BYTES, Cipher, cipher, packed

WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
Chance = Callable[[int], bytes]


class WrapBroken(Exception):
    """A wrapped key does not open under the key and for the purpose that its row names."""

    def __init__(self) -> None:
        super().__init__("a wrapped key does not open: the keystore was altered, or its root key is another one")


class Root:
    """The key above all. Prints as nothing; answers only with keys drawn from it."""

    __slots__ = ("__key", "__wrapper")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("the root key has 32 bytes")
        self.__key = key
        self.__wrapper = cipher(_drawn(key, packed("bedside/wrap")))

    @property
    def wrapper(self) -> Cipher:
        """What wraps the keys of organizations."""
        return self.__wrapper

    def derive(self, label: str) -> bytes:
        """32 bytes for one server secret, the same at every start: they live as long as the root."""
        return _drawn(self.__key, packed("bedside/derive", label))


def wrap(wrapper: Cipher, purpose: bytes, key: bytes, chance: Chance) -> bytes:
    """Wrap a key for one purpose."""
    nonce = chance(NONCE_BYTES)
    return nonce + wrapper.encrypt(nonce, key, purpose)


def unwrap(wrapper: Cipher, purpose: bytes, wrapped: bytes) -> bytes:
    """The key again, or `WrapBroken`."""
    if len(wrapped) != WRAPPED_BYTES:
        raise WrapBroken
    try:
        return wrapper.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], purpose)
    except InvalidTag:
        raise WrapBroken from None


def for_root_check() -> bytes:
    """The purpose of the value that tells at start whether this root key is the keystore's own."""
    return packed("bedside/root-check")


def for_organization(org: UUID, version: int) -> bytes:
    """The purpose of an organization's key."""
    return packed("bedside/org-key", org, version)


def for_index(org: UUID, version: int) -> bytes:
    """The purpose of an organization's index key."""
    return packed("bedside/index-key", org, version)


def for_data(key_id: UUID, org: UUID, subject_kind: str, subject: str, klass: str, version: int) -> bytes:
    """The purpose of a data key: every column that says whose it is."""
    return packed("bedside/data-key", key_id, org, subject_kind, subject, klass, version)


def _drawn(key: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)
