"""Audit: what the journal answers to those whom it concerns. First of all: who looked at me?"""

from bedside.care.audit.actions import answer, ask
from bedside.care.audit.views import AccessView, Asked, OpenQuestion, looks, open_looks, open_questions, questions

__all__ = [
    "AccessView",
    "Asked",
    "OpenQuestion",
    "answer",
    "ask",
    "looks",
    "open_looks",
    "open_questions",
    "questions",
]
