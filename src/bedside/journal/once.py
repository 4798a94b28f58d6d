"""A change is done once: its key is claimed in the transaction that does it, and the answer kept in the same."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid5

from bedside.journal.house import House
from bedside.kernel import Actor, Instant, NotFound, Refused, Unavailable
from bedside.store import Queries, StoreFailure

Q = Queries(__file__)


@dataclass(frozen=True, slots=True)
class Once:
    """A repeat of the same request under the same key gets the first answer; another body under it is refused."""

    key: str
    route: str
    body_hmac: bytes


class KeyReused(Refused):
    """An idempotency key came back with another request."""

    slug = "key-reused"
    status = "conflict"


class Replay(Exception):
    """This request was done before. Carries the first answer; nothing is done again."""

    def __init__(self, status: int, answer: bytes, ref: UUID | None) -> None:
        self.status = status
        self.answer = answer
        self.ref = ref
        super().__init__("replayed")


class Doing(Protocol):
    """What is needed of the work in whose transaction this happens."""

    house: House
    actor: Actor
    now: Instant

    async def row(self, sql: str, *values: Any) -> Any:
        """The first row."""
        ...

    async def value(self, sql: str, *values: Any) -> Any:
        """The first value."""
        ...

    async def execute(self, sql: str, *values: Any) -> None:
        """Run it."""
        ...


async def claim(work: Doing, once: Once) -> UUID:
    """Take the key. A repeat waits for the first to end, and then gets its answer, if it may still see the thing.

    Returns the id of the organization's own key, which will seal the answer.
    """
    org, account = work.actor.org, work.actor.account
    try:
        claimed = await work.value(Q.claim_key, org, account, once.key, once.route, once.body_hmac, work.now)
    except StoreFailure as failure:
        if failure.sqlstate == "55P03":  # the first still runs and may yet succeed: ask again, do not say it failed
            raise Unavailable from None
        raise
    if claimed:
        return claimed
    kept = await work.row(Q.kept_answer, org, account, once.key)
    if kept is None or not kept["reachable"]:
        raise NotFound
    if kept["route"] != once.route or kept["body_hmac"] != once.body_hmac:
        raise KeyReused
    row = uuid5(account, once.key)
    answer = await work.house.vault.open_own(kept["answer"], org=org, at="idempotency.answer", row=row)
    raise Replay(kept["status"], answer, kept["ref"])


async def keep(work: Doing, once: Once, key: UUID, status: int, raw: bytes, ref: UUID | None) -> None:
    """Keep the answer, sealed: it may hold a token."""
    org, account = work.actor.org, work.actor.account
    row = uuid5(account, once.key)
    sealed = await work.house.vault.seal_own(raw, key=key, org=org, at="idempotency.answer", row=row)
    await work.execute(Q.keep_answer, org, account, once.key, status, ref, sealed)
