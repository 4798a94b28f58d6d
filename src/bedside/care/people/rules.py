"""Who may come in by a patient's link without being asked, and how long wrong answers make the door rest."""

from datetime import timedelta

from bedside.care.people.model import BirthDateNeeded, BirthDateWrong

FREE_ANSWERS = 4
LONGEST_REST = timedelta(hours=1)


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
