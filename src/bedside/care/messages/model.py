"""What is said in a visit."""

from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Refused, Severity

LONGEST = 4000
"""Characters in one message."""


class MessageUnfit(Refused):
    """A message has words in it, and not more than four thousand characters."""

    slug = "message-unfit"
    status = "invalid"


class MessageGone(Refused):
    """A message was changed or taken back in the meantime, by another page of the same person."""

    slug = "message-gone"
    status = "conflict"


class MessageSent(Fact, frozen=True, kw_only=True):
    """Somebody said something. `told` names who could read it at that moment: that is the disclosure."""

    kind: ClassVar[str] = "PHI_MESSAGE_SENT"
    action: ClassVar[str] = "SEND_MESSAGE"
    on: ClassVar[str] = "message"

    sender: UUID
    as_role: str
    told: tuple[UUID, ...]
    consent_ref: UUID


class MessageEdited(Fact, frozen=True, kw_only=True):
    """Somebody put other words in the place of their own. `version` is the message's after it."""

    kind: ClassVar[str] = "PHI_MESSAGE_EDITED"
    action: ClassVar[str] = "EDIT_MESSAGE"
    on: ClassVar[str] = "message"

    as_role: str
    message_version: int
    told: tuple[UUID, ...]


class MessageDeleted(Fact, frozen=True, kw_only=True):
    """Somebody took their own words back. Nobody reads them any more; the record keeps them."""

    kind: ClassVar[str] = "PHI_MESSAGE_DELETED"
    action: ClassVar[str] = "DELETE_MESSAGE"
    on: ClassVar[str] = "message"

    as_role: str
    message_version: int


class MessageFailed(Fact, frozen=True, kw_only=True):
    """Somebody wanted to say something and could not. `code` says why; the words are kept nowhere."""

    kind: ClassVar[str] = "MESSAGE_FAILED"
    action: ClassVar[str] = "REFUSE_MESSAGE"
    on: ClassVar[str] = "message"
    severity: ClassVar[Severity] = Severity.WARNING
    outcome: ClassVar[str] = "refused"
    announces: ClassVar[bool] = False

    code: str


class MessagesRead(Fact, frozen=True, kw_only=True):
    """Somebody read what was said, later than it was said."""

    kind: ClassVar[str] = "PHI_MESSAGE_READ"
    action: ClassVar[str] = "READ_MESSAGES"

    reader: UUID
    up_to: int
