"""The facts that the house itself puts on record: readings and refusals."""

from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Severity


class PhiDisclosed(Fact, frozen=True, kw_only=True):
    """Somebody read what belongs to a patient. The first reading in an hour; later ones are counted."""

    kind: ClassVar[str] = "PHI_DISCLOSED"
    action: ClassVar[str] = "VIEW"
    on: ClassVar[str] = "patient"
    announces: ClassVar[bool] = False


class PhiDisclosedAgain(Fact, frozen=True, kw_only=True):
    """How often somebody read again within the hour of a first reading."""

    kind: ClassVar[str] = "PHI_DISCLOSED"
    action: ClassVar[str] = "VIEW_COUNT"
    on: ClassVar[str] = "patient"
    announces: ClassVar[bool] = False

    viewer: UUID
    first: UUID
    times: int


class RequestRefused(Fact, frozen=True, kw_only=True):
    """A known person asked for something that the rules do not allow."""

    kind: ClassVar[str] = "REQUEST_REFUSED"
    action: ClassVar[str] = "REFUSE"
    on: ClassVar[str] = "account"
    severity: ClassVar[Severity] = Severity.WARNING
    outcome: ClassVar[str] = "refused"
    announces: ClassVar[bool] = False

    code: str
