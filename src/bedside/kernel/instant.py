"""Points in time: always aware, always UTC. The clinic's wall clock appears only at the edge."""

from datetime import UTC, datetime
from typing import Annotated, Protocol, TypeVar

Instant = datetime
T = TypeVar("T")
AsOf = Annotated[T, "as of the moment of asking"]
"""A field of a view that changes with the clock or with who is there, and of which therefore no notice tells."""


class Clock(Protocol):
    """Whoever is asked for the time. A transaction asks once, at its start."""

    def now(self) -> Instant:
        """The present instant, aware and in UTC."""
        ...


def rfc3339(at: Instant) -> str:
    """The instant as RFC 3339 text in UTC with microseconds: one spelling for each instant, so bytes can be hashed."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
