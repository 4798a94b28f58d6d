"""What every unit of work stands on, made once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bedside.journal.vault import Vault
from bedside.kernel import Clock, Instant
from bedside.store import Database


def _nobody() -> None:
    """Nobody is waiting to be poked yet."""


@dataclass(slots=True)
class House:
    """Database, clock, chance and vault. Passed in, never looked up."""

    database: Database
    clock: Clock
    chance: Callable[[int], bytes]
    vault: Vault
    secret: Callable[[str], bytes]
    """Server secrets by label, derived from the root key."""
    since: Instant
    """When this process opened. Before it nobody's heartbeat could be heard, so silence from then proves nothing."""
    poke: Callable[[], None] = _nobody
    """Tells the sequencer of this process that something is pending. Only a hint: it also looks by itself."""
    revokes: dict[str, Any] = field(default_factory=dict[str, Any])
    """By fact: whose epoch it bumps, in the same transaction (declared by the slices, collected by the root)."""
    memory: dict[Any, Any] = field(default_factory=dict[Any, Any])
    """What is dear to work out and may be forgotten at any moment. Never whose right it is to see something."""
