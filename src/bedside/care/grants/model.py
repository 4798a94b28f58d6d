"""What is true of a grant: one person, one visit, enumerated operations, an end. Never a pattern."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Instant, Refused, Role

OPERATIONS: dict[str, tuple[str, ...]] = {
    Role.PATIENT: ("read", "send", "signal", "files"),
    Role.GUARDIAN: ("read", "send", "signal", "files"),
    Role.PROXY: ("read", "send", "signal", "files"),
    Role.PROVIDER: ("read", "send", "signal", "files", "update"),
    Role.NURSE: ("read", "send", "signal", "files"),
    Role.FRONT_DESK: ("read", "send"),
    Role.ADMINISTRATOR: ("read", "send"),
}
"""What each part may do in a visit."""


def lifetime(role: Role) -> timedelta:
    """Patients 15 minutes, staff 60 at most; both are renewed silently."""
    return timedelta(minutes=60) if role.is_staff else timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who takes part in a visit, and as what."""

    account: UUID
    as_role: str
    state: str
    joined_at: Instant
    left_at: Instant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A permission that is alive now."""

    id: UUID
    operations: tuple[str, ...]
    expires_at: Instant


class GrantLapsed(Refused):
    """The permission for this visit has run out or was ended. Renew it once, then repeat."""

    slug = "grant-lapsed"
    status = "forbidden"


class AccessTokenGranted(Fact, frozen=True, kw_only=True):
    """Somebody may take part in a visit until a time."""

    kind: ClassVar[str] = "ACCESS_TOKEN_GRANTED"
    action: ClassVar[str] = "GRANT"
    announces: ClassVar[bool] = False

    grant: UUID
    account: UUID
    operations: tuple[str, ...]
    until: Instant


class AccessTokenRevoked(Fact, frozen=True, kw_only=True):
    """Somebody may no longer take part in a visit."""

    kind: ClassVar[str] = "ACCESS_TOKEN_REVOKED"
    action: ClassVar[str] = "REVOKE"

    grant: UUID
    account: UUID


class ParticipantAdded(Fact, frozen=True, kw_only=True):
    """A colleague takes part in a visit from now on, as what they are. Everybody in the visit sees it."""

    kind: ClassVar[str] = "PARTICIPANT_ADDED_TO_CONSULTATION"
    action: ClassVar[str] = "JOIN"

    account: UUID
    as_role: str


class ParticipantGone(Fact, frozen=True, kw_only=True):
    """A colleague who had joined takes part no longer. What was said while they were there stays theirs to read."""

    kind: ClassVar[str] = "PARTICIPANT_LEFT_CONSULTATION"
    action: ClassVar[str] = "STEP_OUT"

    account: UUID
    as_role: str
