"""Consent: given, withdrawn, lapsed. A ledger that is only added to, read by every act that needs it."""

from bedside.care.consent.actions import give, note_spoken, of, publish_text, withdraw
from bedside.care.consent.model import (
    DATA_SHARING,
    RECORDING,
    TELEHEALTH,
    TYPES,
    ConsentGiven,
    ConsentMissing,
    ConsentRevoked,
    Consents,
    Decision,
)
from bedside.care.consent.views import ConsentTextView, ConsentView, all_texts, current_text, shown

__all__ = [
    "DATA_SHARING",
    "RECORDING",
    "TELEHEALTH",
    "TYPES",
    "ConsentGiven",
    "ConsentMissing",
    "ConsentRevoked",
    "ConsentTextView",
    "ConsentView",
    "Consents",
    "Decision",
    "all_texts",
    "current_text",
    "give",
    "note_spoken",
    "of",
    "publish_text",
    "shown",
    "withdraw",
]
