"""What stands first on the board: who might be forgotten, and who waits for somebody to act. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bedside.care.consultation import State, Times

KINDS = ("unseen", "left", "long", "stuck")
"""In the order of their weight: here and nobody sees them; the provider left the room; waits too long; the device
check does not come to an end."""


def trouble_of(row: Mapping[str, Any], times: Times, zone: str, now: datetime) -> tuple[str, datetime] | None:
    """What is wrong with one visit of the board, and since when; the weightiest, where it is more than one thing."""
    found = {
        "unseen": _unseen(row, times, zone, now),
        "left": _left(row, times, now),
        "long": _after(row["waiting_since"], times.long_wait, now) if row["state"] == State.WAITING else None,
        "stuck": _after(row["checked_in_at"], times.stuck, now) if row["state"] == State.CHECKED_IN else None,
    }
    return next(((kind, since) for kind in KINDS if (since := found[kind])), None)


def _unseen(row: Mapping[str, Any], times: Times, zone: str, now: datetime) -> datetime | None:
    """Who is here is never swept away with the day, nor when check-in closes: somebody has to look after them."""
    if not row["here"]:
        return None
    if row["state"] == State.SCHEDULED:
        return _after(row["starts_at"], times.join_after, now)
    wall = ZoneInfo(zone)
    of_another_day = row["starts_at"].astimezone(wall).date() < now.astimezone(wall).date()
    return row["starts_at"] if of_another_day and row["state"] in (State.CHECKED_IN, State.WAITING) else None


def _left(row: Mapping[str, Any], times: Times, now: datetime) -> datetime | None:
    """The patient sits in a room in which the provider is no longer."""
    if row["state"] not in (State.CONNECTING, State.IN_PROGRESS) or row["provider_in_room"]:
        return None
    since = max(filter(None, (row["provider_left_at"], row["called_at"])), default=None)
    return _after(since, times.provider_left, now)


def _after(since: datetime | None, most: Any, now: datetime) -> datetime | None:
    return since if since is not None and now - since >= most else None
