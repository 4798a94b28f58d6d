"""Whatever is sent over the API: taken as the plain words it is, or refused as a problem. Never a mistake of ours."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from clinic import DEVICE, WHERE, Clinic, Person
from journeys.hostile import BIDI, BODIES, HTML, MARKER, VALUES, wrong_with

Made = tuple[str, dict[str, Any]]
Step = tuple[str, dict[str, Any]]


@dataclass(slots=True)
class Request:
    """One thing to ask for. What was granted is used up: then another is made."""

    person: Person
    make: Callable[[], Awaitable[Made]]
    method: str = "POST"
    made: Made | None = field(default=None)

    async def fresh(self) -> Made:
        self.made = self.made or await self.make()
        return self.made

    async def send(self, body: bytes, **headers: str) -> str | None:
        """These very bytes; what is wrong with the answer."""
        path, _ = await self.fresh()
        answer = await send(self.person, self.method, path, body, **headers)
        if answer.is_success:
            self.made = None
        return wrong_with(answer)


async def send(person: Person, method: str, path: str, body: bytes, **headers: str) -> httpx.Response:
    """These very bytes."""
    usual = {
        "authorization": f"Bearer {person.token}",
        "content-type": "application/json",
        "idempotency-key": uuid4().hex,
    }
    return await person.clinic.http.request(method, f"/api/v1{path}", content=body, headers=usual | headers)


@pytest.fixture
async def requests(clinic: Clinic) -> dict[str, Request]:
    """Everything that can be asked for with a body, by its name."""
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    await amara.consents()
    text, at = await amara.get("/consent-texts/recording"), clinic.clock.at.isoformat()
    called = await clinic.connecting(amara, osei)
    await amara.do(called, "grant")

    def ask(person: Person, verb: str, body: dict[str, Any], *steps: Step) -> Request:
        async def make() -> Made:
            visit = await clinic.book(amara, osei)
            for step, said in steps:
                await amara.do(visit, step, said)
            return f"/consultations/{visit}/{verb}", body

        return Request(person, make)

    def of(person: Person, path: str, *, method: str = "POST", **body: Any) -> Request:
        async def make() -> Made:
            return path, body | ({"id": str(uuid4())} if path.endswith("messages") else {})

        return Request(person, make, method)

    arrive, ready, cancel = ("check-in", WHERE), ("device-check", DEVICE), ("cancel", {"reason": "cannot-come"})
    sheet: dict[str, Any] = {
        "type": "recording",
        "granted": True,
        "textSha256": text["sha256"],
        "consultation": str(called),
    }
    consents, room = f"/patients/{amara.patient}/consents", f"/consultations/{called}"
    return {
        "check-in": ask(amara, "check-in", WHERE),
        "device-check": ask(amara, "device-check", DEVICE | {"reason": "not-now"}, arrive),
        "reschedule": ask(amara, "reschedule", WHERE | {"startsAt": at}, arrive, cancel),
        "reopen": ask(amara, "reopen", {"startsAt": at}, cancel),
        "call-in": ask(osei, "call-in", {"identityConfirmed": True, "anyway": True}, arrive, ready),
        "cancel": ask(desk, "cancel", {"reason": "clinic"}),
        "complete": of(osei, f"{room}/complete", summary="x", followUp=True, reason="other"),
        "send-back": of(osei, f"{room}/send-back", reason="nonsense"),
        "enter": of(amara, f"{room}/enter", device="phone"),
        "messages": of(amara, f"{room}/messages", content="Hello"),
        "read": of(amara, f"{room}/messages/read", upTo=1),
        "consents": of(amara, consents, **sheet),
        "withdraw": of(amara, f"{consents}/recording/withdraw", consultation=str(called)),
        "sessions": of(amara, "/sessions", link="a-secret"),
        "availability": of(osei, "/availability", method="PUT", status="away"),
    }


def spelled(good: dict[str, Any], name: str, value: bytes) -> bytes:
    """The good body with these bytes for one member."""
    members = {each: json.dumps(said).encode() for each, said in good.items()} | {name: value}
    return b"{" + b",".join(json.dumps(each).encode() + b":" + said for each, said in members.items()) + b"}"


@pytest.mark.slow
@pytest.mark.parametrize("group", VALUES)
async def test_each_field_takes_anything(requests: dict[str, Request], group: str) -> None:
    """Every field of every request, each with every value of a group."""
    wrong: list[str] = []
    for verb, request in requests.items():
        for name in (await request.fresh())[1]:
            for what, value in VALUES[group].items():
                if said := await request.send(spelled((await request.fresh())[1], name, value)):
                    wrong.append(f"{verb}.{name} = {what}: {said}")
    assert not wrong, "\n" + "\n".join(sorted(wrong))


@pytest.mark.slow
@pytest.mark.parametrize("group", BODIES)
async def test_each_request_takes_any_body(requests: dict[str, Request], group: str) -> None:
    """Broken, deep, huge, of another kind."""
    wrong: list[str] = []
    for verb, request in requests.items():
        for what, body in BODIES[group].items():
            if said := await request.send(body):
                wrong.append(f"{verb} {what}: {said}")
    assert not wrong, "\n" + "\n".join(sorted(wrong))


async def test_the_same_member_twice_and_other_kinds_of_body(requests: dict[str, Request]) -> None:
    """A member that is there twice; JSON that calls itself something else."""
    wrong: list[str] = []
    for verb, request in requests.items():
        _, good = await request.fresh()
        first = next(iter(good))
        doubled = f'{{{json.dumps(first)}: "{MARKER}", {json.dumps(good)[1:]}'.encode()
        if said := await request.send(doubled):
            wrong.append(f"{verb} doubled: {said}")
        for kind in ("text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-msgpack"):
            _, good = await request.fresh()
            if said := await request.send(json.dumps(good).encode(), **{"content-type": kind}):
                wrong.append(f"{verb} as {kind}: {said}")
    assert not wrong, "\n" + "\n".join(sorted(wrong))


async def test_addresses_and_headers_take_anything(clinic: Clinic) -> None:
    """Ids, types, queries, keys and tokens that are none."""
    person = await clinic.patient()
    asked: list[tuple[str, str, dict[str, str]]] = [
        ("GET", f"/consent-texts/{odd}", {}) for odd in ("%00", "%ff", "..%2f..%2fetc", MARKER, "x" * 5000)
    ]
    asked += [("GET", f"/consent-texts/telehealth?language={odd}", {}) for odd in ("%00", "%ed%a0%80", "x" * 5000, "")]
    asked += [("GET", f"/consultations/{odd}", {}) for odd in (MARKER, "%00", UUID(int=0), "1", f"{uuid4()}%00")]
    asked += [("GET", f"/departments/{odd}/queue", {}) for odd in (MARKER, uuid4())]
    asked += [("POST", f"/patients/{person.patient}/consents/{odd}/withdraw", {}) for odd in ("%00", MARKER)]
    asked += [("POST", f"/consultations/{uuid4()}/{odd}", {}) for odd in ("check-in", "%00", MARKER, "__class__")]
    asked += [("DELETE", "/me", {}), ("PATCH", f"/consultations/{uuid4()}", {}), ("GET", f"/{MARKER}", {})]
    keys = ("", "short", "x" * 256, "x" * 255, "\x7f" * 9, "a\tb\tc\td\te", "ÿ" * 20, "'; drop table message; --")
    asked += [("POST", f"/consultations/{uuid4()}/cancel", {"idempotency-key": key}) for key in keys]
    tokens = ("", "Bearer", "Bearer  ", f"Bearer {MARKER}", "Bearer " + "x" * 5000, "Basic Og==", "Bearer ÿÿÿ")
    asked += [("GET", "/me", {"authorization": token}) for token in tokens]
    languages = ("ÿ;q=nan", "*;q=1e999", "," * 5000, "en;q=" + "9" * 500)
    asked += [("GET", "/me", {"accept-language": odd}) for odd in languages]
    wrong: list[str] = []
    for method, path, headers in asked:
        encoded: Any = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = await send(person, method, path, b"{}", **encoded)
        if said := wrong_with(answer):
            wrong.append(f"{method} {path[:80]} {str(headers)[:60]}: {said}")
    assert not wrong, "\n" + "\n".join(sorted(wrong))


async def test_one_message_id_is_one_message(clinic: Clinic) -> None:
    """A message's id comes again under another key, or from somebody else: refused, and nothing is said twice."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    for person in (amara, osei):
        await person.do(visit, "grant")
    body = {"content": "Good morning", "id": str(uuid4())}
    assert (await amara.raw("POST", f"/consultations/{visit}/messages", body)).status_code == 201
    for person in (amara, osei):
        answer = await person.raw("POST", f"/consultations/{visit}/messages", body | {"content": MARKER})
        assert wrong_with(answer) is None
        assert answer.status_code in (201, 409)
    assert await clinic.owner.fetchval("select count(*) from message") == 1


async def test_what_a_device_says_is_kept_in_known_words(clinic: Clinic) -> None:
    """A reason that is none of the list does not reach a column that everybody's backup can read."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await amara.raw("POST", f"/consultations/{visit}/device-check", DEVICE | {"reason": f"chest pain {MARKER}"})
    kept = await clinic.owner.fetchval("select device::text from consultation where id = $1", visit)
    assert MARKER not in (kept or "")


async def test_what_is_written_is_read_back_as_it_was(clinic: Clinic) -> None:
    """Every language, every sign, up to the last character; nothing is bent on the way."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await amara.do(visit, "grant")
    said = [
        "Ä ö ß €",
        "مرحبا بك",
        "你好，医生",
        "👩🏽\u200d⚕️🦆",
        HTML,
        BIDI.strip(),
        "a\nb\tc",
        "x" * 4000,
        "{n} **b** %s",
    ]
    for words in said:
        await amara.do(visit, "messages", {"content": words})
    assert [message["body"] for message in await amara.get(f"/consultations/{visit}/messages")] == said
    for words in ("", "   ", "x" * 4001, "a\0b"):
        answer = await amara.raw("POST", f"/consultations/{visit}/messages", {"content": words})
        assert answer.json()["type"] == "message-unfit"
