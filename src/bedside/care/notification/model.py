"""What a person is to be told. The words come from the catalogues; nothing of a patient stands in it."""

from typing import ClassVar
from uuid import UUID

from bedside.kernel import Fact

PATIENT_READY = "PATIENT_READY"
PROVIDER_READY = "PROVIDER_READY"
WRAP_UP_WAITS = "WRAP_UP_WAITS"
DEVICE_CHECK_WAITS = "DEVICE_CHECK_WAITS"
PATIENT_UNSEEN = "PATIENT_UNSEEN"

PRIORITY_OF_QUEUE = {"emergency": "critical", "urgent": "high", "normal": "normal", "follow-up": "normal"}
"""How loudly a waiting patient is told: by the queue's priority."""


class NotificationSent(Fact, frozen=True, kw_only=True):
    """Somebody was told."""

    kind: ClassVar[str] = "NOTIFICATION_SENT"
    action: ClassVar[str] = "NOTIFY"
    on: ClassVar[str] = "notification"

    account: UUID
    type: str
    priority: str

    @property
    def act(self) -> str:
        """`NOTIFY_` and the type."""
        return f"{self.action}_{self.type}"


class NotificationRead(Fact, frozen=True, kw_only=True):
    """Somebody took note."""

    kind: ClassVar[str] = "NOTIFICATION_READ"
    action: ClassVar[str] = "READ_NOTIFICATION"
    on: ClassVar[str] = "notification"

    account: UUID


class NotificationSettled(Fact, frozen=True, kw_only=True):
    """What somebody was told is no longer news: the visit went on. The house took note for them."""

    kind: ClassVar[str] = "NOTIFICATION_SETTLED"
    action: ClassVar[str] = "SETTLE_NOTIFICATION"
    on: ClassVar[str] = "notification"

    account: UUID
