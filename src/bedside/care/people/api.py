"""How people are asked for: patients found, and registered. Names travel in bodies, never in addresses."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from bedside.care.people import roster, views
from bedside.care.people.model import Contact, Name, Sought
from bedside.care.people.views import FoundPatient
from bedside.journal import Work


class Register(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A new patient. `notTheSame`: those alike on the books of whom it was checked that they are somebody else."""

    given: str
    family: str
    birth_date: date
    phone: str = ""
    mrn: str = ""
    language: str = "en"
    not_the_same: list[UUID] = []


class Registered(msgspec.Struct, frozen=True):
    """A patient on the books, and their account."""

    patient: UUID
    account: UUID


class Found(msgspec.Struct, frozen=True):
    """Who has every mark that was given. `more`: there are others; say more of whom you look for."""

    patients: list[FoundPatient]
    more: bool


@post("/find", status_code=200)
async def find(work: NamedDependency[Work], data: JSONBody[Sought]) -> Found:
    """Find patients by exact marks. The answer is not kept for a repeat, for it holds names."""
    work.once = None
    async with work:
        rows, more, disclosure = await roster.seek(work, sought=data)
    await work.vault.warm(row["name"] for row in rows)
    found = [await views.open_found(work, row, under=disclosure) for row in rows]
    return Found(views.ranked(found, data), more)


@post("/", status_code=201)
async def register(work: NamedDependency[Work], data: JSONBody[Register]) -> Registered:
    """Register a patient. Where somebody alike is on the books, the refusal names them by their ids."""
    name, contact = Name(data.given.strip(), data.family.strip()), Contact(data.phone.strip(), data.mrn.strip())
    id = work.new_id()
    key = await work.vault.mint(work.org, "patient", id, "record")
    async with work:
        await roster.refuse_duplicate(
            work, name=name, born=data.birth_date, contact=contact, not_the_same=data.not_the_same
        )
        account = await roster.register_patient(
            work, id=id, record_key=key, name=name, born=data.birth_date, language=data.language, contact=contact
        )
        return work.reply(201, Registered(id, account))


router = Router("/patients", tags=["people"], route_handlers=[find, register])
