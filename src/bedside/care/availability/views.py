"""What may be seen of availability: colleagues for staff, free providers for patients."""

from uuid import UUID

import msgspec

from bedside.care.availability import store
from bedside.care.availability.model import SILENCE, Presence, Status
from bedside.journal import Work
from bedside.kernel import Instant
from bedside.store import Queries

Q = Queries(__file__)


class ProviderView(msgspec.Struct, frozen=True, rename="camel"):
    """A provider as colleagues see them."""

    account: UUID
    name: str
    specialty: str
    status: str
    status_at: Instant
    current_patient_count: int
    max_patients: int


async def providers_of(work: Work, department: UUID) -> list[ProviderView]:
    """The department's providers. Who has no page open is offline, whatever they said before."""
    rows = await work.rows(Q.providers_of, work.org, department, work.now - SILENCE)
    return [
        ProviderView(
            row["account"],
            row["display_name"],
            row["specialty"],
            row["status"] if row["online"] else str(Status.OFFLINE),
            row["status_at"],
            row["load"],
            row["max_patients"],
        )
        for row in rows
    ]


async def free_providers(work: Work, department: UUID) -> list[ProviderView]:
    """Available, and below their maximum. A failure is an error, never an empty list."""
    return [
        provider
        for provider in await providers_of(work, department)
        if provider.status == Status.AVAILABLE and provider.current_patient_count < provider.max_patients
    ]


async def presence_of(work: Work, consultation: UUID, accounts: list[UUID]) -> Presence:
    """Who of these is here, and in the room of that visit."""
    return await store.presence(work, consultation, accounts)


async def presence_in(work: Work, accounts: list[UUID]) -> frozenset[UUID]:
    """Who of these is here."""
    return await store.here(work, accounts)
