"""Law 7. PHI stays inside: marked words go through a whole visit and are looked for everywhere they must not be.

Looked for: every column of every table, the database's files and log, the keystore's files, every notice, every error
body, every log line. And the other way round: where the words belong, they are found, and so is each planted canary.
"""

import ast
import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

import bedside
from care.hands import announced, value
from clinic import DEVICE, Clinic, Person

GIVEN, FAMILY, BORN = "Zanzibarella", "Quetzalcoatl", date(1931, 4, 5)
WHERE = {"place": "77 Cockatrice Row, unit 9", "callback": "+43 555 0199887"}
SAID, SUMMARY = "My kumquat has a rash.", "Two spoons of kumquatamide before sleep."
CANARIES = [GIVEN, FAMILY, BORN.isoformat(), "Cockatrice", "0199887", "kumquat"]
PLANTED = "Xylobabbler"
SOURCE = Path(bedside.__file__).parent


def found_in(raw: bytes, canaries: Iterable[str] = CANARIES) -> set[str]:
    """The canaries that sing in these bytes."""
    return {canary for canary in canaries if canary.encode() in raw}


@dataclass
class Ears:
    """What left the house: every answer, every log line."""

    answers: list[httpx.Response] = field(default_factory=list[httpx.Response])
    logged: list[Any] = field(default_factory=list[Any])

    def bodies(self, *, errors: bool) -> bytes:
        chosen = [answer for answer in self.answers if (answer.status_code >= 400) == errors]
        return b"\n".join(answer.content + repr(answer.headers).encode() for answer in chosen)


@asynccontextmanager
async def listening(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Ears]:
    """Hear every answer and every log line, of ours and of every library, at every level."""
    ears = Ears()

    async def note(answer: httpx.Response) -> None:
        await answer.aread()
        ears.answers.append(answer)

    clinic.http.event_hooks["response"].append(note)
    with capture_logs() as logged, caplog.at_level("DEBUG"):
        yield ears
    ears.logged = [*logged, *(record.getMessage() for record in caplog.records), caplog.text]


