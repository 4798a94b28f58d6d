"""The hand-typed table (`tests/vectors/consultation.toml`) as cells and guards, and how to stand in one of them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bedside.care.consultation import rules
from bedside.care.consultation.model import Consultation, DeviceCheck, Place, Said, Situation, Times
from bedside.kernel import Actor, Outcome, Party, Role, Sealed

VECTOR = tomllib.loads((Path(__file__).parents[2] / "vectors/consultation.toml").read_text())
PARTIES: list[str] = VECTOR["parties"]
VERBS: list[str] = list(VECTOR["verb"])
CODES = {
    "SC": "scheduled",
    "CI": "checked-in",
    "WA": "waiting",
    "CO": "connecting",
    "IP": "in-progress",
    "WU": "wrapping-up",
    "DO": "completed",
    "CA": "cancelled",
    "NS": "no-show",
}
REFUSALS = {"no": "not-your-part", "--": "not-from-here"}
Given = dict[str, Any]

ORG, VISIT, APPOINTMENT, PATIENT, DEPARTMENT, OSEI, AALTO, ENTRY, KEY = (UUID(int=n) for n in range(1, 10))
STARTS_AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ZONE = "Europe/Vienna"
WHERE = Place(consultation=VISIT, place=Sealed(b"sealed"), callback=Sealed(b"sealed"), confirmed_at=STARTS_AT)
SUMMARY: Sealed[str] = Sealed(b"sealed")


@dataclass(frozen=True, slots=True)
class Cell:
    """One party, one verb, one place to stand: where it leads, or why it does not."""

    verb: str
    row: str
    party: str
    verdict: str

    @property
    def leads(self) -> bool:
        return self.verdict not in REFUSALS.values()


@dataclass(frozen=True, slots=True)
class GuardCase:
    """One guard with one thing changed: it refuses (`refusal`) or lets pass (None)."""

    verb: str
    row: str
    party: str
    given: tuple[tuple[str, Any], ...]
    refusal: str | None

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.given) or "all well"
        return f"{self.verb} from {self.row} by {self.party}: {told}"


def cells() -> Iterator[Cell]:
    """Every cell of the table."""
    for verb, table in VECTOR["verb"].items():
        _, *lines = table["cells"].strip("\n").splitlines()
        for line in lines:
            row, *codes = line.split()
            for party, code in zip(PARTIES, codes, strict=True):
                yield Cell(verb, row, party, REFUSALS.get(code) or CODES[code])


def cells_over_http() -> Iterator[Cell]:
    """What one request from outside leads to: as the table says, but where it may do two steps at once."""
    both = {
        (row["verb"], row["from"], party): REFUSALS.get(code) or CODES[code]
        for row in VECTOR["over-http"]
        for party, code in zip(PARTIES, row["cells"].split(), strict=False)
    }
    for cell in cells():
        if cell.party != "system":
            yield replace(cell, verdict=both.get((cell.verb, cell.row, cell.party), cell.verdict))


def guard_cases() -> Iterator[GuardCase]:
    """Every guard, both ways, for each party that it concerns."""
    for guard in VECTOR["guard"]:
        for row in guard["from"]:
            for party in guard["by"]:
                for changed in guard["refuses"]:
                    yield GuardCase(guard["verb"], row, party, tuple(changed.items()), guard["refusal"])
                for changed in guard["passes"]:
                    yield GuardCase(guard["verb"], row, party, tuple(changed.items()), None)


ROWS: list[str] = list(dict.fromkeys(cell.row for cell in cells()))


def state_of(row: str) -> str:
    """`cancelled+` and `cancelled-` are one state, with and without a queue entry."""
    return row.rstrip("+-") if row[-1] in "+-" else row


def standing(row: str, now: datetime) -> Consultation:
    """A visit in this row, as it would have come there by `now`."""
    state = state_of(row)
    arrived = state != "scheduled" and not row.endswith("-")
    visit = Consultation(
        id=VISIT,
        appointment=APPOINTMENT,
        patient=PATIENT,
        provider=OSEI,
        department=DEPARTMENT,
        starts_at=STARTS_AT,
        minutes=20,
        zone=ZONE,
        record_key=KEY,
        transient_key=KEY,
        state=state,
        version=7,
        epoch=7,
        queue_entry=ENTRY if arrived else None,
    )
    if arrived:
        since = now - timedelta(minutes=20)
        visit = replace(visit, checked_in_at=now - timedelta(minutes=21))
        if state != "checked-in":
            visit = replace(visit, waiting_since=since, rank_at=since)
        if state in ("connecting", "in-progress", "wrapping-up", "completed"):
            visit = replace(visit, called_at=now - timedelta(minutes=10))
        if state == "connecting":
            visit = replace(visit, room_until=now + timedelta(minutes=3))
        if state in ("in-progress", "wrapping-up", "completed"):
            visit = replace(visit, started_at=now - timedelta(minutes=9))
        if state in ("wrapping-up", "completed"):
            visit = replace(visit, ended_at=now - timedelta(minutes=1))
    if state in ("cancelled", "no-show", "completed"):
        visit = replace(visit, closed_at=now)
    return visit


def around(verb: str, row: str, party: str, changed: Given) -> tuple[Consultation, Situation, DeviceCheck]:
    """The visit and how things stand around it: the verb's `given`, with one thing changed."""
    given: Given = {**VECTOR["verb"][verb]["given"], **changed}
    now = STARTS_AT + timedelta(minutes=given.get("now-minutes", 0))
    if "now-days" in given:
        noon = datetime.combine(STARTS_AT.astimezone(ZoneInfo(ZONE)).date(), time(12), ZoneInfo(ZONE))
        now = (noon + timedelta(days=given["now-days"])).astimezone(UTC)
    visit = _past(standing(row, now), now, given)
    situation = Situation(
        now=now,
        times=Times(),
        consented=given.get("consented", True),
        patient_here=given.get("patient-here", False),
        patient_seen_at=_ago(now, given.get("patient-seen-minutes-ago")),
        patient_elsewhere=given.get("patient-elsewhere", False),
        presence_known=given.get("presence-known", True),
        patient_in_room=given.get("patient-in-room", False),
        provider_in_room=given.get("provider-in-room", False),
        provider_left_at=_ago(now, given.get("provider-left-minutes-ago")),
        room_empty_since=_ago(now, given.get("room-empty-minutes")),
        load=given.get("load", 0),
        most=given.get("most", 1),
        said=Said(
            reason=_reason(verb, party, given.get("reason", False)),
            place_confirmed=given.get("place-confirmed", False),
            identity_confirmed=given.get("identity-confirmed", False),
            anyway=given.get("anyway", False),
            summary=given.get("summary", False),
            new_time=_new_time(now, given),
        ),
    )
    by_patient = party in ("patient", "guardian", "proxy")
    word = given.get("check", "works" if by_patient else "skipped")
    reason = given.get("skip-reason", None if by_patient or "check" in given else "will-phone")
    return visit, situation, DeviceCheck(word, word, word, reason)


