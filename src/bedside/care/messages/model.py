"""What is said in a visit."""

from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact, Refused

LONGEST = 4000
"""Characters in one message."""


class MessageUnfit(Refused):
    """A message has words in it, and not more than four thousand characters."""

    slug = "message-unfit"
    status = "invalid"


class MessageSent(Fact, frozen=True, kw_only=True):
    """Somebody said something. `told` names who could read it at that moment: that is the disclosure."""

    kind: ClassVar[str] = "PHI_MESSAGE_SENT"
    action: ClassVar[str] = "SEND_MESSAGE"
    on: ClassVar[str] = "message"

    sender: UUID
    as_role: str
    told: tuple[UUID, ...]


class MessagesRead(Fact, frozen=True, kw_only=True):
    """Somebody read what was said, later than it was said."""

    kind: ClassVar[str] = "PHI_MESSAGE_READ"
    action: ClassVar[str] = "READ_MESSAGES"

    reader: UUID
    up_to: int
