"""Who acts: an account in one role, at one organization, through one session."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SYSTEM_ACCOUNT = UUID(int=0)
"""The account of the house itself: deadlines and readers act as it. Nobody can sign in as it."""


class Role(StrEnum):
    """As what a person acts. Roles are held per organization and department."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    PROXY = "proxy"
    PROVIDER = "provider"
    NURSE = "nurse"
    FRONT_DESK = "front-desk"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def is_staff(self) -> bool:
        """Works for the clinic."""
        return self in (Role.PROVIDER, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)


class Party(StrEnum):
    """What an actor is *to one visit*: the word that the table of verbs uses."""

    PATIENT = "patient"
    """The patient, or who acts for them."""
    PROVIDER = "provider"
    """The assigned provider."""
    COLLEAGUE = "colleague"
    """Another provider of the department."""
    DESK = "desk"
    """Front desk, nurse or administrator of the department."""
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who may be held to account: taken from the session, never from what a request says."""

    org: UUID
    account: UUID
    role: Role
    session: UUID | None = None
    ip: str | None = None
    """A keyed hash of the address (an address identifies a person)."""

    @classmethod
    def system(cls, org: UUID) -> "Actor":
        """The house itself, acting at a deadline or on hearing a fact."""
        return cls(org=org, account=SYSTEM_ACCOUNT, role=Role.SYSTEM)
