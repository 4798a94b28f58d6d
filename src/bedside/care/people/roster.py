"""The books: a patient found by blind marks, equality only, and a new one put on them, never twice unawares.

Nobody is read in order to be found. What is found is a reading on record for each, and opened by the views.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from bedside.care.people import rules
from bedside.care.people.model import (
    Contact,
    LikelyDuplicate,
    Name,
    PatientRegistered,
    PatientsSought,
    Sought,
    TooLittleToGoOn,
)
from bedside.crypto import fold_identifier, fold_name, name_start, phone_digits
from bedside.journal import Work
from bedside.journal.may import HOUSE, by
from bedside.kernel import Disclosure, Role, Unfit
from bedside.store import Queries

Q = Queries(__file__)
MOST = 20
"""So many are shown at once. Whoever finds more knows too little of whom they look for."""


@by(*HOUSE, Role.ADMINISTRATOR, Role.FRONT_DESK, Role.NURSE)
async def register_patient(
    work: Work, *, id: UUID, record_key: UUID, name: Name, born: date, language: str, contact: Contact | None = None
) -> UUID:
    """A patient comes onto the books with an account of their own. Returns the account; the key was made before."""
    account, reached = work.new_id(), contact or Contact()
    rules.must_fit_a_card(name, reached)
    if language not in await work.value(Q.languages, work.org):
        raise Unfit
    sealed_name = await work.seal(name, key=record_key, at="patient.name", row=id)
    sealed_born = await work.seal(born, key=record_key, at="patient.birth_date", row=id)
    sealed_contact = await work.seal(reached, key=record_key, at="patient.contact", row=id)
    await work.execute(Q.add_account, work.org, account, "patient", None, language)
    await work.execute(
        Q.add_patient, work.org, id, sealed_name.raw, sealed_born.raw, language, record_key, sealed_contact.raw
    )
    kinds, marks = await _marks(
        work,
        ("family", fold_name(name.family)),
        ("family-start", name_start(name.family)),
        ("birth-date", born.isoformat()),
        ("phone", phone_digits(reached.phone)),
        ("mrn", fold_identifier(reached.mrn)),
    )
    await work.execute(Q.add_lookup, work.org, id, kinds, marks)
    await work.execute(Q.act_for, work.org, account, id, "patient", work.now)
    await work.tell(PatientRegistered(subject=account, patient=id))
    return account


@by(Role.ADMINISTRATOR, Role.FRONT_DESK, Role.NURSE)
async def refuse_duplicate(
    work: Work, *, name: Name, born: date, contact: Contact, not_the_same: Collection[UUID] = ()
) -> None:
    """Stop where somebody alike is on the books, unless it was said of each of them that this is another person.

    Alike is the same family name and birth date, the same telephone and birth date, or the same record number.
    Whoever registers somebody of the same birth date or record number meanwhile waits for this work to end.
    """
    family, day = ("family", fold_name(name.family)), ("birth-date", born.isoformat())
    phone, mrn = ("phone", phone_digits(contact.phone)), ("mrn", fold_identifier(contact.mrn))
    _, locks = await _marks(work, day, mrn)
    await work.rows(Q.one_at_a_time, locks)
    alike: set[UUID] = set()
    for marks in ((family, day), (phone, day), (mrn,)):
        if all(folded for _, folded in marks):
            alike |= set(await _having(work, *marks))
    if alike - set(not_the_same):
        raise LikelyDuplicate(candidates=", ".join(str(id) for id in sorted(alike)))


@by(Role.FRONT_DESK, Role.NURSE, Role.ADMINISTRATOR)
async def seek(work: Work, *, sought: Sought) -> tuple[list[Any], bool, Disclosure]:
    """Who has every mark that was given, still sealed, and whether there are more. The search is on record."""
    family = fold_name(sought.family)
    marks = [
        # Three letters are the beginning of a name, or the whole of a short one; less or more is the whole.
        ("family-start" if len(family) == 3 else "family", family),
        ("birth-date", sought.birth_date.isoformat() if sought.birth_date else ""),
        ("phone", phone_digits(sought.phone)),
        ("mrn", fold_identifier(sought.mrn)),
    ]
    given = [(kind, folded) for kind, folded in marks if folded]
    if not given:
        raise TooLittleToGoOn
    found = await _having(work, *given)
    shown = found[:MOST]
    await work.tell(
        PatientsSought(subject=work.actor.account, marks=tuple(kind for kind, _ in given), found=len(found))
    )
    rows = await work.rows(Q.on_the_books, work.org, shown)
    return rows, len(found) > MOST, await work.disclose(shown, purpose="HOPERAT")


async def _having(work: Work, *marks: tuple[str, str]) -> list[UUID]:
    rows = await work.rows(Q.find, work.org, *await _marks(work, *marks), MOST + 1)
    return [row["patient"] for row in rows]


async def _marks(work: Work, *folded: tuple[str, str]) -> tuple[list[str], list[bytes]]:
    """The kinds and the blind marks of what is not empty."""
    given = [(kind, value) for kind, value in folded if value]
    return [kind for kind, _ in given], [await work.vault.blind(work.org, kind, value) for kind, value in given]
