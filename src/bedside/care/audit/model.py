"""What is true of looking: who saw what of whom, when and why; what was asked about it, and answered."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Instant, Refused

LONGEST = 2000
"""Characters of a question, and of its answer."""
LOOKS = ("PHI_DISCLOSED", "PHI_MESSAGE_READ", "PHI_MESSAGE_SENT", "PHI_MESSAGE_EDITED")
"""The kinds of entries that record that somebody was shown what belongs to a patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One entry of the journal as one person's look at one patient."""

    entry: UUID
    at: Instant
    account: UUID
    role: str
    what: str
    visit: UUID | None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one person saw of one thing on one day: a line of the patient's page."""

    entry: UUID
    """The first entry of it: by this it is asked about."""
    entries: tuple[UUID, ...]
    account: UUID
    role: str
    what: str
    visit: UUID | None
    day: date
    first: Instant
    last: Instant
    times: int


class QuestionUnfit(Refused):
    """A question, and an answer, has words in it, and not more than two thousand characters."""

    slug = "question-unfit"
    status = "invalid"


class OwnAccess(Refused):
    """Nobody answers for what they looked at themselves: somebody else does."""

    slug = "own-access"
    status = "forbidden"


class AccessQuestioned(Fact, frozen=True, kw_only=True):
    """A patient, or who acts for them, asked about an access. `told` names who is to answer."""

    kind: ClassVar[str] = "ACCESS_QUESTIONED"
    action: ClassVar[str] = "ASK_ABOUT_ACCESS"
    on: ClassVar[str] = "access-question"
    purpose: ClassVar[str] = "PATRQT"

    entry: UUID
    told: tuple[UUID, ...]


class AccessAnswered(Fact, frozen=True, kw_only=True):
    """A question about an access was answered, to the person who had asked it."""

    kind: ClassVar[str] = "ACCESS_ANSWERED"
    action: ClassVar[str] = "ANSWER_ABOUT_ACCESS"
    on: ClassVar[str] = "access-question"
    purpose: ClassVar[str] = "HCOMPL"

    entry: UUID
    asked_by: UUID
