"""Requests made from the API's own description, well formed and not, in the hands of everybody who works here."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from clinic import DEVICE, TEXT, WHERE, Clinic, Person
from journeys.hostile import MARKER, wrong_with

load_all_checks()
HELD_AGAINST: Any = CHECKS.get_by_names([
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header",
])  # fmt: skip
CALM = settings(
    database=None,
    phases=[Phase.generate],
    suppress_health_check=tuple(HealthCheck),  # pyright: ignore[reportArgumentType]
    deadline=None,
    print_blob=False,
)
INSIDE = ("Traceback", "asyncpg", "psycopg", "litestar", ".py", "site-packages", "select ", "insert into", "SQLSTATE")
"""Words that an answer to a stranger never holds."""


async def schema_of(clinic: Clinic) -> Any:
    """What the clinic says of itself."""
    return schemathesis.openapi.from_dict((await clinic.http.get("/api/schema/openapi.json")).json())


def cases(schema: Any, *, each: int, number: int) -> Iterator[Case[Any]]:
    """For every operation `each` requests as they should be, and as many as they should not."""
    for operation in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            yield from _drawn(operation.ok().as_strategy(generation_mode=mode), each, number)


def _drawn(strategy: Any, each: int, number: int) -> list[Case[Any]]:
    made: list[Case[Any]] = []

    @seed(number)
    @settings(CALM, max_examples=each)
    @given(strategy)
    def draw(case: Case[Any]) -> None:
        made.append(case)

    draw()
    return made


SENSE: dict[str, list[Any]] = {
    **{name: [value] for name, value in (WHERE | DEVICE).items()},
    "reason": ["cannot-come", "clinic", "not-now", "other", None],
    "content": ["It still hurts."],
    "summary": ["Rest for two days."],
    "identityConfirmed": [True],
    "anyway": [True],
    "device": ["phone"],
    "type": ["telehealth", "recording"],
    "granted": [True],
    "textSha256": [hashlib.sha256(TEXT.encode()).hexdigest()],
    "startsAt": ["2026-03-16T15:00:00Z"],
    "consultation": [None],
    "upTo": [0, 1],
}
"""By member, what somebody would say who meant it."""


@dataclass(slots=True)
class Stage:
    """A clinic in which something is always going on, so that requests meet visits in every state."""

    clinic: Clinic
    chance: Random
    people: list[Person] = field(default_factory=list[Person])
    visits: list[UUID] = field(default_factory=list[UUID])
    statuses: Counter[int] = field(default_factory=Counter[int])

    @classmethod
    async def open(cls, clinic: Clinic, chance: Random) -> "Stage":
        stage = cls(clinic, chance, [await clinic.patient(), await clinic.provider(), await clinic.desk()])
        await stage.people[0].consents()
        return stage

    async def renew(self) -> None:
        """Four visits of today: planned, checked in, waiting, called in. Whoever was signed out comes in again."""
        self.people = [await self._signed_in(person) for person in self.people]
        amara, osei, _ = self.people
        await self.people[0].raw("POST", f"/patients/{amara.patient}/consents", await self._yes())
        await osei.raw("PUT", "/availability", {"status": "available"})
        self.visits = [await self.clinic.book(amara, osei) for _ in range(4)]
        await amara.here()
        for at, visit in enumerate(self.visits):
            for verb, body in (("check-in", WHERE), ("device-check", DEVICE))[:at]:
                await amara.raw("POST", f"/consultations/{visit}/{verb}", body)
        await osei.raw("POST", f"/consultations/{self.visits[3]}/call-in", {"identityConfirmed": True, "anyway": True})
        await amara.raw("POST", f"/consultations/{self.visits[3]}/grant")

    async def _signed_in(self, person: Person) -> Person:
        if (await person.raw("GET", "/me")).status_code == 200:
            return person
        return await self.clinic._signed_in(person.account, person.role, person.name, patient=person.patient)

    async def _yes(self) -> Any:
        text = await self.people[0].get("/consent-texts/telehealth")
        return {"type": "telehealth", "granted": True, "textSha256": text["sha256"]}

    async def ask(self, case: Case[Any]) -> list[str]:
        """Send it as each of three people and now and then as nobody; what is wrong with the answers."""
        wrong = [said for who in self.people if (said := await self._ask(case, who))]
        if case.operation.path.endswith("/sessions/end"):
            self.people = [await self._signed_in(person) for person in self.people]
        return wrong

    async def _ask(self, case: Case[Any], who: Person) -> str | None:
        made = self._aimed(case)
        headers = {str(name): value.encode("latin-1", "replace") for name, value in made.headers.items()}
        headers = {name: value for name, value in headers.items() if name.lower() not in ("authorization", "cookie")}
        if self.chance.random() < 0.95:
            headers["authorization"] = f"Bearer {who.token}".encode()
        if "Idempotency-Key" in made.headers and is_right(case):
            headers["Idempotency-Key"] = uuid4().hex.encode()
        answer = await self.clinic.http.request(made.method, made.url, content=made.body or b"", headers=headers)
        self.statuses[answer.status_code] += 1
        return judged(case, answer)

    def _aimed(self, case: Case[Any]) -> Any:
        """Ids that are there, more often than not; and of what is well formed half makes sense."""
        if is_right(case) and isinstance(case.body, dict) and self.chance.random() < 0.5:
            case.body = {name: self.chance.choice(SENSE.get(name, [value])) for name, value in case.body.items()}
        if "type" in case.path_parameters and is_right(case):
            case.path_parameters["type"] = self.chance.choice(["telehealth", "recording", case.path_parameters["type"]])
        if is_uuid(case.path_parameters.get("id")) and self.chance.random() < 0.8:
            path = case.operation.path
            there = self.people[0].patient if "/patients/" in path else self.clinic.department
            case.path_parameters["id"] = str(self.chance.choice(self.visits) if "consultations" in path else there)
        plain = case.as_transport_kwargs(base_url="http://127.0.0.1")
        names = ("method", "url", "headers", "params", "json", "data", "files", "cookies")
        return requests.Request(**{name: plain[name] for name in names if plain.get(name) is not None}).prepare()


def is_right(case: Case[Any]) -> bool:
    """Whether it was made as it should be."""
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


def is_uuid(text: object) -> bool:
    """Whether this names a thing that could be there."""
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False


def judged(case: Case[Any], answer: httpx.Response) -> str | None:
    """Against the description, and against what no answer may be like."""
    said = wrong_with(answer)
    if said is None and answer.status_code >= 400:
        said = next((f"tells of {word!r}" for word in INSIDE if word in answer.text), None)
    try:
        case.validate_response(answer, checks=HELD_AGAINST)
    except FailureGroup as found:
        said = said or " ".join(str(each) for each in found.exceptions)
    if said is None:
        return None
    body = case.body if isinstance(case.body, str | dict | list | int | float | bool | None) else "?"
    about = json.dumps(body, default=str)[:200]
    return f"{case.method} {urlsplit(str(answer.url)).path} {about} -> {answer.status_code}: {said[:600]}"


__all__ = ["MARKER", "Stage", "cases", "judged", "schema_of"]
