"""The harness: a real clinic in this process, with the clock in the test's hand. Tests read like the requirement.

Nothing runs by itself: `await clinic.settle()` numbers what is pending, lets the readers hear it and keeps what is due,
until all is quiet. So a test is the same every time.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from bedside import app
from bedside.care import consent, consultation, people
from bedside.care.appointments import Appointment
from bedside.care.people import Name
from bedside.config import Settings
from bedside.crypto import SqliteKeystore
from bedside.journal import Work
from bedside.kernel import Actor, Role
from bedside.store import Database

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ZONE = "Europe/Vienna"
TEXT = "You and the clinician see and hear each other. Nothing is recorded."
WHERE = {"place": "14 Quay Lane, flat 3", "callback": "+43 555 0142"}
DEVICE = {"camera": "works", "microphone": "works", "connection": "works"}


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self, at: datetime = NINE) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def ticks(self) -> float:
        return self.at.timestamp()


class Refusal(Exception):
    """An answer that is a problem: its slug is what tests name."""

    def __init__(self, answer: httpx.Response) -> None:
        self.problem: dict[str, Any] = answer.json()
        self.status = answer.status_code
        self.type: str = self.problem["type"]
        super().__init__(f"{self.status} {self.type}: {self.problem['title']}")


@contextmanager
def problem(slug: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block is refused, with this slug."""
    with pytest.raises(Refusal) as refused:
        yield refused
    assert refused.value.type == slug, refused.value.problem


