"""How the live socket says no, besides what the domain refuses."""

from bedside.kernel.refusal import Refused


class SlowDown(Refused):
    """More acts a second than a person makes. The client keeps the act and asks again after `after` ms."""

    slug = "slow-down"
    status = "unavailable"


class NotServed(Refused):
    """This operation is not done over the socket."""

    slug = "not-served"
    status = "invalid"


class TextNotValid(Refused):
    """The text holds a character that no record can keep (NUL)."""

    slug = "text-not-valid"
    status = "invalid"


class TooManyTopics(Refused):
    """One socket hears at most 64 topics."""

    slug = "too-many-topics"
    status = "refused"
