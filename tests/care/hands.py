"""What the tests of care do often and the harness does not."""

from uuid import UUID

from bedside.kernel import Role
from clinic import Clinic, Person


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
