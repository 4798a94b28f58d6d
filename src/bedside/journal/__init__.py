"""The journal, and the one way to change anything: a unit of work that settles state and record together."""

from bedside.journal.again import Collided, as_refusal, persist
from bedside.journal.house import House
from bedside.journal.once import KeyReused, Once, Replay
from bedside.journal.reader import Reader
from bedside.journal.sequencer import Sequencer
from bedside.journal.timekeeper import Timekeeper
from bedside.journal.vault import Vault
from bedside.journal.windows import WINDOW
from bedside.journal.work import Work

__all__ = [
    "WINDOW",
    "Collided",
    "House",
    "KeyReused",
    "Once",
    "Reader",
    "Replay",
    "Sequencer",
    "Timekeeper",
    "Vault",
    "Work",
    "as_refusal",
    "persist",
]