@dataclass(slots=True)
class Person:
    """Somebody with a session, and hands: requests go over real HTTP handling."""

    clinic: "Clinic"
    account: UUID
    role: Role
    name: str
    token: str
    patient: UUID | None = None

    async def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """The parsed answer; a problem is raised as `Refusal`."""
        answer = await self.raw(method, path, body, key=key)
        if answer.status_code >= 400:
            raise Refusal(answer)
        return answer.json() if answer.content else None

    async def raw(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """The answer as it came."""
        headers = {"authorization": f"Bearer {self.token}"}
        if method != "GET":
            headers["idempotency-key"] = key or uuid4().hex
        return await self.clinic.http.request(method, f"/api/v1{path}", json=body, headers=headers)

    async def get(self, path: str) -> Any:
        return await self.ask("GET", path)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        return await self.ask("POST", path, body, key=key)

    async def do(self, visit: UUID, verb: str, body: Any = None, *, key: str | None = None) -> Any:
        """A verb of a visit, by its path name: `check-in`, `call-in`, …"""
        return await self.post(f"/consultations/{visit}/{verb}", body, key=key)

    async def see(self, visit: UUID) -> Any:
        """The visit as this person sees it."""
        return await self.get(f"/consultations/{visit}")

    async def consents(self, *, granted: bool = True, type: str = "telehealth", visit: UUID | None = None) -> Any:
        """Decide on the text in use."""
        text = await self.get(f"/consent-texts/{type}")
        decision = {"type": type, "granted": granted, "textSha256": text["sha256"]}
        return await self.post(
            f"/patients/{self.patient}/consents", decision | ({"consultation": str(visit)} if visit else {})
        )

    async def here(self) -> None:
        """A page of this person is open now."""
        async with Work(self.clinic.house, self.actor) as work:
            from bedside.care import availability

            await availability.beat(work, connection=self.account, device="test")

    async def gone(self) -> None:
        """That page closes."""
        async with Work(self.clinic.house, self.actor) as work:
            from bedside.care import availability

            entered = await availability.gone(work, connection=self.account)
            if entered:
                await consultation.fell_silent(work, entered)

    async def enters(self, visit: UUID) -> None:
        """Go into the room with the page that is open."""
        async with Work(self.clinic.house, self.actor) as work:
            await consultation.enter(work, visit, connection=self.account, device="test")

    @property
    def actor(self) -> Actor:
        return Actor(org=self.clinic.org, account=self.account, role=self.role)


@dataclass(slots=True)
class Clinic:
    """The clinic under test."""

    running: app.Running
    clock: HandClock
    http: httpx.AsyncClient
    owner: asyncpg.Connection
    org: UUID
    department: UUID
    people: dict[str, Person] = field(default_factory=dict[str, Person])

    @property
    def house(self) -> Any:
        return self.running.house

    @property
    def system(self) -> Actor:
        return Actor.system(self.org)

    def work(self, actor: Actor | None = None) -> Work:
        """A unit of work, as the house or as somebody."""
        return Work(self.house, actor or self.system)

    # --- people

    async def patient(self, given: str = "Amara", family: str = "Okafor", *, born: date = date(1955, 2, 3)) -> Person:
        """A patient with a session."""
        id = self.work().new_id()
        key = await self.house.vault.mint(self.org, "patient", id, "record")
        async with self.work() as work:
            account = await people.register_patient(
                work, id=id, record_key=key, name=Name(given, family), born=born, language="en"
            )
        return await self._signed_in(account, Role.PATIENT, f"{given} {family}", patient=id)

    async def staff(self, name: str, role: Role, *, department: UUID | None = None) -> Person:
        """A colleague with a session. A provider is available at once."""
        async with self.work() as work:
            account = await people.hire(
                work, name=name, role=role, department=department or self.department, specialty="General practice"
            )
        person = await self._signed_in(account, role, name)
        if role is Role.PROVIDER:
            await person.ask("PUT", "/availability", {"status": "available"})
        return person

    async def provider(self, name: str = "Dr. Kwame Osei") -> Person:
        return await self.staff(name, Role.PROVIDER)

    async def desk(self, name: str = "Petra Novak") -> Person:
        return await self.staff(name, Role.FRONT_DESK)

    async def _signed_in(self, account: UUID, role: Role, name: str, *, patient: UUID | None = None) -> Person:
        async with self.work() as work:
            secret = await people.issue_link(
                work, account=account, role=role, expires_at=self.clock.at + timedelta(days=2)
            )
        answer = await self.http.post("/api/v1/sessions", json={"link": secret})
        assert answer.status_code == 201, answer.text
        person = Person(self, account, role, name, answer.json()["token"], patient)
        self.people[name] = person
        return person

    # --- visits

    async def book(
        self, patient: Person, provider: Person | None, *, minutes: int = 10, department: UUID | None = None
    ) -> UUID:
        """A visit that begins so many minutes from now."""
        visit = self.work().new_id()
        record = await self.house.vault.mint(self.org, "consultation", visit, "record")
        transient = await self.house.vault.mint(self.org, "consultation", visit, "transient")
        assert patient.patient is not None
        async with self.work() as work:
            appointment = Appointment(
                id=work.new_id(),
                patient=patient.patient,
                provider=provider.account if provider else None,
                department=department or self.department,
                starts_at=work.now + timedelta(minutes=minutes),
                zone=ZONE,
                minutes=20,
            )
            await consultation.schedule(work, appointment, id=visit, record_key=record, transient_key=transient)
        return visit

    async def waiting(self, patient: Person, provider: Person | None) -> UUID:
        """A visit whose patient consented, checked in, passed the device check and is here."""
        visit = await self.book(patient, provider)
        await patient.consents()
        await patient.do(visit, "check-in", WHERE)
        await patient.do(visit, "device-check", DEVICE)
        await patient.here()
        return visit

    async def connecting(self, patient: Person, provider: Person) -> UUID:
        """… and who was called in."""
        visit = await self.waiting(patient, provider)
        await provider.do(visit, "call-in", {"identityConfirmed": True})
        return visit

    async def in_progress(self, patient: Person, provider: Person) -> UUID:
        """… and both are in the room."""
        visit = await self.connecting(patient, provider)
        await provider.here()
        await provider.enters(visit)
        await patient.enters(visit)
        await self.settle()
        assert await self.state(visit) == "in-progress"
        return visit

    async def wrapping_up(self, patient: Person, provider: Person) -> UUID:
        """… and the visit was ended."""
        visit = await self.in_progress(patient, provider)
        await provider.do(visit, "end")
        return visit

    async def state(self, visit: UUID) -> str:
        """The stored state."""
        return str(await self.owner.fetchval("select state from consultation where id = $1", visit))

    # --- time

    async def settle(self) -> None:
        """Number, hear and keep until nothing is left to do."""
        for _ in range(50):
            done = await self.running.sequencer.number()
            for reader in self.running.readers:
                done += await reader.read()
            done += await self.running.timekeeper.keep()
            if not done:
                return
        raise AssertionError("the clinic does not come to rest")

    async def later(self, *, stay: bool = True, **span: float) -> None:
        """Time passes; open pages go on beating and sessions live, unless `stay` is false. What falls due is done."""
        self.clock.at += timedelta(**span)
        if stay:
            await self.owner.execute(
                "update session set idle_until = $1, ends_at = $2",
                self.clock.at + timedelta(minutes=15),
                self.clock.at + timedelta(hours=12),
            )
            await self.owner.execute("update connection set seen_at = $1", self.clock.at)
        await self.settle()

    # --- the record

    async def journal(self) -> list[dict[str, Any]]:
        """The journal as (n, kind, action, actor, patient, consultation, entry), numbered."""
        await self.running.sequencer.number()
        return [
            dict(row) for row in await self.owner.fetch("select * from journal where org = $1 order by n", self.org)
        ]

    async def actions(self) -> list[str]:
        """The acts on record, in order."""
        return [entry["action"] for entry in await self.journal()]


@cache
def _application() -> Any:
    """Built once for all tests, as building takes longer than most of them; each clinic takes it over."""
    return app.build(Settings(data=Path(), mode="production"))


@asynccontextmanager
async def open_clinic(database: str, data: Path, passwords: dict[str, str]) -> AsyncIterator[Clinic]:
    """Open a clinic on a migrated database, with a department and a consent text, and nobody in it."""
    clock = HandClock()
    async with SqliteKeystore(data / "keystore", root=b"r" * 32) as keystore:
        pools = await Database.connect(database, passwords, most=8)
        owner = await asyncpg.connect(database)
        try:
            house = app.furnish(pools, keystore, clock)
            # The house opened long ago, so that silence proves an absence.
            house.since = clock.now() - timedelta(hours=1)
            running = app.assemble(house, Settings(data=data, mode="production"), built=_application())
            transport = httpx.ASGITransport(running.asgi, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
                org = uuid4()
                department = await _found(house, org)
                yield Clinic(running, clock, http, owner, org, department)
        finally:
            await owner.close()
            await pools.close()


async def _found(house: Any, org: UUID) -> UUID:
    await house.vault.found(org)
    own_key = await house.vault.mint(org, "organization", org, "organization")
    async with Work(house, Actor.system(org)) as work:
        await people.found_clinic(
            work,
            name="Fernhollow Clinic",
            zone=ZONE,
            jurisdiction="AT",
            languages=["en", "es"],
            emergency_number="112",
            own_key=own_key,
        )
        for type in ("telehealth", "data-sharing", "recording"):
            await consent.publish_text(work, type=type, version=1, language="en", body=TEXT)
        return await people.open_department(work, name="General practice")
