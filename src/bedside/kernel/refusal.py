"""How the house says no: with a slug that stays, facts that help, and what is possible instead."""

from typing import ClassVar

Value = str | int | bool | None


class Refused(Exception):
    """A request that the rules do not allow. Expected, journaled, and answered in plain words.

    The slug names the sentence in the catalogues; the docstring of each refusal is for developers.
    """

    slug: ClassVar[str] = "refused"
    status: ClassVar[str] = "refused"
    """refused | forbidden | invalid | not-found | conflict | unavailable: the web turns it into a status code."""

    def __init__(self, *, can: tuple[str, ...] = (), **facts: Value) -> None:
        self.facts: dict[str, Value] = dict(facts)
        self.can = can
        super().__init__(self.slug)


class NotFromHere(Refused):
    """The visit is not in a state from which this verb leads anywhere."""

    slug = "not-from-here"
    status = "conflict"


class NotYourPart(Refused):
    """The verb leads on from here, but not for somebody in this part."""

    slug = "not-your-part"
    status = "forbidden"


class NotFound(Refused):
    """Not there, or not this actor's to see: both look the same."""

    slug = "not-found"
    status = "not-found"


class Unfit(Refused):
    """The request is not of the form that is taken here, or holds a character or number that cannot be kept."""

    slug = "invalid"
    status = "invalid"


class Conflict(Refused):
    """Somebody else changed it first, and trying again did not settle it."""

    slug = "conflict"
    status = "conflict"


class Unavailable(Refused):
    """A part of the house that is needed for an answer is down. Never answered as if there were nothing."""

    slug = "unavailable"
    status = "unavailable"


class Busy(Unavailable):
    """Too many wanted the same thing in one moment. Nothing of this was done; in a moment it will work."""

    slug = "busy"
