"""The clinic as the live socket knows it: who is there, what may be heard, done, announced. Judged in the database."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import structlog

from bedside.care import availability, consultation, messages, people
from bedside.journal import House, Once, Replay, Work, persist
from bedside.kernel import Actor, Busy, NotFound, Role, Unavailable
from bedside.realtime import registry
from bedside.realtime.interfaces import (
    Cursor,
    Ended,
    Epochs,
    Heard,
    Json,
    Pair,
    Principal,
)
from bedside.store import Queries, translated

Q = Queries(__file__)
log = structlog.get_logger("bedside.realtime")


def actor_of(who: Principal) -> Actor:
    """The person behind a socket, as the rest of the house knows them."""
    return Actor(org=who.org, account=who.account, role=Role(who.role), session=who.session)


class ClinicAuthority:
    """Who is there, and what may they hear."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def authenticate(self, *, cookie: str | None, bearer: str | None) -> Principal | None:
        """The session behind this secret."""
        known = await people.recognise(self.house, bearer or cookie or "")
        return known and self._principal(known.actor, known.idle_until, known.ends_at, known.epoch)

    async def standing(self, who: Principal) -> Principal | Ended:
        """The session now. An open page of somebody who waits, is seen or is on duty is no idle page."""
        async with Work(self.house, actor_of(who)) as work:
            row = await people.standing(work, who.session)
            if row is None or row["disabled_at"] is not None:
                return Ended.ACCOUNT
            if row["idle_until"] is None or row["ends_at"] <= work.now:
                return Ended.SESSION
            if row["idle_until"] <= work.now:
                return Ended.IDLE
        return self._principal(actor_of(who), row["idle_until"], row["ends_at"], row["epoch"])

    async def touch(self, who: Principal) -> Principal | Ended:
        """The person did something."""
        async with Work(self.house, actor_of(who)) as work:
            await people.touch(work)
        return await self.standing(who)

    async def may_hear(self, who: Principal, topic: str) -> Heard:
        """Judge one topic, with the epochs of the same snapshot."""
        async with Work(self.house, actor_of(who)) as work:
            asked = await registry.resolve(work, topic)
            row = asked and await work.row(Q.may_hear, who.org, who.account, asked.kind, asked.id)
        if asked is None or row is None or not row["ok"]:
            return Heard(ok=False, canonical=topic)
        return Heard(
            ok=True,
            canonical=str(asked),
            consultation=asked.id if asked.kind == "consultation" else None,
            content=bool(row["content"]),
            account_epoch=row["account_epoch"],
            consultation_epoch=row["consultation_epoch"],
        )

    async def head(self, org: UUID) -> Cursor:
        """The journal's last committed number."""
        async with Work(self.house, Actor.system(org)) as work:
            row = await work.row(Q.head, org)
        return Cursor(row["era"], row["n"])

    async def epochs(self, pairs: Sequence[Pair]) -> Mapping[Pair, Epochs]:
        """All pairs in one query."""
        orgs, accounts, visits = zip(*pairs, strict=True) if pairs else ((), (), ())
        with translated():
            async with self.house.database.app.acquire(timeout=2) as connection:
                rows = await connection.fetch(Q.epochs_of, list(orgs), list(accounts), list(visits), timeout=2)
        return {
            (row["org"], row["account"], row["consultation"]): Epochs(row["account_epoch"], row["consultation_epoch"])
            for row in rows
        }

    @staticmethod
    def _principal(actor: Actor, idle_until: Any, ends_at: Any, epoch: int) -> Principal:
        assert actor.session is not None
        return Principal(actor.org, actor.account, str(actor.role), actor.session, idle_until, ends_at, epoch)


class ClinicActs:
    """What a person does over the socket."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def do(self, who: Principal, op: str, id: UUID, body: Json) -> Json:
        """Once, under the frame's id; a repeat gets the first answer."""
        if op == "typing":
            return {"entry": None}  # kept nowhere, so nothing is asked of the database
        said = {name: value for name, value in sorted(body.items()) if name not in ("conn", "device")}
        digest = hmac.digest(self.house.secret("idempotency"), repr(said).encode(), hashlib.sha256)
        repeatable = op in ("enter", "leave")
        work = Work(self.house, actor_of(who), None if repeatable else Once(str(id), f"do {op}", digest))

        async def act() -> Json:
            async with work:
                return work.reply(200, await self._perform(work, op, id, body))

        try:
            return await persist(self.house.chance, act)
        except Replay as before:
            return msgspec.json.decode(before.answer, type=dict[str, Any])
        except Busy:
            raise Unavailable from None  # on the wire, what means "not now" has one name

    async def _perform(self, work: Work, op: str, id: UUID, body: Json) -> Json:
        visit = _uuid(body.get("consultation"))
        match op:
            case "send":
                entry, seq = await messages.send(work, visit, id=id, content=_text(body.get("content")))
                return {"entry": str(entry), "seq": seq}
            case "edit":
                content = _text(body.get("content"))
                version = await messages.edit(work, visit, _uuid(body.get("message")), content=content)
                return {"entry": str(work.last_entry), "version": version}
            case "delete":
                version = await messages.delete(work, visit, _uuid(body.get("message")))
                return {"entry": str(work.last_entry), "version": version}
            case "read":
                up_to = body.get("upTo")
                await messages.read(work, visit, up_to=up_to if isinstance(up_to, int) else 0)
            case "enter":
                await consultation.enter(
                    work, visit, connection=_uuid(body.get("conn")), device=str(body.get("device"))[:64]
                )
            case "leave":
                await consultation.leave(work, visit)
            case _:
                raise NotFound
        return {"entry": str(work.last_entry) if work.last_entry else None}


class ClinicPresence:
    """A page that beats is here."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._whose: dict[UUID, Principal] = {}

    async def beat(self, who: Principal, conn: UUID, device: str) -> None:
        """Here. Waiting for a visit, being in one, being on duty: all of it counts as being there."""
        self._whose[conn] = who
        try:
            await persist(self.house.chance, partial(self._here, who, conn, device))
        except Unavailable:
            self.house.since = self.house.clock.now()  # deaf until now: silence so far proves nothing
            raise

    async def _here(self, who: Principal, conn: UUID, device: str) -> None:
        async with Work(self.house, actor_of(who)) as work:
            await availability.beat(work, connection=conn, device=device[:64])
            await availability.beat_session(work)
            await people.touch(work)

    async def gone(self, conn: UUID) -> None:
        """The page closed."""
        who = self._whose.pop(conn, None)
        if who is not None:
            await persist(self.house.chance, partial(self._gone, who, conn))

    async def _gone(self, who: Principal, conn: UUID) -> None:
        async with Work(self.house, actor_of(who)) as work:
            entered = await availability.gone(work, connection=conn)
            if entered:
                await consultation.fell_silent(work, entered)


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise messages.MessageUnfit
    return value
