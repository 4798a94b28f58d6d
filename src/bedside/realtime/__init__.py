"""The live socket. Its face: what `app.py` composes and what the rest of the house must supply."""

from bedside.realtime.clock import SystemClock
from bedside.realtime.gateway import Gateway
from bedside.realtime.house import House
from bedside.realtime.interfaces import (
    Acts,
    Announcement,
    Authority,
    Clock,
    Cursor,
    Ended,
    Epochs,
    Feed,
    Heard,
    Pair,
    Presence,
    Principal,
    Stretch,
)
from bedside.realtime.neighbours import Neighbours
from bedside.realtime.socket import live

__all__ = [
    "Acts",
    "Announcement",
    "Authority",
    "Clock",
    "Cursor",
    "Ended",
    "Epochs",
    "Feed",
    "Gateway",
    "Heard",
    "House",
    "Neighbours",
    "Pair",
    "Presence",
    "Principal",
    "Stretch",
    "SystemClock",
    "live",
]
