"""The vocabulary of the clinic: values and words only. No I/O, no clock, no chance, nothing from outside."""

from bedside.kernel.actor import SYSTEM_ACCOUNT, Actor, Party, Role
from bedside.kernel.fact import Entry, Fact, Severity, canonical
from bedside.kernel.ids import uuid7
from bedside.kernel.instant import AsOf, Clock, Instant, rfc3339
from bedside.kernel.machine import Arrow, Guard, Machine
from bedside.kernel.outcome import Deadline, Outcome
from bedside.kernel.phi import Disclosure, DisclosureNotOnRecord, Phi, Sealed
from bedside.kernel.refusal import Busy, Conflict, NotFound, NotFromHere, NotYourPart, Refused, Unavailable, Unfit
from bedside.kernel.topic import Topic

__all__ = [
    "SYSTEM_ACCOUNT",
    "Actor",
    "Arrow",
    "AsOf",
    "Clock",
    "Busy",
    "Conflict",
    "Deadline",
    "Disclosure",
    "DisclosureNotOnRecord",
    "Entry",
    "Fact",
    "Guard",
    "Instant",
    "Machine",
    "NotFound",
    "NotFromHere",
    "NotYourPart",
    "Outcome",
    "Party",
    "Phi",
    "Refused",
    "Role",
    "Sealed",
    "Severity",
    "Topic",
    "Unavailable",
    "Unfit",
    "canonical",
    "rfc3339",
    "uuid7",
]
