"""A unit of work: one transaction, one actor, one reading of the clock.

    async with work:
        visit = await actions.check_in(work, id, …)
        return work.reply(201, views.done(visit))

Order inside, and why: (1) BEGIN and say on whose behalf; (2) claim the idempotency key, so that a repeat waits for
the first and then gets its answer; (3) the caller locks, decides, settles; (4) the kept answer; (5) what was read, and
the deadlines, each in one order for all; (6) LAST the pending journal entries, so that their numbers follow the order
of the row locks; (7) COMMIT. A crash before COMMIT leaves
nothing of it, a crash after leaves all: state, deadlines, answer and record. There is no act without its entry.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import msgspec

from bedside.journal.again import meaning
from bedside.journal.house import House
from bedside.journal.once import Once, claim, keep
from bedside.journal.record import RequestRefused
from bedside.journal.windows import keep_readings
from bedside.kernel import (
    Actor,
    Deadline,
    Disclosure,
    Fact,
    Instant,
    Outcome,
    Refused,
    Unavailable,
    canonical,
    uuid7,
)
from bedside.store import PATIENCE, PoolUnavailable, Queries, StoreFailure, translated

Q = Queries(__file__)
T = TypeVar("T")
Save = Callable[["Work", Any], Awaitable[None]]


class Work:
    """One transaction on behalf of one actor. May be entered again afterwards: a new transaction, a new reading."""

    now: Instant

    def __init__(self, house: House, actor: Actor, once: Once | None = None) -> None:
        self.house = house
        self.actor = actor
        self.once = once
        self.now = house.clock.now()
        self._own_key: Any = None
        self._connection: Any = None
        self._transaction: Any = None
        self._reset()

    def _reset(self) -> None:
        self._entries: list[tuple[UUID, bytes, int | None]] = []
        self._disclosures: list[tuple[Disclosure, UUID | None]] = []
        self._deadlines: dict[tuple[str, UUID], Deadline] = {}
        self._answer: tuple[int, bytes, UUID | None] | None = None
        self.refused_as: Callable[[Refused], Fact] | None = None
        """How a refusal of this work stands on record, where it has a name of its own."""

    @property
    def org(self) -> UUID:
        """The organization inside which everything here happens."""
        return self.actor.org

    @property
    def vault(self) -> Any:
        """Where values are sealed and opened."""
        return self.house.vault

    def new_id(self) -> UUID:
        """A fresh id: time-ordered, saying nothing else."""
        return uuid7(int(self.now.timestamp() * 1000), self.house.chance(10))

    async def seal(self, value: Any, *, key: UUID, at: str, row: UUID) -> Any:
        """Seal a value for its place in this organization."""
        return await self.house.vault.seal(value, key=key, org=self.org, at=at, row=row)

    # --- the transaction

    async def __aenter__(self) -> Self:
        self._reset()
        self.now = self.house.clock.now()
        pool = self.house.database.app
        try:
            with translated():
                self._connection = await pool.acquire(timeout=PATIENCE)
        except PoolUnavailable:
            raise Unavailable from None
        try:
            with translated():
                self._transaction = self._connection.transaction()
                await self._transaction.start()
                await self._connection.execute(Q.begin_as, str(self.org), str(self.actor.account))
            if self.once:
                self._own_key = await claim(self, self.once)
        except BaseException as error:  # noqa: BLE001 - whatever it was, the connection goes back first
            await self._leave(error)
            raise meaning(error) or error from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                if self.once:
                    await keep(self, self.once, self._own_key, *(self._answer or (204, b"null", None)))
                await self._put_on_record()
        except BaseException as late:  # noqa: BLE001 - not committed: nothing of it may stay
            await self._leave(late)
            raise meaning(late) or late from None
        try:
            await self._leave(error)
        except (PoolUnavailable, StoreFailure) as failed:
            raise meaning(failed) or failed from None
        if error is None:
            self._committed()
        elif isinstance(error, Refused):
            await self._record_refusal(error)
        elif why := meaning(error):
            raise why from None

    async def _leave(self, error: BaseException | None) -> None:
        """Commit or roll back, and give the connection back whatever happens."""
        connection, transaction = self._connection, self._transaction
        self._connection = self._transaction = None
        try:
            if transaction is not None:
                # Not asked first whether the line is open: a line that broke says so here, in words we understand.
                with translated():
                    await (transaction.commit() if error is None else transaction.rollback())
        except (PoolUnavailable, StoreFailure):
            if error is None:
                raise
        finally:
            # What was committed stays committed, also when the line breaks on the way back.
            with suppress(PoolUnavailable, StoreFailure), translated():
                await self.house.database.app.release(connection, timeout=PATIENCE)

    def _committed(self) -> None:
        for disclosure, _ in self._disclosures:
            disclosure.committed = True
        if self._entries:
            self.house.poke()

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Part of the work, which may fail alone: then its rows and its entries are as if it had not been tried."""
        entries, readings, deadlines = len(self._entries), len(self._disclosures), dict(self._deadlines)
        with translated():
            savepoint = self._connection.transaction()
            await savepoint.start()
        try:
            yield
        except BaseException:
            del self._entries[entries:], self._disclosures[readings:]
            self._deadlines = deadlines
            with translated():
                await savepoint.rollback()
            raise
        with translated():
            await savepoint.commit()

    # --- reading and writing, inside

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        """All rows of a query."""
        with translated():
            return await self._connection.fetch(sql, *values)

    async def row(self, sql: str, *values: Any) -> Any:
        """The first row of a query, or None."""
        with translated():
            return await self._connection.fetchrow(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        with translated():
            return await self._connection.fetchval(sql, *values)

    async def execute(self, sql: str, *values: Any) -> None:
        """Run a statement."""
        with translated():
            await self._connection.execute(sql, *values)

    # --- the verbs

    async def settle(self, outcome: Outcome, *, into: Save | None = None) -> None:
        """Make a decision true: rows, then deadlines; its facts are written last, when the work ends."""
        for change in outcome.changes:
            assert into is not None, "a change needs a store"
            await into(self, change)
        self._deadlines |= {(deadline.kind, deadline.ref): deadline for deadline in outcome.deadlines}
        for fact in outcome.facts:
            await self.tell(fact)

    async def tell(
        self, fact: Fact, *, id: UUID | None = None, seq: int | None = None, purpose: str | None = None
    ) -> UUID:
        """Put a fact on record. Returns its journal id. `purpose`: what for, where its kind alone does not say.

        `seq`: the number under which it is pending, taken already (after the lock that it must follow); without one,
        the next one is taken when the work ends.
        """
        id = id or self.new_id()
        entry = canonical(fact, id=id, actor=self.actor, at=self.now, session=self.actor.session, purpose=purpose)
        self._entries.append((id, entry, seq))
        if bump := self.house.revokes.get(type(fact).__name__):
            await bump(self, fact)
            # Heard at COMMIT by every node, which then judges its sockets anew. Authority never waits for numbering.
            await self.execute(Q.revoked)
        return id

    async def disclose(
        self, patients: Iterable[UUID], *, consultation: UUID | None = None, purpose: str = "TREAT"
    ) -> Disclosure:
        """Put a reading on record; what it covers may be opened once this work has committed."""
        disclosure = Disclosure(self.actor.account, frozenset(patients), purpose)
        self._disclosures.append((disclosure, consultation))
        return disclosure

    def reply(self, status: int, answer: T, *, ref: UUID | None = None) -> T:
        """The answer, kept in the same transaction so that a repeat gets the very same."""
        self._answer = (status, msgspec.json.encode(answer), ref)
        return answer

    @property
    def last_entry(self) -> UUID | None:
        """The journal id of the latest fact told in this work."""
        return self._entries[-1][0] if self._entries else None

    # --- the order at the end

    async def _put_on_record(self) -> None:
        """What all works write into the same few tables, each in one order, so that none waits for one that waits."""
        readings = {
            (patient, disclosure.purpose, visit)
            for disclosure, visit in self._disclosures
            for patient in disclosure.patients
        }
        if readings:
            await keep_readings(self, readings)
        if self._deadlines:
            rows = ((*key, deadline.due, deadline.version) for key, deadline in sorted(self._deadlines.items()))
            await self.execute(Q.keep_deadlines, self.org, *map(list, zip(*rows, strict=True)))
        await self._write_entries()

    async def _write_entries(self) -> None:
        numbered = [entry for entry in self._entries if entry[2] is not None]
        others = [entry for entry in self._entries if entry[2] is None]
        for sql, pending in ((Q.pend_at, numbered), (Q.pend, others)):
            if pending:
                ids, entries, seqs = map(list, zip(*pending, strict=True))
                await self.execute(sql, self.org, ids, entries, *([seqs] if pending is numbered else []))

    async def _record_refusal(self, refusal: Refused) -> None:
        """A refusal is an entry too: one per principal, code and minute, in a transaction of its own."""
        if isinstance(refusal, Unavailable):
            return
        named = self.refused_as and self.refused_as(refusal)
        fact = named or RequestRefused(subject=self.actor.account, code=refusal.slug)
        code = f"{fact.kind} {refusal.slug}" if named else refusal.slug
        later = Work(self.house, self.actor)
        async with later:
            minute = later.now.replace(second=0, microsecond=0)
            if await later.value(Q.count_refusal, self.org, self.actor.account, code, minute) == 1:
                await later.tell(fact)
