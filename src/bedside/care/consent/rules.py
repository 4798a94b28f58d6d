"""What may be decided, and what follows."""

from typing import Any
from uuid import UUID

from bedside.care.consent.model import ConsentGiven, ConsentRefused, ConsentRevoked, Consents, Decision
from bedside.kernel import Outcome


def decide(decision: Decision, consents: Consents, consultation: UUID | None = None) -> Outcome:
    """A yes or a no to a text that was shown. A no after a yes takes the yes back."""
    about: dict[str, Any] = {"subject": decision.patient, "patient": decision.patient, "consultation": consultation}
    if decision.granted:
        told = ConsentGiven(
            **about,
            type=decision.type,
            consent_ref=decision.id,
            version=decision.version,
            text_sha256=decision.text_sha256.hex(),
        )
    elif consents.cover(decision.type, at=decision.at):
        told = ConsentRevoked(**about, type=decision.type, consent_ref=decision.id)
    else:
        told = ConsentRefused(
            **about,
            type=decision.type,
            consent_ref=decision.id,
            version=decision.version,
            text_sha256=decision.text_sha256.hex(),
        )
    return Outcome(changes=(decision,), facts=(told,))
