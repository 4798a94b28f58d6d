"""What proves who somebody is. A challenge is ours, for one purpose and five minutes; an answer to it is signed by a
device that made sure of its owner, for our address, and counts on where it stood."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import msgspec
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.structs import AttestationFormat

from bedside.care.credentials.model import CHALLENGE_LIVES, Enrolled, PasskeyRefused, Site
from bedside.kernel import Instant

_NONCE, _UNTIL = 16, 8
LONGEST = 20_000
"""Signs of an answer. Real ones have a tenth."""


class _Response(msgspec.Struct, rename={"client_data": "clientDataJSON", "owner": "userHandle"}):
    client_data: str
    owner: str | None = None


class Answer(msgspec.Struct):
    """What of a browser's answer must be known before it can be judged."""

    id: str
    response: _Response


class _ClientData(msgspec.Struct, rename="camel"):
    challenge: str
    cross_origin: bool = False
    top_origin: str | None = None


def new_challenge(secret: bytes, chance: bytes, *, about: bytes, now: Instant) -> bytes:
    """A challenge that can be told for ours without having been kept: nobody fills our tables by asking for many."""
    body = chance[:_NONCE] + int((now + CHALLENGE_LIVES).timestamp()).to_bytes(_UNTIL)
    return body + hmac.digest(secret, about + b"\0" + body, hashlib.sha256)


def must_be_ours(challenge: bytes, secret: bytes, *, about: bytes, now: Instant) -> Instant:
    """Until when it would have lived; refused when it is not ours, for something else, or too old."""
    body, mac = challenge[: _NONCE + _UNTIL], challenge[_NONCE + _UNTIL :]
    if not hmac.compare_digest(mac, hmac.digest(secret, about + b"\0" + body, hashlib.sha256)):
        raise PasskeyRefused
    until = datetime.fromtimestamp(int.from_bytes(body[_NONCE:]), UTC)
    if now >= until:
        raise PasskeyRefused
    return until


def read(answer: str) -> tuple[Answer, bytes]:
    """The answer, and the challenge that it says it answers. Nothing of it is believed yet."""
    if len(answer) > LONGEST:
        raise PasskeyRefused
    try:
        said = msgspec.json.decode(answer, type=Answer)
        client = msgspec.json.decode(unspelled(said.response.client_data), type=_ClientData)
        challenge = unspelled(client.challenge)
    except (ValueError, msgspec.MsgspecError):
        raise PasskeyRefused from None
    # Inside a frame of somebody else's page nobody knows whom they sign for.
    if client.cross_origin or client.top_origin is not None:
        raise PasskeyRefused
    return said, challenge


def enrolled(answer: str, *, challenge: bytes, site: Site) -> Enrolled:
    """The new passkey of this answer."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever a parser stumbles over proves nothing
        raise PasskeyRefused from None
    # We ask for no statement of the maker, and believe none.
    if made.fmt != AttestationFormat.NONE:
        raise PasskeyRefused
    return Enrolled(made.credential_id, made.credential_public_key, made.sign_count)


def proved(answer: str, *, challenge: bytes, site: Site, public_material: bytes, counter: int) -> int:
    """Where the device's counter stands, now that it has proved whose it is."""
    try:
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_material,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - as above
        raise PasskeyRefused from None
    return shown.new_sign_count


def spelled(raw: bytes) -> str:
    """Bytes as the web spells them."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unspelled(text: str) -> bytes:
    """Bytes out of that spelling; `ValueError` for any other."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if spelled(raw) != text:
        raise ValueError
    return raw
