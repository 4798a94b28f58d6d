"""What the protocol asks of the world, as values. The shell performs them in the order given.

Some (`Judge`, `Replay`, `Perform`, …) go out and come back later as another input; the shell does those of
one socket one after another, so that what a person says is done in the order in which it was said.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from bedside.realtime.wire import Close


class Send(Struct, frozen=True):
    """Put a frame on the socket's queue. `topic` names what must be purged if the right to it ends."""

    text: str
    topic: str | None = None


class Shut(Struct, frozen=True):
    """End the socket. What waits for topics is dropped; what is said to this client itself still goes."""

    code: Close


class Judge(Struct, frozen=True):
    """Ask the authority about each topic; answer with `judged`. `r` is None for those of the hello."""

    topics: tuple[str, ...]
    r: int | None = None


class Join(Struct, frozen=True):
    """Be a member of these topics from the hub's head on; answer with `joined` before all else."""

    topics: tuple[str, ...]
    r: int | None = None


class Part(Struct, frozen=True):
    """Be a member of this topic no longer."""

    topic: str


class Purge(Struct, frozen=True):
    """Forget every frame of this topic that has not left yet."""

    topic: str


class Replay(Struct, frozen=True):
    """Fetch what was announced with since ≤ n ≤ upto; answer with `replayed`."""

    since: int
    upto: int


class Perform(Struct, frozen=True):
    """Do this in the domain; answer with `done` or `refused`."""

    id: UUID
    op: str
    body: dict[str, Any]


class Present(Struct, frozen=True):
    """This person's page was heard of."""


class Touch(Struct, frozen=True):
    """This person did something: the session's idle limit moves."""


class Standing(Struct, frozen=True):
    """A limit of the session is reached: nothing leaves until somebody knows what it is now (`stands`)."""


class Room(Struct, frozen=True):
    """This socket went into the visit's room, or left it."""

    topic: str
    inside: bool


class Seat(Struct, frozen=True):
    """This person began to take part in the visit, or no longer does: others see them come or go."""

    topic: str
    taken: bool


class Whisper(Struct, frozen=True):
    """Tell the others on the topic something that is kept nowhere (typing)."""

    topic: str
    text: str


ToTopic = Part | Purge | Room | Seat | Whisper
Effect = Send | Shut | Judge | Join | Replay | Perform | Present | Touch | Standing | ToTopic
