"""What may be seen of people. Patients' names are opened here and nowhere else."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from bedside.care.people.actions import find_link, hear_birth_date
from bedside.care.people.model import Contact, Name, PatientCard, Sought
from bedside.journal import House, Work
from bedside.kernel import Actor, Disclosure, Instant
from bedside.store import Queries

Q = Queries(__file__)


class Clinic(msgspec.Struct, frozen=True):
    """The organization as everybody may see it, and where its journal stands: read before everything else."""

    name: str
    zone: str
    languages: list[str]
    emergency_number: str
    era: UUID
    n: int


async def clinic_of(work: Work) -> Clinic:
    """The organization of this work. Called first in a view: the cursor must not be younger than what follows."""
    row = await work.row(Q.clinic, work.org)
    return Clinic(row["name"], row["zone"], row["languages"], row["emergency_number"], row["era"], row["n"])


async def departments_of(work: Work, account: UUID) -> list[tuple[UUID, str]]:
    """The departments in which somebody works: id and name; all there are, where a role is for all."""
    return [(row["id"], row["name"]) for row in await work.rows(Q.departments_of, work.org, account)]


async def all_departments(work: Work) -> list[tuple[UUID, str]]:
    """Every department of the clinic: id and name."""
    return [(row["id"], row["name"]) for row in await work.rows(Q.all_departments, work.org)]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here, in one role. Without a department it is for all of them."""

    id: UUID
    name: str
    role: str
    department: str | None


async def colleagues(work: Work) -> list[Colleague]:
    """Who works here, as what and where."""
    return [Colleague(**dict(row)) for row in await work.rows(Q.colleagues, work.org)]


async def staff_names(work: Work, accounts: list[UUID]) -> dict[UUID, str]:
    """Colleagues' names by account. Staff names are no patient's information."""
    return {row["id"]: row["display_name"] for row in await work.rows(Q.staff_names, work.org, accounts)}


async def account_of(work: Work, patient: UUID) -> UUID | None:
    """The account by which a patient comes in themselves; None where there is no such patient."""
    return await work.value(Q.account_of_patient, work.org, patient)


async def cards(work: Work, patients: list[UUID]) -> dict[UUID, Any]:
    """The sealed cards of these patients, to be opened once the work has committed."""
    return {row["id"]: row for row in await work.rows(Q.cards, work.org, patients)}


async def open_card(work: Work, row: Any, *, under: Disclosure) -> PatientCard:
    """A patient's card, opened."""
    of = row["id"]
    name = await work.vault.open(row["name"], Name, org=work.org, at="patient.name", row=of, of=of, under=under)
    born = await work.vault.open(
        row["birth_date"], date, org=work.org, at="patient.birth_date", row=of, of=of, under=under
    )
    return PatientCard(of, name.reveal(), born.reveal(), row["language"])


async def my_visits(work: Work) -> list[UUID]:
    """The visits that are mine, the soonest first."""
    return [row["id"] for row in await work.rows(Q.my_visits, work.org, work.actor.account)]


async def standing(work: Work, session: UUID | None) -> Any:
    """A session as it stands now, with its account's epoch."""
    return await work.row(Q.standing, work.org, work.actor.account, session)


async def visit_of_session(work: Work) -> UUID | None:
    """The visit for which this session's link was sent."""
    return await work.value(Q.visit_of_session, work.org, work.actor.session)


class SessionView(msgspec.Struct, frozen=True):
    """Somewhere I am signed in."""

    id: UUID
    made_at: Instant
    seen_at: Instant
    method: str
    this: bool


async def my_sessions(work: Work) -> list[SessionView]:
    """Where I am signed in: here, and everywhere else."""
    rows = await work.rows(Q.my_sessions, work.org, work.actor.account, work.now)
    return [
        SessionView(row["id"], row["made_at"], row["seen_at"], row["method"], row["id"] == work.actor.session)
        for row in rows
    ]


class FoundPatient(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody on the books, as the desk tells them from others."""

    id: UUID
    account: UUID
    given: str
    family: str
    birth_date: date
    language: str
    phone: str
    mrn: str


async def on_the_books(work: Work, patients: list[UUID]) -> list[Any]:
    """These patients as the desk sees them, still sealed."""
    return await work.rows(Q.on_the_books, work.org, patients)


async def open_found(work: Work, row: Any, *, under: Disclosure) -> FoundPatient:
    """Open one of those who were found."""
    card = await open_card(work, row, under=under)
    reached = Contact()
    if row["contact"]:
        sealed = await work.vault.open(
            row["contact"], Contact, org=work.org, at="patient.contact", row=card.id, of=card.id, under=under
        )
        reached = sealed.reveal()
    return FoundPatient(
        card.id, row["account"], card.name.given, card.name.family, card.birth_date, card.language,
        reached.phone, reached.mrn,
    )  # fmt: skip


def ranked(found: list[FoundPatient], sought: Sought) -> list[FoundPatient]:
    """First who is called exactly so, then by name and age."""
    exactly = sought.family.strip().casefold()
    return sorted(
        found,
        key=lambda f: (f.family.casefold() != exactly, f.family.casefold(), f.given.casefold(), f.birth_date, f.id),
    )


async def is_born(house: House, secret: str, said: date) -> bool:
    """Whether this is the birth date of the patient to whom the link was sent. The house reads it, nobody sees it."""
    link = await find_link(house, secret)
    async with Work(house, Actor.system(link["org"])) as work:
        await hear_birth_date(work, link=link["id"])
        row = await work.row(Q.born_by_link, work.org, link["id"])
        under = await work.disclose([row["id"]] if row else [], purpose="HOPERAT")
    if row is None:
        return False
    of = row["id"]
    born = await work.vault.open(
        row["birth_date"], date, org=work.org, at="patient.birth_date", row=of, of=of, under=under
    )
    return born.reveal() == said
