"""What is true of consent: decisions in order, the latest of a type counts, unless it has run out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Instant, Refused

TELEHEALTH = "telehealth"
DATA_SHARING = "data-sharing"
RECORDING = "recording"
ON_BEHALF = "on-behalf"
TYPES = (TELEHEALTH, DATA_SHARING, RECORDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the ledger: who decided what, shown which text, in what capacity."""

    id: UUID
    patient: UUID
    type: str
    granted: bool
    scope: str = "clinic"
    text_sha256: bytes
    version: int
    language: str
    signer: UUID
    capacity: str
    method: str
    at: Instant
    expires_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Consents:
    """What one patient has decided: the latest decision of each type."""

    latest: dict[str, Decision]

    @classmethod
    def none(cls) -> "Consents":
        """Nothing was ever decided."""
        return cls({})

    @classmethod
    def replayed(cls, decisions: Iterable[Decision]) -> "Consents":
        """The ledger read in order; a later decision of the same type replaces an earlier one, and no other."""
        return cls({decision.type: decision for decision in decisions})

    def cover(self, type: str, *, at: Instant) -> bool:
        """Whether this patient allows it at that instant. Nothing on record, a no, or a lapse: not allowed.

        The ledger's order says which decision is the latest, not the clocks of those who wrote it."""
        decision = self.latest.get(type)
        return decision is not None and decision.granted and (decision.expires_at is None or at < decision.expires_at)


class ConsentMissing(Refused):
    """Consent that this act needs was not given, was withdrawn, or has lapsed."""

    slug = "consent-missing"
    status = "forbidden"


class ConsentTextChanged(Refused):
    """The text was replaced between showing and signing: nobody consents to what they did not read."""

    slug = "consent-text-changed"
    status = "conflict"


class ConsentTextPublished(Fact, frozen=True, kw_only=True):
    """A text came into use; whoever signs from now on signs this one."""

    kind: ClassVar[str] = "CONSENT_TEXT_PUBLISHED"
    action: ClassVar[str] = "PUBLISH_TEXT"
    on: ClassVar[str] = "organization"
    purpose: ClassVar[str] = "HOPERAT"
    announces: ClassVar[bool] = False

    type: str
    version: int
    language: str


class ConsentHeard(Fact, frozen=True, kw_only=True):
    """A decision reaches a visit that is planned or going on: both sides see how consent stands now."""

    kind: ClassVar[str] = "CONSULTATION_CONSENT_CHANGED"
    action: ClassVar[str] = "HEAR_CONSENT"

    type: str
    granted: bool
    department: UUID
    provider: UUID | None = None


class ConsentGiven(Fact, frozen=True, kw_only=True):
    """A patient, or who acts for them, allowed something."""

    kind: ClassVar[str] = "PATIENT_CONSENT_GIVEN"
    action: ClassVar[str] = "CONSENT_GRANTED"
    on: ClassVar[str] = "patient"
    purpose: ClassVar[str] = "PATRQT"

    type: str
    consent_ref: UUID
    version: int
    text_sha256: str

    @property
    def act(self) -> str:
        """`CONSENT_GRANTED_` and the type."""
        return f"{self.action}_{self.type}"


class ConsentRefused(Fact, frozen=True, kw_only=True):
    """A patient was asked and said no. Nothing is taken away: there was nothing."""

    kind: ClassVar[str] = "PATIENT_CONSENT_REFUSED"
    action: ClassVar[str] = "CONSENT_REFUSED"
    on: ClassVar[str] = "patient"
    purpose: ClassVar[str] = "PATRQT"

    type: str
    consent_ref: UUID
    version: int
    text_sha256: str

    @property
    def act(self) -> str:
        """`CONSENT_REFUSED_` and the type."""
        return f"{self.action}_{self.type}"


class ConsentRevoked(Fact, frozen=True, kw_only=True):
    """A patient took back what they had allowed."""

    kind: ClassVar[str] = "PATIENT_CONSENT_REVOKED"
    action: ClassVar[str] = "CONSENT_REVOKED"
    on: ClassVar[str] = "patient"
    purpose: ClassVar[str] = "PATRQT"

    type: str
    consent_ref: UUID

    @property
    def act(self) -> str:
        """`CONSENT_REVOKED_` and the type."""
        return f"{self.action}_{self.type}"
