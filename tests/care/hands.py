"""What the tests of care do often and the harness does not."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from bedside import app
from bedside.care import people
from bedside.kernel import Role
from bedside.realtime.announced import ClinicFeed
from bedside.realtime.interfaces import Announcement, Principal
from clinic import Clinic, Person
from clinic import _found as found_clinic


async def acting_for(clinic: Clinic, patient: Person, capacity: str, name: str | None = None) -> Person:
    """Somebody with an account of their own who acts for that patient: a guardian, a proxy."""
    account: UUID = clinic.work().new_id()
    await clinic.owner.execute(
        "insert into account (org, id, kind, language) values ($1, $2, 'patient', 'en')", clinic.org, account
    )
    await clinic.owner.execute(
        "insert into account_patient (org, account, patient, capacity, since) values ($1, $2, $3, $4, $5)",
        *(clinic.org, account, patient.patient, capacity, clinic.clock.at),
    )
    who = name or f"{capacity} of {patient.name}"
    return await clinic._signed_in(account, Role(capacity), who, patient=patient.patient)


def principal(person: Person) -> Principal:
    """The person as the live socket knows them."""
    at = person.clinic.clock.at
    return Principal(person.clinic.org, person.account, str(person.role), uuid4(), at, at, 1)


async def announced(clinic: Clinic, after: int = 0) -> list[Announcement]:
    """What the journal's entries after that number announce, all topics, in order."""
    await clinic.running.sequencer.number()
    return list((await ClinicFeed(clinic.house, app.HEARD).read(clinic.org, after, 10_000)).announcements)


async def heard(clinic: Clinic, topic: str, after: int = 0) -> list[str]:
    """The names of what one topic hears, in order."""
    return [one.frame["kind"] for one in await announced(clinic, after) if one.topic == topic and one.frame["t"] == "n"]


async def another_department(clinic: Clinic, name: str = "Cardiology") -> UUID:
    """A second department of the same clinic."""
    async with clinic.work() as work:
        return await people.open_department(work, name=name)


async def member_of(clinic: Clinic, name: str, role: Role, department: UUID | None) -> Person:
    """A colleague of one department; of all of them with None."""
    async with clinic.work() as work:
        account = await people.hire(work, name=name, role=role, department=department, specialty="Cardiology")
    return await clinic._signed_in(account, role, name)


async def link_for(clinic: Clinic, person: Person, *, minutes: int = 15, visit: UUID | None = None) -> str:
    """The secret of a link: a patient's for the appointment of a visit, a colleague's for one use."""
    appointment = visit and await clinic.owner.fetchval("select appointment from consultation where id = $1", visit)
    async with clinic.work() as work:
        expires_at = work.now + timedelta(minutes=minutes)
        return await people.issue_link(
            work, account=person.account, role=person.role, expires_at=expires_at, appointment=appointment
        )


async def another_clinic(clinic: Clinic) -> Clinic:
    """A second organization in the same house: its own people, keys and journal."""
    org = uuid4()
    department = await found_clinic(clinic.house, org)
    return Clinic(clinic.running, clinic.clock, clinic.http, clinic.owner, org, department)


async def value(clinic: Clinic, sql: str, *values: object) -> Any:
    """The first value of a question to the database, as its owner asks it."""
    return await clinic.owner.fetchval(sql, *values)


def sqlstate(error: Exception) -> str:
    """Why the database refused."""
    return str(getattr(error, "sqlstate", ""))
