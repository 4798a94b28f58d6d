"""What the live socket needs from the rest of the house, and nothing more.

Realtime knows topics, sockets and numbers; it does not know visits. Whoever composes the program supplies
these six: who is there (`Authority`), what may be done (`Acts`), what was announced (`Feed`), who is present
(`Presence`), how a refusal is worded (`Explain`), what time it is (`Clock`). Any method may raise anything
on an outage: realtime then holds its tongue, tries again, and after five seconds closes with 4004.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import msgspec

Json = dict[str, Any]
"""One JSON object: members in camelCase, values that JSON knows (ids and instants already as text)."""


class Principal(msgspec.Struct, frozen=True):
    """The person at the other end of a socket, as the session says."""

    org: UUID
    account: UUID
    role: str
    session: UUID
    idle_until: datetime
    ends_at: datetime
    epoch: int


class Ended(StrEnum):
    """Why a session that was good is good no longer."""

    SESSION = "session-ended"  # signed out, absolute limit, revoked → 4100
    IDLE = "idle"  # → 4101
    REPLACED = "session-replaced"  # → 4102
    ACCOUNT = "account-disabled"  # → 4201
    ORGANIZATION = "organization-closed"  # → 4203


class Heard(msgspec.Struct, frozen=True):
    """One verdict: may this person hear this topic, and under which epochs was that judged.

    The epochs must come from the same snapshot as the verdict. Read later, they would hide a change that
    fell between, and a right withdrawn in that instant would never be noticed.
    """

    ok: bool
    canonical: str  # the topic's own name; an address of the ledger resolves to it
    consultation: UUID | None = None  # the consultation whose epoch bears on this topic
    content: bool = False  # may hear what is said (chat), not only that something moved
    account_epoch: int = 0
    consultation_epoch: int | None = None


class Cursor(msgspec.Struct, frozen=True):
    """A place in one organization's journal. A new era (after a restore) makes old numbers meaningless."""

    era: UUID
    n: int


class Announcement(msgspec.Struct, frozen=True):
    """One journal entry as one topic hears it; an entry for three topics is three of these, same n.

    `frame` holds all members but `n` and `topic`, which realtime adds: {"t": "n", "kind": …, …} or
    {"t": "m", …} for what was said. `to` names the accounts disclosed to at commit: only they get it.
    """

    n: int
    topic: str
    frame: Json
    consultation: UUID | None = None
    to: frozenset[UUID] | None = None  # None: everyone on the topic


class Stretch(msgspec.Struct, frozen=True):
    """A run of the journal, read in order: everything announced with after < n ≤ upto.

    `upto` is the highest number scanned, announced or not; with nothing new it equals `after`.
    `entries` counts the rows scanned. If it is not upto − after, the journal has a gap and clients resync.
    """

    era: UUID
    after: int
    upto: int
    entries: int
    announcements: Sequence[Announcement]


Pair = tuple[UUID, UUID, UUID | None]
"""Organization, account, consultation (none for what hangs on the account alone)."""


class Epochs(msgspec.Struct, frozen=True):
    """Two counters that move whenever a verdict might."""

    account: int
    consultation: int | None


class Authority(Protocol):
    """Who is there, and what may they hear. Judged inside the database, anew each time."""

    async def authenticate(self, *, cookie: str | None, bearer: str | None) -> Principal | None:
        """The session behind this secret, if it lives. `cookie` is the value of `__Host-bedside`."""
        ...

    async def standing(self, who: Principal) -> Principal | Ended:
        """The session now: with its renewed limits, or why it is over.

        Called when a limit seems reached and when the account's epoch moved. Waiting for or being in a
        visit counts as activity, so an idle limit may well have moved on.
        """
        ...

    async def touch(self, who: Principal) -> Principal | Ended:
        """The person did something on the socket (`do`): renews the idle limit. At most once a minute."""
        ...

    async def may_hear(self, who: Principal, topic: str) -> Heard:
        """Judge one topic. Unknown, malformed and not visible are the same: ok=False."""
        ...

    async def head(self, org: UUID) -> Cursor:
        """The journal's last committed number and its era."""
        ...

    async def epochs(self, pairs: Sequence[Pair]) -> Mapping[Pair, Epochs]:
        """All pairs in one query. A pair that is missing from the answer is gone."""
        ...


class Acts(Protocol):
    """What a person does over the socket: send, read, typing, enter, leave."""

    async def do(self, who: Principal, op: str, id: UUID, body: Json) -> Json:
        """Perform once; a repeat of `id` gets the first answer after authority is checked again.

        `body` is the frame without t, id and op, plus `conn` and `device` (both text) set by the server.
        Answers only after COMMIT: {"entry": journal id, …}. Raises the domain's refusals.
        """
        ...


class Feed(Protocol):
    """What the journal announces."""

    async def read(self, org: UUID, after_n: int, limit: int) -> Stretch:
        """At most `limit` journal entries after `after_n`, in order of n."""
        ...


class Presence(Protocol):
    """Here: a page of this person was heard of within 120 s."""

    async def beat(self, who: Principal, conn: UUID, device: str) -> None: ...

    async def gone(self, conn: UUID) -> None:
        """The socket closed: this connection is neither here nor in a room any more."""
        ...


Explain = Callable[[Exception], Json | None]
"""A refusal as its problem object {"type", "title", "status", "can", …}; None for anything that is a bug."""

Sleep = Callable[[float], Awaitable[None]]


class Clock(Protocol):
    """Time as it is told to us. `ticks` only ever goes forward (seconds); `now` is what the wall says."""

    def now(self) -> datetime: ...

    def ticks(self) -> float: ...
