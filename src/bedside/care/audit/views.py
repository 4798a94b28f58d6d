"""What may be seen of looking: by the patient, everything; by whoever is answerable, what is asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from bedside.care import people
from bedside.care.audit import rules
from bedside.care.audit.actions import ANSWERABLE
from bedside.care.audit.model import LOOKS, Look
from bedside.journal import Work
from bedside.journal.may import CARED_FOR
from bedside.kernel import Disclosure, Entry, Instant, NotFound, NotYourPart, Role
from bedside.store import Queries

Q = Queries(__file__)
A_PAGE = 400
"""Entries of the journal that are read for one page."""
STAFF = {str(role) for role in Role if role.is_staff}


class Asked(msgspec.Struct, frozen=True, rename="camel"):
    """What was asked about an access, and the answer once there is one."""

    id: UUID
    words: str
    at: Instant
    answer: str | None
    answered_at: Instant | None


class AccessView(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody saw something of the record. `name` is none where the clinic tells only what its people are."""

    entry: UUID
    name: str | None
    role: str
    mine: bool
    what: str
    visit: UUID | None
    day: date
    first: Instant
    last: Instant
    times: int
    asked: list[Asked]


class OpenQuestion(msgspec.Struct, frozen=True, rename="camel"):
    """A question for whoever is answerable: who asks, about whose access, when."""

    asked: Asked
    patient_name: str
    name: str | None
    role: str
    what: str
    looked_at: Instant
    mine: bool
    """One's own access: somebody else answers."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looked, with what was asked about it still sealed. `before` leads to what is older."""

    patient: UUID
    looks: list[Look]
    names: dict[UUID, str]
    questions: list[Any]
    before: int | None
    disclosure: Disclosure


async def looks(work: Work, patient: UUID, *, before: int | None = None) -> Seen:
    """Who looked at this patient, the latest first: every time, by anyone, in whole days."""
    if work.actor.role not in CARED_FOR:
        raise NotYourPart
    if not await work.value(Q.capacity, work.org, work.actor.account, patient):
        raise NotFound
    policy = await work.row(Q.policy, work.org)
    rows = await work.rows(Q.looks, work.org, patient, list(LOOKS), before or 2**62, A_PAGE)
    lines, oldest = await _lines(work, patient, rows, policy["zone"])
    whole, following = _whole_days(lines, rows, oldest, policy["zone"])
    named = [look.account for look in whole if look.role in STAFF] if policy["staff_names"] == "full" else []
    return Seen(
        patient,
        whole,
        await people.staff_names(work, named),
        await work.rows(Q.questions_of, work.org, patient),
        following,
        await work.disclose([patient], purpose="PATRQT"),
    )


async def _lines(work: Work, patient: UUID, rows: list[Any], zone: str) -> tuple[list[Look], int]:
    entries = [(Entry.read(row["entry"]), row["times"]) for row in rows]
    oldest = rows[-1]["n"] if rows else 0
    summed = [Entry.read(row["entry"]) for row in await work.rows(Q.counted, work.org, patient, oldest)]
    again = {UUID(entry.refs["first"]): int(entry.refs["times"]) for entry in summed}
    visits = list({entry.consultation for entry, _ in entries if entry.consultation})
    parts: dict[tuple[UUID | None, UUID], str] = {
        (row["consultation"], row["account"]): row["as_role"] for row in await work.rows(Q.parts, work.org, visits)
    }
    seen = [one for entry, times in entries for one in rules.glances(entry, times + again.get(entry.id, 0), parts)]
    return rules.together(seen, zone), oldest


def _whole_days(lines: list[Look], rows: list[Any], oldest: int, zone: str) -> tuple[list[Look], int | None]:
    """A page that is full ends with a day: the oldest one may go on in what was not read, and comes next time."""
    if len(rows) < A_PAGE:
        return lines, None
    if not lines:
        return lines, oldest
    day = min(look.day for look in lines)
    whole = [look for look in lines if look.day > day]
    if not whole:  # one day alone fills the page: it is shown as far as it was read
        return lines, oldest
    last = {entry for look in lines if look.day == day for entry in look.entries}
    return whole, 1 + max(row["n"] for row in rows if Entry.read(row["entry"]).id in last)


async def open_looks(work: Work, seen: Seen) -> list[AccessView]:
    """The lines, with what was asked about each."""
    asked = [(row["entry"], await _asked(work, row, seen.patient, seen.disclosure)) for row in seen.questions]
    return [
        AccessView(
            entry=look.entry,
            name=seen.names.get(look.account),
            role=look.role,
            mine=look.account == work.actor.account,
            what=look.what,
            visit=look.visit,
            day=look.day,
            first=look.first,
            last=look.last,
            times=look.times,
            asked=[question for entry, question in asked if entry in look.entries],
        )
        for look in seen.looks
    ]


async def _asked(work: Work, row: Any, patient: UUID, under: Disclosure) -> Asked:
    async def words(column: str) -> str | None:
        at = f"access_question.{'words' if column == 'words' else 'answer'}"
        sealed = row[column]
        if sealed is None:
            return None
        opened = await work.vault.open(sealed, str, org=work.org, at=at, row=row["id"], of=patient, under=under)
        return opened.reveal()

    return Asked(row["id"], await words("words") or "", row["asked_at"], await words("answer"), row["answered_at"])


@dataclass(frozen=True, slots=True)
class Waiting:
    """What patients ask, still sealed."""

    rows: list[Any]
    entries: dict[UUID, Entry]
    names: dict[UUID, str]
    cards: dict[UUID, Any]
    disclosure: Disclosure


async def questions(work: Work) -> Waiting:
    """What patients ask about who looked: what waits for an answer first."""
    if work.actor.role not in ANSWERABLE:
        raise NotYourPart
    rows = await work.rows(Q.questions, work.org)
    asked = await work.rows(Q.entries, work.org, [row["entry"] for row in rows])
    entries = {row["id"]: Entry.read(row["entry"]) for row in asked}
    patients = list({row["patient"] for row in rows})
    return Waiting(
        rows,
        entries,
        await people.staff_names(work, [UUID(entry.actor["id"] or "") for entry in entries.values()]),
        await people.cards(work, patients),
        await work.disclose(patients, purpose="HCOMPL"),
    )


async def open_questions(work: Work, waiting: Waiting) -> list[OpenQuestion]:
    """The questions, with the names of those who ask."""
    opened: list[OpenQuestion] = []
    for row in waiting.rows:
        entry = waiting.entries[row["entry"]]
        card = await people.open_card(work, waiting.cards[row["patient"]], under=waiting.disclosure)
        seen = rules.glances(entry, 1, {})[:1]
        actor = UUID(entry.actor["id"] or "")
        opened.append(
            OpenQuestion(
                asked=await _asked(work, row, row["patient"], waiting.disclosure),
                patient_name=card.name.whole,
                name=waiting.names.get(actor),
                role=entry.actor["role"] or "",
                what=seen[0].what if seen else "messages",
                looked_at=Instant.fromisoformat(entry.at),
                mine=str(work.actor.account) in (entry.actor["id"], *entry.refs.get("told", ())),
            )
        )
    return opened
