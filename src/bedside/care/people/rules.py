"""What may stand on a patient's card; who may come in by a link without being asked, and how long wrong answers make
the door rest."""

import unicodedata
from datetime import timedelta

from bedside.care.people.model import BirthDateNeeded, BirthDateWrong, Contact, Name, NameUnfit
from bedside.kernel import Unfit

FREE_ANSWERS = 4
LONGEST_REST = timedelta(hours=1)
LONGEST_NAME, LONGEST_CONTACT = 100, 60
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what follows: a name must not make the line beside it read otherwise."""


def must_fit_a_card(name: Name, contact: Contact) -> None:
    """A name has a letter in it, and nothing that breaks a line or turns it round. Neither has a number."""
    for part in (name.given, name.family):
        if len(part) > LONGEST_NAME or not any(sign.isalpha() for sign in part) or not _is_plain(part):
            raise NameUnfit
    for part in (contact.phone, contact.mrn):
        if len(part) > LONGEST_CONTACT or not _is_plain(part):
            raise Unfit


def fits_a_door(text: str) -> bool:
    """What may be written on a door: a clinic's name, a department's, a colleague's."""
    return (
        text == text.strip() and len(text) <= LONGEST_NAME and any(sign.isalpha() for sign in text) and _is_plain(text)
    )


def _is_plain(text: str) -> bool:
    return not any(sign in _TURNING or unicodedata.category(sign) in _UNSEEN for sign in text)


def may_enter(*, policy: str, first: bool, known: bool, said_right: bool | None) -> None:
    """The first device comes in, and every one that came in before; a new one says the birth date."""
    if policy == "open" or first or known or said_right:
        return
    raise BirthDateNeeded if said_right is None else BirthDateWrong


def rest_after(wrong: int) -> timedelta:
    """Everybody mistypes. From the fifth wrong answer on, the door rests: a minute, two, four, at most an hour."""
    if wrong <= FREE_ANSWERS:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(wrong - FREE_ANSWERS - 1, 10)), LONGEST_REST)
