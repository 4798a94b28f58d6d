"""Any screen with every piece of text that a person could have written made hostile."""

from collections.abc import Callable
from types import SimpleNamespace as View
from typing import Any

from web.people import HOSTILE


def hostile(thing: Any) -> Any:
    """The same views with every piece of text that a person could have written made hostile."""
    written = {
        "name",
        "patient_name",
        "given_name",
        "provider_name",
        "provider_specialty",
        "place",
        "callback",
        "body",
        "summary",
        "sender_name",
        "clinic_name",
        "department_name",
        "specialty",
        "title",
        "back",
        "clinic_phone",
        "emergency_number",
        "words",
        "answer",
    }
    if isinstance(thing, View):
        return View(**{k: _hostile_field(k, v, written, hostile) for k, v in vars(thing).items()})
    if isinstance(thing, dict):
        return {k: _hostile_field(k, v, written, hostile) for k, v in thing.items()}
    if isinstance(thing, list):
        return [hostile(item) for item in thing]
    return thing


def _hostile_field(name: str, value: Any, written: set[str], deeper: Callable[[Any], Any]) -> Any:
    if name == "mistakes":  # our own slugs, never a person's words
        return value
    return HOSTILE if name in written and isinstance(value, str) else deeper(value)
