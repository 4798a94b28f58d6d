"""A state machine as a table: each row an arrow, each guard a named pure function that stands in the row.

The table is the one truth. Rules follow it, buttons and the API's `can` list it, the database holds its arrows,
the documentation draws it. Nothing about who may do what when is coded beside it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from bedside.kernel.actor import Party
from bedside.kernel.refusal import NotFromHere, NotYourPart, Refused

Guard = Callable[[Any, Any], Refused | None]
"""`(thing, situation)` → why not, or None. Pure; its name is its documentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one state, by one verb, to another: for whom, and unless what."""

    source: str
    verb: str
    target: str
    by: frozenset[Party]
    unless: tuple[Guard, ...] = ()
    entry: bool | None = None
    """The queue entry must exist before (True), must not (False), or does not matter (None)."""


class Machine:
    """All arrows of one kind of thing."""

    def __init__(self, name: str, start: str, arrows: Iterable[Arrow]) -> None:
        self.name = name
        self.start = start
        self.arrows = tuple(arrows)
        self.states = tuple(dict.fromkeys([start, *(s for a in self.arrows for s in (a.source, a.target))]))
        self.verbs = tuple(dict.fromkeys(a.verb for a in self.arrows))

    def follow(self, thing: Any, verb: str, *, by: Collection[Party], given: Any) -> str:
        """The state to which this verb leads, or the refusal that says why it does not."""
        here = [arrow for arrow in self._leaving(thing) if arrow.verb == verb]
        if not here:
            raise NotFromHere(state=str(thing.state), verb=verb, can=self.possible(thing, by=by, given=given))
        mine = [a for a in here if a.by.intersection(by)]
        if not mine:
            raise NotYourPart(state=str(thing.state), verb=verb, can=self.possible(thing, by=by, given=given))
        refusals: list[Refused] = []
        for arrow in mine:
            refusal = next(filter(None, (guard(thing, given) for guard in arrow.unless)), None)
            if refusal is None:
                return arrow.target
            refusals.append(refusal)
        refusals[0].facts.setdefault("state", str(thing.state))
        refusals[0].can = self.possible(thing, by=by, given=given)
        raise refusals[0]

    def possible(self, thing: Any, *, by: Collection[Party], given: Any) -> tuple[str, ...]:
        """The verbs that this party could use now, in the order of the table."""
        return tuple(
            dict.fromkeys(
                arrow.verb
                for arrow in self._leaving(thing)
                if arrow.by.intersection(by) and not any(guard(thing, given) for guard in arrow.unless)
            )
        )

    def _leaving(self, thing: Any) -> Iterable[Arrow]:
        """The arrows that lead away from where the thing is, with or without a queue entry as it has."""
        has_entry = thing.queue_entry is not None
        return (a for a in self.arrows if a.source == thing.state and a.entry in (None, has_entry))
