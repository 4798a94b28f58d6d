"""A machine follows its table: who, from where, unless what."""

from dataclasses import dataclass
from typing import Any

import pytest

from bedside.kernel import Arrow, Machine, NotFromHere, NotYourPart, Party, Refused
from bedside.kernel.actor import Role


@dataclass
class Thing:
    state: str
    queue_entry: object = None


class Raining(Refused):
    slug = "raining"


class Late(Refused):
    slug = "late"


def it_rains(thing: Thing, given: dict[str, bool]) -> Refused | None:
    return Raining() if given.get("rain") else None


def it_is_late(thing: Thing, given: dict[str, bool]) -> Refused | None:
    return Late() if given.get("late") else None


def arrow(source: str, verb: str, target: str, *by: Party, unless: Any = (), entry: bool | None = None) -> Arrow:
    return Arrow(source=source, verb=verb, target=target, by=frozenset(by), unless=unless, entry=entry)


DOOR = Machine(
    "door",
    "shut",
    [
        arrow("shut", "open", "open", Party.DESK, unless=(it_rains,)),
        arrow("shut", "open", "ajar", Party.PROVIDER, unless=(it_is_late, it_rains)),
        arrow("open", "shut", "shut", Party.DESK, Party.PROVIDER),
        arrow("open", "lock", "locked", Party.DESK, entry=True),
        arrow("open", "bolt", "locked", Party.DESK, entry=False),
    ],
)


def test_states_and_verbs_come_from_the_table() -> None:
    assert DOOR.states == ("shut", "open", "ajar", "locked")
    assert DOOR.verbs == ("open", "shut", "lock", "bolt")


def test_one_verb_may_lead_elsewhere_for_another_party() -> None:
    assert DOOR.follow(Thing("shut"), "open", by={Party.DESK}, given={}) == "open"
    assert DOOR.follow(Thing("shut"), "open", by={Party.PROVIDER}, given={}) == "ajar"


def test_who_is_two_parties_goes_where_either_may() -> None:
    both = {Party.DESK, Party.PROVIDER}
    assert DOOR.follow(Thing("shut"), "open", by=both, given={"late": True}) == "open"
    with pytest.raises(Raining):
        DOOR.follow(Thing("shut"), "open", by=both, given={"rain": True})


def test_the_first_reason_is_told_with_what_is_possible() -> None:
    with pytest.raises(Late) as refused:
        DOOR.follow(Thing("shut"), "open", by={Party.PROVIDER}, given={"late": True, "rain": True})
    assert (refused.value.facts["state"], refused.value.can) == ("shut", ())
    with pytest.raises(NotFromHere) as lost:
        DOOR.follow(Thing("open", object()), "open", by={Party.DESK}, given={})
    assert lost.value.can == ("shut", "lock")


def test_from_nowhere_comes_before_for_nobody() -> None:
    with pytest.raises(NotFromHere):
        DOOR.follow(Thing("locked"), "open", by={Party.PATIENT}, given={})
    with pytest.raises(NotYourPart):
        DOOR.follow(Thing("shut"), "open", by={Party.PATIENT}, given={})
    with pytest.raises(NotFromHere):
        DOOR.follow(Thing("shut"), "juggle", by={Party.DESK}, given={})


def test_an_entry_is_needed_or_forbidden_where_the_arrow_says_so() -> None:
    assert DOOR.possible(Thing("open", object()), by={Party.DESK}, given={}) == ("shut", "lock")
    assert DOOR.possible(Thing("open"), by={Party.DESK}, given={}) == ("shut", "bolt")


@pytest.mark.parametrize("role", Role)
def test_who_works_here(role: Role) -> None:
    staff = {Role.PROVIDER, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR}
    assert role.is_staff == (role in staff)
