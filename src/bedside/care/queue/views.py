"""What may be seen of the line: a patient's own place, and the board for those who work with it.

A queue that cannot be read is an error (the work fails and says so), never an empty board.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bedside.care import availability, consultation, people
from bedside.care.availability import SILENCE, ProviderView
from bedside.care.consultation import Cursor, DeviceCheck, State, Times, possible_for_row
from bedside.care.people import Clinic, Name, PatientCard
from bedside.care.queue.estimate import UNKNOWN, Basis, Wait
from bedside.care.queue.rules import place_verbs
from bedside.care.queue.situation import wait_of, waits_in
from bedside.care.queue.trouble import KINDS, trouble_of
from bedside.crypto import SealError
from bedside.journal import Work
from bedside.kernel import AsOf, Disclosure, Instant, NotFound
from bedside.store import Queries

Q = Queries(__file__)
log = structlog.get_logger("bedside.care")
NIGHT = timedelta(hours=3)
"""Who works at midnight sees what just was and what comes next, whatever the date."""


class OrderChanged(msgspec.Struct, frozen=True, rename="camel"):
    """Why somebody who came later stands before me: a kind, a reason out of the list, a time. Nobody is named."""

    kind: str
    code: str
    at: Instant
    emergency: bool


class LinePlace(msgspec.Struct, frozen=True, rename="camel"):
    """Where a patient stands: says nothing of anybody else."""

    position: int
    ahead: int
    since: Instant
    changed: OrderChanged | None = None
    wait: AsOf[Wait] = UNKNOWN
    longer: AsOf[bool] = False
    """It takes longer than was said at first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A place, and what it takes to say it: the clinic's wall clock, the patient's language."""

    place: LinePlace
    zone: str
    language: str


class FirstTold(msgspec.Struct, frozen=True, rename="camel"):
    """The first estimate that somebody saw: what we hold ourselves to."""

    middle: int
    nine_in_ten: int


class QueueRow(msgspec.Struct, frozen=True, rename="camel"):
    """One person on the board. `can` is what the reader of the board may do with them."""

    consultation: UUID
    queue_entry: UUID | None
    state: str
    status: str | None
    priority: str
    version: int
    position: int | None
    name: str
    birth_date: date
    patient: UUID
    provider: UUID | None
    provider_name: str | None
    starts_at: Instant
    checked_in_at: Instant | None
    waiting_since: Instant | None
    called_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    closed_at: Instant | None
    close_code: str | None
    come_back_until: Instant | None
    here: bool
    device: DeviceCheck | None
    consent: bool
    place_confirmed: bool
    messages: int
    similar: bool
    estimated_wait_minutes: AsOf[int | None]
    nine_in_ten_minutes: AsOf[int | None]
    wait_basis: AsOf[Basis]
    told: AsOf[FirstTold | None]
    """What the patient was told first."""
    can: list[str]


OF_ITS_OWN = {"consultation", "status", "name", "birth_date", "come_back_until", "device", "consent", "similar", "can"}
OF_THE_WAIT = {"estimated_wait_minutes", "nine_in_ten_minutes", "wait_basis", "told"}
AS_READ = [field for field in QueueRow.__struct_fields__ if field not in OF_ITS_OWN | OF_THE_WAIT]
"""What stands on the board as the database has it, under the same name."""


class Trouble(msgspec.Struct, frozen=True):
    """Who might be forgotten, or waits for somebody to act: what it is, and since when."""

    consultation: UUID
    kind: str
    since: Instant


class BoardView(msgspec.Struct, frozen=True, rename="camel"):
    """A department's day."""

    cursor: Cursor
    clinic_name: str
    department: UUID
    department_name: str
    zone: str
    rows: list[QueueRow]
    trouble: list[Trouble]
    colleagues: list[ProviderView]


@dataclass(slots=True)
class Board:
    """A board as read, its names still sealed."""

    clinic: Clinic
    department: Any
    rows: list[Any]
    can: list[list[str]]
    colleagues: list[ProviderView]
    times: Times
    waits: dict[UUID, Wait]
    disclosure: Disclosure


async def stand(work: Work, consultation: UUID) -> Standing | None:
    """My own place, if I wait: one row, an estimate that the department shares, and what I was told first."""
    row = await work.row(Q.place, work.org, consultation, work.actor.account)
    if row is None:
        return None
    why = await work.row(Q.why_passed, consultation)
    changed = OrderChanged(why["kind"], why["code"], why["at"], why["to_band"] == 0) if why else None
    wait = await wait_of(work, row["department"], consultation, ahead=row["ahead"])
    longer = False
    if wait.middle is not None:
        if row["told_at"] is None:
            await work.execute(Q.tell, work.org, consultation, work.now, wait.middle, wait.nine_in_ten)
        else:
            until = row["told_at"] + timedelta(minutes=row["told_limit"])
            longer = work.now + timedelta(minutes=wait.middle) > until
    place = LinePlace(row["ahead"] + 1, row["ahead"], row["waiting_since"], changed, wait, longer)
    return Standing(place, row["zone"], row["language"])


async def place_in_line(work: Work, consultation: UUID) -> LinePlace | None:
    """My own place, if I wait."""
    mine = await stand(work, consultation)
    return mine and mine.place


