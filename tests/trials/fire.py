"""People who do not give up, what they were told, and the audit of it.

Whoever gets no answer asks again under the same key until there is one. An answer is a promise: what was answered must
be there, once, whatever was killed in between.
"""

import asyncio
import hashlib
import itertools
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from bedside import app
from bedside.config import Settings
from bedside.crypto import SqliteKeystore
from bedside.kernel import Entry
from bedside.store import Database
from bedside.store.migrate import ROLES
from bedside_client import Bedside
from clinic import DEVICE, WHERE, Person
from journeys.house import OpenClinic, WallClock, settled, until
from trials.machine import Machine

PAUSE = 0.04


@asynccontextmanager
async def inside(machine: Machine) -> AsyncIterator[OpenClinic]:
    """Our own hands in the machine's database, to book visits; let go before anything is killed."""
    async with SqliteKeystore(machine.data / "keystore") as keystore:
        passwords = {role: urlsafe_b64encode(keystore.derive(f"database role {role}")).decode() for role in ROLES}
        database = await Database.connect(machine.dsn, passwords, most=4)
        try:
            running = app.assemble(app.furnish(database, keystore, WallClock()), Settings(data=machine.data))
            async with settled(running, machine.dsn, machine.url) as clinic:
                yield clinic
        finally:
            await database.close()


@dataclass(slots=True)
class Told:
    """What people were told is done."""

    messages: dict[UUID, str] = field(default_factory=dict[UUID, str])
    """By message, its journal entry."""
    steps: dict[tuple[UUID, str], str] = field(default_factory=dict[tuple[UUID, str], str])
    """By visit and verb, its journal entry."""
    unanswered: int = 0
    replayed: int = 0
    odd: list[str] = field(default_factory=list[str])
    """Answers that an outage should not give."""
    refused: list[str] = field(default_factory=list[str])

    def __len__(self) -> int:
        return len(self.messages) + len(self.steps)


@dataclass(slots=True)
class Crowd:
    """Several people at once, each with a line of their own."""

    urls: list[str]
    """The servers; who gets no answer from one asks another."""
    org: UUID
    speakers: list[tuple[str, UUID]]
    """Tokens, and the visits in which they talk: the last one over the socket, the others over HTTP."""
    doctor: str
    """The token of who listens to all of them."""
    arrivals: list[tuple[str, UUID]]
    """Tokens, and the visits for which they check in."""
    told: Told = field(default_factory=Told)
    heard: list[UUID] = field(default_factory=list[UUID])
    """Messages as they came to the doctor's feed, in order."""
    resyncs: int = 0
    cut: list[str] = field(default_factory=list[str])
    """What ended the doctor's feed, or took a visit out of it, which nothing here should."""
    _ear: asyncio.Task[None] | None = None
    going: bool = True
    _turn: Iterator[int] = field(default_factory=itertools.count)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    @classmethod
    async def gather(
        cls, clinic: OpenClinic, *, speakers: int, arrivals: int, urls: list[str] | None = None
    ) -> "Crowd":
        """People with their visits; the speakers are checked in and may talk."""
        doctor = await clinic.provider()
        people = [await clinic.patient("Amara", f"Okafor {at}") for at in range(speakers)]
        for person in people:
            await person.consents()
        talking = [(person.token, await clinic.book(person, doctor)) for person in people]
        for person, (_, visit) in zip(people, talking, strict=True):
            await person.do(visit, "check-in", WHERE)
            for each in (person, doctor):
                await each.do(visit, "grant")

        async def book(person: Person) -> tuple[str, UUID]:
            return person.token, await clinic.book(person, None)

        due = [await book(people[at % speakers]) for at in range(arrivals)]
        return cls(urls or [clinic.url], clinic.org, talking, doctor.token, due)

    async def start(self) -> None:
        """Everybody begins, once the doctor listens."""
        *over_http, over_socket = self.speakers
        acts: list[Coroutine[Any, Any, None]] = [self._speak(token, visit) for token, visit in over_http]
        acts += [self._say(*over_socket), self._arrive(), self._arrive()]
        listening = asyncio.Event()
        self._ear = asyncio.create_task(self._listen(listening))
        await asyncio.wait_for(listening.wait(), 20)
        self.going, self._tasks = True, [asyncio.create_task(act) for act in acts]

    async def has_heard(self, answers: int) -> None:
        """Wait until so many things were answered."""

        async def enough() -> bool:
            return len(self.told) >= answers

        await until(enough, within=60, every=0.005)

    async def stop(self) -> None:
        """Nobody begins anything new; who waits for an answer gets it, and who listens hears the last word."""
        self.going = False
        await asyncio.wait_for(asyncio.gather(*self._tasks), 90)

        async def all_heard() -> bool:
            return self.told.messages.keys() <= set(self.heard)

        with suppress(AssertionError):
            await until(all_heard, within=90)
        if self._ear:
            if self._ear.done():
                self.cut.append(repr(self._ear.exception()))
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)

    async def _listen(self, listening: asyncio.Event) -> None:
        topics = [f"consultation.{visit}" for _, visit in self.speakers]
        async with Bedside(self.urls[0], self.doctor, chance=lambda: 0.1) as me, me.live(topics) as feed:
            await feed.welcomed()
            listening.set()
            async for event in feed:
                if event.t == "m":
                    self.heard.append(UUID(event.frame["id"]))
                elif event.t in ("gone", "bye", "warn"):
                    self.cut.append(str(event.frame))
                self.resyncs += event.t == "resync"

    async def _say(self, token: str, visit: UUID) -> None:
        async with Bedside(self.urls[-1], token, chance=lambda: 0.1) as me, me.live([f"consultation.{visit}"]) as feed:
            while self.going:
                id = uuid4()
                done = await feed.send(str(visit), f"It still hurts, {id}", id=str(id))
                self.told.messages[id] = done["entry"]
                await asyncio.sleep(0.25)  # five a second are let through

    async def _speak(self, token: str, visit: UUID) -> None:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            while self.going:
                id = uuid4()
                body = {"id": str(id), "content": f"It still hurts, {id}"}
                answer = await self._surely(http, token, f"/consultations/{visit}/messages", body, str(id))
                if answer:
                    self.told.messages[id] = answer["entry"]

    async def _arrive(self) -> None:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            while self.going and self.arrivals:
                token, visit = self.arrivals.pop()
                for verb, body in (("check-in", WHERE), ("device-check", DEVICE)):
                    answer = await self._surely(http, token, f"/consultations/{visit}/{verb}", body, uuid4().hex)
                    if answer:
                        self.told.steps[visit, verb] = answer["entry"]
                await asyncio.sleep(PAUSE)

    async def _surely(self, http: httpx.AsyncClient, token: str, path: str, body: Any, key: str) -> Any:
        headers = {"authorization": f"Bearer {token}", "idempotency-key": key}
        while True:
            url = self.urls[next(self._turn) % len(self.urls)]
            try:
                answer = await http.post(f"{url}/api/v1{path}", json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is None or answer.status_code >= 500:
                # 500 is no answer either: whether it was done, nobody knows. And it should not have been said.
                self.told.unanswered += 1
                if answer is not None and answer.status_code != 503:
                    self.told.odd.append(f"{answer.status_code} {answer.text[:200]}")
                await asyncio.sleep(PAUSE)
                continue
            self.told.replayed += answer.headers.get("idempotent-replay") == "true"
            if answer.status_code >= 400:
                self.told.refused.append(f"{answer.status_code} {answer.text[:200]}")
                await asyncio.sleep(PAUSE)
                return None
            return answer.json()


@dataclass(slots=True)
class Findings:
    """What is wrong. All of it should be nothing."""

    lost: list[str]
    doubled: list[str]
    gaps: int
    leaves: int
    orphans: list[str]

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.gaps or self.leaves or self.orphans)


