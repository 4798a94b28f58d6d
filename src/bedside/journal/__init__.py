"""The journal, and the one way to change anything: a unit of work that settles state and record together."""

from bedside.journal.house import House
from bedside.journal.once import KeyReused, Once, Replay
from bedside.journal.reader import Reader
from bedside.journal.sequencer import Sequencer
from bedside.journal.timekeeper import Timekeeper
from bedside.journal.vault import Vault
from bedside.journal.work import WINDOW, Work, as_refusal

__all__ = [
    "WINDOW",
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
]
