"""What is true of presence: a page that beats is here; a device that went in is in the room."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Instant

SILENCE = timedelta(seconds=120)
"""After this long without a heartbeat nobody is there."""


class Status(StrEnum):
    """What a provider says of themselves, or what their visits say."""

    AVAILABLE = "available"
    IN_CONSULTATION = "in-consultation"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who is here and in the room of one visit, and since when who was there is not."""

    here: frozenset[UUID]
    in_room: frozenset[UUID]
    left_at: dict[UUID, Instant]
    in_since: dict[UUID, Instant]
    last_seen: dict[UUID, Instant]
    """When each was last heard of, here or gone."""
    last_in_room: dict[UUID, Instant]
    """When who fell silent in the room was last heard of there."""


class AvailabilityChanged(Fact, frozen=True, kw_only=True):
    """A provider is free, busy, away or gone."""

    kind: ClassVar[str] = "PROVIDER_STATUS_CHANGED"
    action: ClassVar[str] = "SET_STATUS"
    on: ClassVar[str] = "account"
    purpose: ClassVar[str] = "HOPERAT"

    status: str
    departments: tuple[UUID, ...] = ()


class RoomEntered(Fact, frozen=True, kw_only=True):
    """Somebody went into the room of a visit."""

    kind: ClassVar[str] = "ROOM_ENTERED"
    action: ClassVar[str] = "ENTER"

    account: UUID
    as_role: str
    department: UUID | None = None


class RoomLeft(Fact, frozen=True, kw_only=True):
    """Somebody left the room of a visit with every device."""

    kind: ClassVar[str] = "ROOM_LEFT"
    action: ClassVar[str] = "LEAVE"

    account: UUID
    as_role: str
    department: UUID | None = None