async def test_marked_words_stay_inside(
    clinic: Clinic, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    async with listening(clinic, caplog) as ears:
        patient = await clinic.patient(GIVEN, FAMILY, born=BORN)
        osei, desk = await clinic.provider(), await clinic.desk()
        visit = await a_whole_visit(clinic, patient, osei, desk)
        await everything_that_goes_wrong(clinic, patient, osei, visit)
        structlog.get_logger().warning("control", seen="a log line that is heard")
    await clinic.journal()

    assert found_in(ears.bodies(errors=False)) == set(CANARIES), "the marked words did go through the visit"
    assert len([answer for answer in ears.answers if answer.status_code >= 400]) > 15
    assert found_in(ears.bodies(errors=True)) == set()

    assert "a log line that is heard" in repr(ears.logged)
    assert any(line.get("event") == "bug" for line in ears.logged if isinstance(line, dict)), "a bug was provoked"
    assert found_in(repr(ears.logged).encode()) == set()
    assert found_in("".join(capfd.readouterr()).encode()) == set()

    notices, words = [], []
    for one in await announced(clinic):
        (words if one.frame["t"] == "m" else notices).append(repr(one).encode())
    assert len(notices) > 20
    assert found_in(b"".join(notices)) == set()
    assert found_in(b"".join(words)) == {"kumquat"}, "what is said is heard by those who take part"

    assert await tables_with_canaries(clinic) == {}
    await clinic.owner.execute("insert into department values ($1, gen_random_uuid(), $2)", clinic.org, PLANTED)
    assert await tables_with_canaries(clinic, [PLANTED]) == {"department.name": {PLANTED}}, "a planted one is found"

    for file in (tmp_path / "data").rglob("*"):
        if file.is_file():
            assert found_in(file.read_bytes()) == set(), file


async def a_whole_visit(clinic: Clinic, patient: Person, osei: Person, desk: Person) -> UUID:
    """From the consent to the summary, with everybody looking at everything."""
    visit = await clinic.book(patient, osei)
    await patient.consents(visit=visit)
    await patient.do(visit, "check-in", WHERE)
    await patient.do(visit, "device-check", DEVICE)
    for person in (patient, osei):
        await person.here()
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    for person in (osei, patient):
        await person.do(visit, "enter", {})
    await clinic.settle()
    for person in (osei, patient):
        await person.do(visit, "grant")
    await patient.do(visit, "messages", {"content": SAID}, key="the-same-key-twice")
    await patient.do(visit, "messages", {"content": SAID}, key="the-same-key-twice")
    for person in (patient, osei, desk):
        await person.see(visit)
        await person.get(f"/consultations/{visit}/messages")
        await person.get("/notifications")
    await desk.get(f"/departments/{clinic.department}/queue")
    await osei.get("/waiting-room")
    await osei.do(visit, "end")
    await osei.do(visit, "complete", {"summary": SUMMARY, "followUp": True})
    await patient.see(visit)
    return visit


async def everything_that_goes_wrong(clinic: Clinic, patient: Person, osei: Person, visit: UUID) -> None:
    """Requests that are refused, unreadable, or meet a bug of ours, each with marked words in hand."""
    other = await clinic.book(patient, osei)
    paths = [f"/consultations/{other}/{verb}" for verb in ("check-in", "complete", "cancel", "messages", "reschedule")]
    bodies: list[Any] = [
        WHERE | {"callback": "kumquat"},
        WHERE | {FAMILY: GIVEN},
        {"summary": SUMMARY, "followUp": "kumquat"},
        {"content": SAID * 1000},
        {"content": SAID, "id": "kumquat"},
        {"reason": SAID},
        [SAID],
    ]
    for path in paths:
        for body in bodies:
            await patient.raw("POST", path, body)
            await osei.raw("POST", path, body)
    headers = {"authorization": f"Bearer {patient.token}", "idempotency-key": "kumquat-kumquat"}
    await clinic.http.post(f"/api/v1{paths[0]}", content=f'{{"place": "{SAID}'.encode(), headers=headers)
    await clinic.http.post("/api/v1/sessions", json={"link": SAID})
    # A bug: the statement that would keep the place fails with the place in hand.
    await clinic.owner.execute("alter table consultation_place rename to elsewhere")
    assert (await patient.raw("POST", paths[0], WHERE)).status_code == 500
    await clinic.owner.execute("alter table elsewhere rename to consultation_place")
    # A constraint that quotes the row it refuses.
    await clinic.owner.execute("alter table consultation_place add constraint never check (false) not valid")
    assert (await patient.raw("POST", paths[0], WHERE)).status_code == 500
    await clinic.owner.execute("alter table consultation_place drop constraint never")


async def tables_with_canaries(clinic: Clinic, wanted: Iterable[str] = CANARIES) -> dict[str, set[str]]:
    """Every column of every table in which a canary stands in plain."""
    columns = await clinic.owner.fetch(
        "select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t"
        " using (table_schema, table_name) where c.table_schema = 'public' and t.table_type = 'BASE TABLE'"
    )
    assert len(columns) > 150
    sings: dict[str, set[str]] = {}
    for table, column in columns:
        rows = await clinic.owner.fetch(f'select "{column}" as value from "{table}" where "{column}" is not null')
        values = b"\n".join(v if isinstance(v := row["value"], bytes) else str(v).encode() for row in rows)
        if canaries := found_in(values, wanted):
            sings[f"{table}.{column}"] = canaries
    return sings


async def test_nothing_of_it_reaches_the_databases_files(clinic: Clinic, capfd: pytest.CaptureFixture[str]) -> None:
    """The heap, the write-ahead log and the server's own log, as somebody who takes the disk away would read them."""
    patient, osei, desk = await clinic.patient(GIVEN, FAMILY, born=BORN), await clinic.provider(), await clinic.desk()
    visit = await a_whole_visit(clinic, patient, osei, desk)
    await everything_that_goes_wrong(clinic, patient, osei, visit)
    await clinic.owner.execute("checkpoint")
    home = Path(await value(clinic, "show data_directory"))
    number = await value(clinic, "select oid::text from pg_database where datname = current_database()")
    read = await asyncio.to_thread(bytes_of, [home / "base" / number, home / "pg_wal", *home.parent.glob("*.log*")])
    assert b"Petra Novak" in read, "a colleague's name is no secret, and stands there"
    assert b"database system is ready" in read, "the server's log was read too"
    assert found_in(read) == set()
    capfd.readouterr()


def bytes_of(places: list[Path]) -> bytes:
    """Everything in these files and folders."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return b"\n".join(file.read_bytes() for file in files)


# --- by reading the code

MAY_REVEAL = "views.py"


def reveals(code: str) -> int:
    """How often this code opens a value for good."""
    return sum(
        isinstance(node, ast.Attribute) and node.attr in ("reveal", "_Phi__value") for node in ast.walk(ast.parse(code))
    )


def test_values_are_revealed_in_views_alone() -> None:
    found = {str(file.relative_to(SOURCE)): n for file in SOURCE.rglob("*.py") if (n := reveals(file.read_text()))}
    assert found
    assert {path for path in found if not (path.startswith("care/") and path.endswith(f"/{MAY_REVEAL}"))} == set()
    assert reveals("name.reveal()") == reveals("show(card.name.reveal)") == 1
