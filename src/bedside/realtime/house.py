"""What every socket of this node shares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bedside.realtime.hub import Hub
from bedside.realtime.interfaces import Acts, Authority, Clock, Explain, Feed, Presence, Sleep
from bedside.realtime.neighbours import Alone, Signals
from bedside.realtime.presence import Book


@dataclass(frozen=True, slots=True)
class House:
    """The rest of the program, as the sockets know it."""

    authority: Authority
    acts: Acts
    feed: Feed
    presence: Presence
    explain: Explain
    clock: Clock
    sleep: Sleep
    hub: Hub = field(default_factory=Hub)
    book: Book = field(default_factory=Book)
    signals: Signals = field(default_factory=Alone)
    tally: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """How often what happened, by kind: figures for monitoring, of nobody in particular."""
