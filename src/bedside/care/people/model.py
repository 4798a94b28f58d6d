"""What is true of people: names, sessions, links; and what happens to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from bedside.kernel import Actor, Fact, Instant, Refused, Role

INVITED_FOR = timedelta(minutes=15)
"""A colleague's link lasts as long as somebody sits at the other end and waits for it."""


class Name(msgspec.Struct, frozen=True):
    """How a person is called. Health information as soon as it names a patient."""

    given: str
    family: str

    @property
    def whole(self) -> str:
        """As written on a card."""
        return f"{self.given} {self.family}"


class Contact(msgspec.Struct, frozen=True):
    """How a patient is reached and filed. Sealed."""

    phone: str = ""
    mrn: str = ""


class Sought(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What is known of somebody to be found: any of these, exactly; of the family name also its first letters."""

    family: str = ""
    birth_date: date | None = None
    phone: str = ""
    mrn: str = ""


class PatientCard(msgspec.Struct, frozen=True):
    """What staff see first of a patient, opened."""

    id: UUID
    name: Name
    birth_date: date
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A recognised session: who is there, as what, and until when."""

    actor: Actor
    seen_at: Instant
    idle_until: Instant
    ends_at: Instant
    epoch: int
    language: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a session lives: idle, and in all."""

    idle: timedelta
    whole: timedelta

    @classmethod
    def of(cls, role: Role) -> "Patience":
        """Staff 15 minutes idle and 12 hours; patients 30 minutes and 24 hours."""
        if role.is_staff:
            return cls(timedelta(minutes=15), timedelta(hours=12))
        return cls(timedelta(minutes=30), timedelta(hours=24))


class TooLittleToGoOn(Refused):
    """To find a patient takes a family name or its first letters, a birth date, a telephone or a record number."""

    slug = "too-little-to-go-on"
    status = "invalid"


class LikelyDuplicate(Refused):
    """Somebody alike is on the books already: `candidates`. That each of them is another person must be said."""

    slug = "likely-duplicate"
    status = "conflict"


class NameUnfit(Refused):
    """A patient has a given and a family name of a sensible length."""

    slug = "name-unfit"
    status = "invalid"


class LinkSpent(Refused):
    """A link that ran out, was used, or never was: all three look the same."""

    slug = "link-spent"
    status = "not-found"


class BirthDateNeeded(Refused):
    """The link was used on another device before: a new one says the patient's birth date."""

    slug = "birth-date-needed"
    status = "forbidden"


class BirthDateWrong(Refused):
    """What was said is not the birth date of the patient to whom the link was sent."""

    slug = "birth-date-wrong"
    status = "forbidden"


class TooManyAnswers(Refused):
    """Too many wrong birth dates were said with this link: it rests for so many minutes."""

    slug = "too-many-answers"
    status = "forbidden"


class _AboutAccount(Fact, frozen=True, kw_only=True):
    on: ClassVar[str] = "account"
    announces: ClassVar[bool] = False


class ClinicFounded(Fact, frozen=True, kw_only=True):
    """An organization begins."""

    kind: ClassVar[str] = "ORGANIZATION_FOUNDED"
    action: ClassVar[str] = "FOUND"
    on: ClassVar[str] = "organization"
    purpose: ClassVar[str] = "HOPERAT"
    announces: ClassVar[bool] = False


class DepartmentOpened(Fact, frozen=True, kw_only=True):
    """A department opens."""

    kind: ClassVar[str] = "DEPARTMENT_OPENED"
    action: ClassVar[str] = "OPEN"
    on: ClassVar[str] = "department"
    purpose: ClassVar[str] = "HOPERAT"
    announces: ClassVar[bool] = False


class StaffHired(_AboutAccount, frozen=True, kw_only=True):
    """Somebody starts to work here, in a role."""

    kind: ClassVar[str] = "ACCOUNT_CREATED"
    action: ClassVar[str] = "HIRE"
    purpose: ClassVar[str] = "HOPERAT"

    as_role: str
    department: UUID | None = None


class PatientRegistered(_AboutAccount, frozen=True, kw_only=True):
    """A patient is on the books, with an account of their own."""

    kind: ClassVar[str] = "PATIENT_REGISTERED"
    action: ClassVar[str] = "REGISTER"
    purpose: ClassVar[str] = "HOPERAT"


class LinkIssued(_AboutAccount, frozen=True, kw_only=True):
    """A secret was made for somebody to come in by."""

    kind: ClassVar[str] = "ACCESS_LINK_ISSUED"
    action: ClassVar[str] = "ISSUE_LINK"

    link: UUID
    as_role: str


class SessionStarted(_AboutAccount, frozen=True, kw_only=True):
    """Somebody came in."""

    kind: ClassVar[str] = "SESSION_STARTED"
    action: ClassVar[str] = "SIGN_IN"

    started: UUID
    link: UUID | None = None
    method: str = "link"


class SessionEnded(_AboutAccount, frozen=True, kw_only=True):
    """Somebody left, or was shown out."""

    kind: ClassVar[str] = "SESSION_ENDED"
    action: ClassVar[str] = "SIGN_OUT"

    ended: UUID


class PatientsSought(_AboutAccount, frozen=True, kw_only=True):
    """Somebody looked for a patient: by which marks, how many were found. Each one shown is a reading of its own."""

    kind: ClassVar[str] = "PATIENT_SEARCH"
    action: ClassVar[str] = "FIND"

    marks: tuple[str, ...]
    found: int
