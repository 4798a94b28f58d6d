"""The clock of a running node: the only file here that looks at one."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bedside.kernel import Clock


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def ticks(self) -> float:
        return time.monotonic()


class Ticking:
    """The house's clock, with the socket's own steady ticks beside it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ticks = getattr(clock, "ticks", SystemClock().ticks)

    def now(self) -> datetime:
        return self._clock.now()
