"""Where news is heard. Topic names are built and parsed here and nowhere else; their ids say nothing."""

import re
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of news about one thing, spelled `kind.id`."""

    kind: str
    id: UUID

    KINDS: ClassVar[tuple[str, ...]] = (
        "queue",
        "waiting-room",
        "consultation",
        "notification",
        "presence.providers",
        "line",
        "emergency",
        "audit",
    )

    def __str__(self) -> str:
        return f"{self.kind}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Topic | None":
        """The topic spelled by this text, or None. Never guesses."""
        found = re.fullmatch(r"([a-z.-]+)\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", text)
        if found is None or found[1] not in cls.KINDS:
            return None
        return cls(found[1], UUID(found[2]))

    @classmethod
    def queue(cls, department: UUID) -> "Topic":
        """The department's waiting room, for staff."""
        return cls("queue", department)

    @classmethod
    def waiting_room(cls, provider: UUID) -> "Topic":
        """One provider's arrivals."""
        return cls("waiting-room", provider)

    @classmethod
    def consultation(cls, consultation: UUID) -> "Topic":
        """One visit: its state, who is there, what is said."""
        return cls("consultation", consultation)

    @classmethod
    def notification(cls, account: UUID) -> "Topic":
        """What one person is to be told."""
        return cls("notification", account)

    @classmethod
    def presence(cls, department: UUID) -> "Topic":
        """Which providers are there."""
        return cls("presence.providers", department)

    @classmethod
    def line(cls, department: UUID) -> "Topic":
        """That the line moved, and nothing else: for patients who wait."""
        return cls("line", department)