def _past(visit: Consultation, now: datetime, given: Given) -> Consultation:
    """What happened to the visit before."""
    if "closed-minutes-ago" in given:
        visit = replace(visit, closed_at=now - timedelta(minutes=given["closed-minutes-ago"]))
    if given.get("moved-away"):
        visit = replace(visit, moved_to=APPOINTMENT)
    vain = given.get("called-in-vain-minutes-ago", -1)
    if vain >= 0 and visit.state == "waiting":
        visit = replace(visit, called_in_vain_at=now - timedelta(minutes=vain))
    return visit


def actor(party: str) -> Actor:
    """Somebody who is this party to the visit."""
    role = Role.PROVIDER if party in ("provider", "colleague") else Role(party)
    return Actor(org=ORG, account=AALTO if party == "colleague" else OSEI, role=role)


def parties_of(party: str, visit: Consultation) -> frozenset[Party]:
    """What the rules take them for."""
    return rules.parties(actor(party), visit, acts_for=True)


def perform(verb: str, visit: Consultation, s: Situation, party: str, check: DeviceCheck) -> Outcome:
    """Do it, by the slice's own rules."""
    by = parties_of(party, visit)
    match verb:
        case "check-in":
            return rules.check_in(visit, s, by=by, place=WHERE, entry=ENTRY)
        case "device-check":
            return rules.pass_device_check(visit, s, by=by, check=check)
        case "call-in":
            return rules.call_in(visit, s, by=by, provider=actor(party).account)
        case "complete":
            return rules.complete(visit, s, by=by, summary=SUMMARY, follow_up=False)
        case "reschedule":
            return rules.reschedule(visit, s, by=by, place=WHERE)
        case _:
            return getattr(rules, verb.replace("-", "_"))(visit, s, by=by)


def _ago(now: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None or minutes < 0 else now - timedelta(minutes=minutes)


def _reason(verb: str, party: str, said: bool | str) -> str | None:
    if isinstance(said, str) or not said:
        return said or None
    known = {
        "send-back": {"system": "nobody-came"},
        "cancel": {"system": "abandoned"},
        "complete": {"colleague": "colleague-away", "administrator": "colleague-away"},
    }
    return known[verb].get(party, "technical")


def _new_time(now: datetime, given: Given) -> datetime | None:
    minutes = given.get("new-time-in-minutes")
    if minutes is None or given.get("new-time") is False:
        return None
    return now + timedelta(minutes=minutes)


def after(outcome: Outcome) -> Consultation:
    """The visit as the outcome leaves it."""
    visit = outcome.changes[0]
    assert isinstance(visit, Consultation)
    return visit


def step(
    verb: str, visit: Consultation, *, by: str = "provider", at: datetime, changed: Given | None = None
) -> Consultation:
    """The visit after that verb, all being well but for what is changed."""
    row = f"{visit.state}{'+' if visit.queue_entry else '-'}"
    _, s, check = around(verb, row, by, changed or {})
    said = replace(s.said, new_time=at + (s.said.new_time - s.now) if s.said.new_time else None)
    return after(perform(verb, visit, replace(s, now=at, said=said), by, check))
