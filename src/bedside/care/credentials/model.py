"""What is true of a passkey: for which address it was made, whose it is; and what happens to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from bedside.kernel import Fact, Instant, Refused

CHALLENGE_LIVES = timedelta(minutes=5)
FRESH = timedelta(minutes=15)
"""For how long after coming in a passkey may be added: an open page that was left alone adds none."""
MOST = 10
"""Passkeys of one person."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a browser says it is: `https://clinic.example`, and the host name that a passkey is made for."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The public half of a new passkey."""

    known_as: bytes
    public_material: bytes
    counter: int


class PasskeyView(msgspec.Struct, frozen=True):
    """One of my passkeys."""

    id: UUID
    made_at: Instant
    last_used_at: Instant | None


class PasskeyRefused(Refused):
    """The answer proves nothing: forged, used before, too late, from elsewhere, or of a passkey that is not known."""

    slug = "passkey-refused"
    status = "forbidden"


class SignInTooOld(Refused):
    """A passkey is added within 15 minutes of signing in: whoever finds an open page adds none."""

    slug = "sign-in-too-old"
    status = "forbidden"


class TooManyPasskeys(Refused):
    """Ten passkeys are enough: one is removed before another is added."""

    slug = "too-many-passkeys"
    status = "conflict"


class _AboutCredential(Fact, frozen=True, kw_only=True):
    on: ClassVar[str] = "account"
    announces: ClassVar[bool] = False

    credential: UUID


class CredentialAdded(_AboutCredential, frozen=True, kw_only=True):
    """Somebody has a new way to sign in. Their other sessions end."""

    kind: ClassVar[str] = "CREDENTIAL_ADDED"
    action: ClassVar[str] = "ADD_PASSKEY"

    method: str = "passkey"


class CredentialRemoved(_AboutCredential, frozen=True, kw_only=True):
    """A way to sign in was taken away. The person's other sessions end."""

    kind: ClassVar[str] = "CREDENTIAL_REMOVED"
    action: ClassVar[str] = "REMOVE_PASSKEY"

    method: str = "passkey"