async def audit(dsn: str, crowd: Crowd) -> Findings:
    """Hold what people were told against rows and journal."""
    owner = await asyncpg.connect(dsn)
    try:
        await until(lambda: _numbered(owner), within=30)
        journal = await owner.fetch("select n, id, entry, leaf from journal where org = $1 order by n", crowd.org)
        head = await owner.fetchval("select n from journal_head where org = $1", crowd.org)
        said = {row["id"] for row in await owner.fetch("select id from message where org = $1", crowd.org)}
        visits = {
            row["id"]: (row["state"], row["version"])
            for row in await owner.fetch("select id, state, version from consultation where org = $1", crowd.org)
        }
    finally:
        await owner.close()
    entries = [Entry.read(row["entry"]) for row in journal]
    acts = Counter((entry.action, entry.on["id"]) for entry in entries)
    steps = Counter(entry.on["id"] for entry in entries if "before" in entry.refs)
    told, ids = crowd.told, {str(row["id"]) for row in journal}
    lost = [f"message {id}" for id, entry in told.messages.items() if entry not in ids or id not in said]
    lost += [
        f"{verb} {id}"
        for (id, verb), entry in told.steps.items()
        if entry not in ids or visits[id][0] not in ("checked-in", "waiting")
    ]
    spoken = {id for action, id in acts if action == "SEND_MESSAGE"}
    return Findings(
        lost=lost,
        doubled=[f"{action} {id}" for (action, id), times in acts.items() if times > 1 and action in ONCE]
        + [f"message {id}" for id in said - told.messages.keys()],
        gaps=sum(row["n"] != at for at, row in enumerate(journal, 1)) + (head != len(journal)),
        leaves=sum(hashlib.sha256(b"\0" + row["entry"]).digest() != row["leaf"] for row in journal),
        orphans=[f"message {id}" for id in spoken.symmetric_difference(map(str, said))]
        + [f"visit {id}" for id, (_, version) in visits.items() if steps[str(id)] != version],
    )


ONCE = {"SEND_MESSAGE", "CHECK_IN", "PASS_DEVICE_CHECK", "SCHEDULE"}


async def _numbered(owner: asyncpg.Connection) -> bool:
    return await owner.fetchval("select count(*) from journal_pending") == 0