async def look(work: Work, department: UUID, *, besides: UUID | None = None) -> Board:
    """Read the department's board. Each patient shown is a reading on record. `besides`: a visit of another day."""
    clinic = await people.clinic_of(work)
    where = await work.row(Q.department, work.org, department)
    if where is None:
        raise NotFound
    begins, ends = _today(work.now, where["zone"])
    rows = await work.rows(Q.board, work.org, department, work.now - SILENCE, work.now, begins, ends, besides)
    return Board(
        clinic=clinic,
        department=where,
        rows=rows,
        can=[
            verbs + place_verbs(work.actor, row, work.now)
            for verbs, row in zip(await possible_for_row(work, rows), rows, strict=True)
        ],
        colleagues=await availability.providers_of(work, department),
        times=await consultation.times(work),
        waits=await waits_in(work, department, [row["id"] for row in rows if row["state"] == State.WAITING]),
        disclosure=await work.disclose({row["patient"] for row in rows}),
    )


async def show(work: Work, board: Board) -> BoardView:
    """Open the names, after the readings are on record."""
    cards, alike = await _cards(work, board)
    rows = [
        _row(board, row, can, card, similar=any(alike[mark] > 1 for mark in _sounds_like(card.name)))
        for row, can, card in zip(board.rows, board.can, (cards[row["patient"]] for row in board.rows), strict=True)
    ]
    return BoardView(
        cursor=Cursor(board.clinic.era, board.clinic.n),
        clinic_name=board.clinic.name,
        department=board.department["id"],
        department_name=board.department["name"],
        zone=board.department["zone"],
        rows=rows,
        trouble=_troubles(work, board),
        colleagues=board.colleagues,
    )


def _row(board: Board, row: Any, can: list[str], card: PatientCard, *, similar: bool) -> QueueRow:
    """One person of the board, laid out."""
    return QueueRow(
        **{column: row[column] for column in AS_READ},
        consultation=row["id"],
        status=row["queue_status"],
        name=card.name.whole,
        birth_date=card.birth_date,
        come_back_until=row["closed_at"] + board.times.grace if row["state"] == State.NO_SHOW else None,
        device=msgspec.convert(row["device"], DeviceCheck) if row["device"] else None,
        consent=row["consented"],
        similar=similar,
        **_waits(board, row),
        can=can,
    )


def _troubles(work: Work, board: Board) -> list[Trouble]:
    """The weightiest first, then who has been in it longest."""
    found = [(row["id"], trouble_of(row, board.times, row["zone"], work.now)) for row in board.rows]
    troubles = [Trouble(id, *trouble) for id, trouble in found if trouble]
    return sorted(troubles, key=lambda trouble: (KINDS.index(trouble.kind), trouble.since))


def waiting_for(board: BoardView, provider: UUID) -> list[QueueRow]:
    """Who waits for this provider, or for anybody, in the order to be seen."""
    return [row for row in board.rows if row.state == State.WAITING and row.provider in (provider, None)]


def _waits(board: Board, row: Any) -> dict[str, Any]:
    """How long somebody may wait from now, and what they were told first."""
    wait = board.waits.get(row["id"], UNKNOWN)
    told = row["state"] == State.WAITING and row["told_middle"] is not None
    return {
        "estimated_wait_minutes": wait.middle,
        "nine_in_ten_minutes": wait.nine_in_ten,
        "wait_basis": wait.basis,
        "told": FirstTold(row["told_middle"], row["told_limit"]) if told else None,
    }


async def _cards(work: Work, board: Board) -> tuple[dict[UUID, PatientCard], Counter[str]]:
    """Everybody's card by patient, and how many share a sound."""
    await work.vault.warm(row["name"] for row in board.rows)
    cards = {row["patient"]: await _opened(work, row, board.disclosure) for row in board.rows}
    return cards, Counter(mark for card in cards.values() for mark in _sounds_like(card.name))


def _card(row: Any) -> Any:
    return {"id": row["patient"], "name": row["name"], "birth_date": row["birth_date"], "language": ""}


async def _opened(work: Work, row: Any, under: Disclosure) -> PatientCard:
    """One card that cannot be opened must not hide everybody else: the person stays on the board, without a name."""
    try:
        return await people.open_card(work, _card(row), under=under)
    except (SealError, LookupError) as error:
        log.error("card_unreadable", error=type(error).__name__)
        return PatientCard(row["patient"], Name("", "(unreadable)"), date(1, 1, 1), "")


def _sounds_like(name: Name) -> tuple[str, str]:
    """Who shares one of these with another on the board is easily taken for them: ask for the birth date first."""
    given, family = name.given.casefold(), name.family.casefold()
    return f"family {family}", f"both {given[:3]} {family[:2]}"


def _today(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The clinic's day, from midnight to midnight on its wall; around midnight, some hours of both days."""
    wall = ZoneInfo(zone)
    begins = datetime.combine(now.astimezone(wall).date(), time(0), wall)
    ends = begins + timedelta(days=1)
    return min(begins, now - NIGHT).astimezone(UTC), max(ends, now + NIGHT).astimezone(UTC)
