"""What may be said on the live socket: the frames, their limits, and the codes with which it ends.

The specification for strangers is docs/reference/wire.md; the vectors in tests/vectors/wire.json are judged
by this file, by the browser's wire.js and by the SDK. Parsing is strict about what is known and deaf to what
is not: an unknown `t` or member is ignored, so that old programs go on living next to newer ones.
"""

from __future__ import annotations

import json
import math
import re
from enum import IntEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

SUBPROTOCOL = "bedside.v1"

FRAME_BYTES = 64 * 1024
FRAME_DEPTH = 16
FRAME_MARKS = 2048
"""Strings, commas and brackets together: what a parser makes of a frame costs by these, not by bytes."""
TOPICS_PER_SOCKET = 64
BEAT_SECONDS = 30
SILENCE_SECONDS = 75
HELLO_SECONDS = 10


class Close(IntEnum):
    """Why a socket ends. The hundred says what the client should do next; nothing else needs to be known."""

    # 40xx: come back with the cursor, after a pause that grows and is partly chance
    QUIET = 4001
    RESTART = 4002
    SLOW = 4003
    BEHIND = 4004
    # 41xx: sign in again, then come back
    SESSION_ENDED = 4100
    IDLE = 4101
    SESSION_REPLACED = 4102
    # 42xx: there is nothing left to hear; stop and say so
    ACCESS_WITHDRAWN = 4200
    ACCOUNT_DISABLED = 4201
    ORGANIZATION_CLOSED = 4203
    # 43xx: the client is wrong; trying again would not help
    BAD_FRAME = 4300
    TOO_LARGE = 4301
    VERSION = 4302
    RATE = 4303
    ORIGIN = 4304


class BadFrame(Exception):
    """What came is not of this wire. `why` is for developers and never quotes what came."""

    def __init__(self, code: Close, why: str) -> None:
        self.code = code
        self.why = why
        super().__init__(why)


# What a client says ──────────────────────────────────────────────────────────

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Device = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Since(msgspec.Struct, frozen=True):
    """The place up to which a client knows everything."""

    era: UUID
    n: Number


class Hello(msgspec.Struct, frozen=True):
    """The first frame: who holds the page, where it stopped, what it wants to hear."""

    device: Device
    topics: Annotated[list[Name], Meta(max_length=TOPICS_PER_SOCKET)]
    since: Since | None = None


class Sub(msgspec.Struct, frozen=True):
    """Hear one more topic."""

    r: Number
    topic: Name


class Unsub(msgspec.Struct, frozen=True):
    """Hear one topic less."""

    r: Number
    topic: Name


class Beat(msgspec.Struct, frozen=True):
    """Still here."""


class Do(msgspec.Struct, frozen=True):
    """Do this once, however often I ask: the id is the idempotency key (and a message's id)."""

    id: UUID
    op: Annotated[str, Meta(min_length=1, max_length=32)]


class Signal(msgspec.Struct, frozen=True):
    """Media negotiation. Its place is kept; video answers it."""

    r: Number


class Renew(msgspec.Struct, frozen=True):
    """Prolong the grant. Its place is kept; clients renew over HTTP."""

    r: Number


Said = Hello | Sub | Unsub | Beat | Do | Signal | Renew

_KNOWN: dict[str, type[Said]] = {
    "hello": Hello,
    "sub": Sub,
    "unsub": Unsub,
    "beat": Beat,
    "do": Do,
    "sig": Signal,
    "renew": Renew,
}


class Parsed(msgspec.Struct, frozen=True):
    """One frame, understood; `body` is everything that stood in it."""

    said: Said
    body: dict[str, Any]


def parse(text: str) -> Parsed | None:
    """One text frame from a client; None if its `t` is unknown. Raises BadFrame and nothing else."""
    body = _object(text)
    kind = body.get("t")
    if not isinstance(kind, str):
        raise BadFrame(Close.BAD_FRAME, "a frame says its kind in t")
    form = _KNOWN.get(kind)
    if form is None:
        return None
    try:
        return Parsed(msgspec.convert(body, form, strict=True), body)
    except msgspec.ValidationError as wrong:
        raise BadFrame(Close.BAD_FRAME, f"{kind}: a member is missing or of another type") from wrong


def _object(text: str) -> dict[str, Any]:
    """Strict JSON, one object: within the limits, no member twice, no lone surrogate, no NaN."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as wrong:
        raise BadFrame(Close.BAD_FRAME, "not UTF-8") from wrong
    if size > FRAME_BYTES:
        raise BadFrame(Close.TOO_LARGE, "a frame is at most 64 KiB")
    _plain(text)
    try:
        body: Any = _loads(text)
        # The ids and words of a frame go to PostgreSQL and to other people's screens: they must be UTF-8.
        msgspec.json.encode(body)
    except (ValueError, RecursionError, OverflowError, TypeError) as wrong:
        raise BadFrame(Close.BAD_FRAME, "not strict JSON") from wrong
    if not isinstance(body, dict):
        raise BadFrame(Close.BAD_FRAME, "a frame is one JSON object")
    return body


# A string without its end is taken whole, never looked at twice: hostile quotes cost no more than others.
_MARK = re.compile(r'"(?:[^"\\]+|\\.)*+"?|[\[{]|[\]}]|,', re.DOTALL)


def _plain(text: str) -> None:
    """Neither nested deeply nor made of very many parts: looked at before any parser recurses or builds."""
    brackets = text.count("{") + text.count("[")
    if brackets <= FRAME_DEPTH and text.count('"') + text.count(",") <= FRAME_MARKS // 2:
        return
    depth = 0
    for at, mark in enumerate(_MARK.finditer(text)):
        first = mark[0][0]
        depth += (first in "[{") - (first in "]}")
        if depth > FRAME_DEPTH:
            raise BadFrame(Close.BAD_FRAME, "nested too deeply")
        if at >= FRAME_MARKS:
            raise BadFrame(Close.BAD_FRAME, "made of too many parts")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _whole(text: str) -> int:
    if len(text) > 20:  # digits cost by their square, and nobody counts that far
        raise ValueError("more than any number holds")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("more than any number holds")
    return number


def _no_constant(_: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON")


_loads = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=_whole, parse_float=_finite, parse_constant=_no_constant
).decode

# What the server says ────────────────────────────────────────────────────────

_encoder = msgspec.json.Encoder()


def frame(t: str, /, **members: Any) -> str:
    """One frame of the server, as text. `t` always stands first."""
    return _encoder.encode({"t": t, **members}).decode()
