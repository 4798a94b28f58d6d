"""How fast one socket may speak. A bucket fills at a rate and holds a burst; time comes from the caller."""


class Bucket:
    """Lets `rate` things through per second, `burst` of them at once."""

    __slots__ = ("_burst", "_full_at", "_rate")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._full_at = float("-inf")  # the instant at which the bucket is, or was, full again

    def take(self, ticks: float) -> bool:
        """Whether one more may pass now; if so, it has."""
        full_at = max(self._full_at, ticks) + 1 / self._rate
        if full_at - ticks > self._burst / self._rate + 1e-9:
            return False
        self._full_at = full_at
        return True

    def wait(self, ticks: float) -> float:
        """Seconds until one more may pass."""
        return max(0.0, max(self._full_at, ticks) + (1 - self._burst) / self._rate - ticks)


def messages() -> Bucket:
    """What a person does: five a second, twenty at once."""
    return Bucket(5, 20)


def signals() -> Bucket:
    """Media negotiation is chattier."""
    return Bucket(30, 100)


def frames() -> Bucket:
    """All frames together. A client beyond this is broken or hostile, and is told so with 4303."""
    return Bucket(60, 240)
