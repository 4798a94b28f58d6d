"""How long to wait before the next try: twice as long each time, and a random part of it."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Pauses that double up to a longest one, and a random part of each.

    Full jitter: after an outage everybody comes back, but not all at once.
    """

    def __init__(
        self, first: float = 0.25, longest: float = 20.0, *, chance: Callable[[], float] = random.random
    ) -> None:
        self.first = first
        self.longest = longest
        self._chance = chance
        self._limit = first

    def pause(self, at_least: float = 0.0) -> float:
        """Seconds until the next try; never sooner than the clinic asked for."""
        part = self._chance() * self._limit
        self._limit = min(self.longest, self._limit * 2)
        return at_least + part

    def reset(self) -> None:
        """It worked: the next trouble begins anew."""
        self._limit = self.first
