"""A device that keeps passkeys, made of nothing but arithmetic: it can do everything right, and one thing wrong."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bedside.care.credentials.rules import spelled

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey in it. `counter` is what it says of how often it was used."""

    name: bytes = b"a passkey of 22 bytes."
    counter: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def material(self) -> bytes:
        """The public half, as authenticators write it."""
        at = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32), -3: at.y.to_bytes(32)})

    def makes(self, options: dict[str, Any], origin: str, **other: Any) -> dict[str, Any]:
        """The answer to an invitation to make a passkey. `other` is what it does differently."""
        named = len(self.name).to_bytes(2) + self.name + self.material()
        flags = other.get("flags", PRESENT | VERIFIED) | ATTESTED
        data = self._data(other.get("host", options["rp"]["id"]), flags, other.get("counter", 0)) + bytes(16) + named
        client = self._client("webauthn.create", options["challenge"], origin, other)
        made = {"fmt": other.get("fmt", "none"), "attStmt": other.get("statement", {}), "authData": data}
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(made))

    def signs(self, options: dict[str, Any], origin: str, owner: bytes, **other: Any) -> dict[str, Any]:
        """The answer to a challenge."""
        self.counter += 1
        flags = other.get("flags", PRESENT | VERIFIED)
        data = self._data(other.get("host", options["rpId"]), flags, other.get("counter", self.counter))
        client = self._client("webauthn.get", options["challenge"], origin, other)
        signed = other.get("key", self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed, userHandle=owner)

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        id = spelled(self.name)
        response = {name: spelled(part) for name, part in parts.items()}
        return {"id": id, "rawId": id, "type": "public-key", "response": response}

    @staticmethod
    def _data(host: str, flags: int, counter: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + counter.to_bytes(4)

    @staticmethod
    def _client(kind: str, challenge: str, origin: str, other: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said | other.get("client", {})).encode()
