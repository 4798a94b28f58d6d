"""Short messages between the nodes of one house, sealed in pieces: what carries them may write them to disk in plain.

    piece = version (1) ‖ nonce (12) ‖ AES-256-GCM( message (16) ‖ place (2) ‖ of (2) ‖ part )        in Base64

A piece that was altered, cut or sealed by another house is no piece. Pure: nonces and ids come from the caller.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PART_BYTES = 4800
"""A sealed piece of this, in Base64, is below 7 kB: a NOTIFY takes less than 8."""
MOST_PIECES = 256
MOST_OPEN = 64
PATIENCE = 10.0
_VERSION = b"\x01"
_ABOUT = b"bedside signal\x01"


class Datagrams:
    """Seals messages into pieces, and puts the pieces of others together again."""

    def __init__(self, key: bytes, chance: Callable[[int], bytes]) -> None:
        self._cipher = AESGCM(key)
        self._chance = chance
        self._open: dict[bytes, tuple[float, dict[int, bytes]]] = {}

    def pieces(self, message: bytes) -> list[str]:
        """The message as texts, each short enough. One that is too long is not said: there are none of it."""
        parts = [message[at : at + PART_BYTES] for at in range(0, len(message), PART_BYTES)] or [b""]
        if len(parts) > MOST_PIECES:
            return []
        id, of = self._chance(16), len(parts).to_bytes(2)
        return [self._sealed(id + place.to_bytes(2) + of + part) for place, part in enumerate(parts)]

    def take(self, piece: str, ticks: float) -> bytes | None:
        """One piece came; the whole message once all of it is here. Late, doubled, shuffled: no matter."""
        opened = self._opened(piece)
        if opened is None:
            return None
        id, place, of = opened[:16], int.from_bytes(opened[16:18]), int.from_bytes(opened[18:20])
        if not place < of <= MOST_PIECES:
            return None
        self._open = {one: kept for one, kept in self._open.items() if ticks - kept[0] <= PATIENCE}
        while id not in self._open and len(self._open) >= MOST_OPEN:
            self._open.pop(next(iter(self._open)))
        _, parts = self._open.setdefault(id, (ticks, {}))
        parts[place] = opened[20:]
        if len(parts) < of:
            return None
        del self._open[id]
        return b"".join(parts[place] for place in range(of))

    def _sealed(self, part: bytes) -> str:
        nonce = self._chance(12)
        return b64encode(_VERSION + nonce + self._cipher.encrypt(nonce, part, _ABOUT)).decode()

    def _opened(self, piece: str) -> bytes | None:
        try:
            raw = b64decode(piece, validate=True)
            opened = self._cipher.decrypt(raw[1:13], raw[13:], _ABOUT) if raw[:1] == _VERSION else b""
        except (NotBase64, ValueError, InvalidTag):
            return None
        return opened if len(opened) >= 20 else None
