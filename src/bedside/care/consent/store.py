"""Where consent is kept: rows that are only added, and a head that says which is the latest."""

from uuid import UUID

from bedside.care.consent.model import Consents, Decision
from bedside.journal import Work
from bedside.store import Queries

Q = Queries(__file__)


async def held(work: Work, patient: UUID) -> Consents:
    """What this patient has decided; nobody can change it until this work ends."""
    await work.rows(Q.hold_heads, work.org, patient)
    return Consents.replayed(Decision(**row) for row in await work.rows(Q.of, work.org, patient))


async def peek(work: Work, patients: list[UUID]) -> dict[UUID, Consents]:
    """What these patients have decided, for showing: not held."""
    rows = [Decision(**row) for row in await work.rows(Q.peek, work.org, patients)]
    return {patient: Consents.replayed(d for d in rows if d.patient == patient) for patient in patients}


async def hold_for_change(work: Work, patient: UUID, type: str) -> Consents:
    """As `held`, but ours to change: whoever reads it to act waits, or has finished."""
    await work.value(Q.lock_head, work.org, patient, type)
    return await held(work, patient)


async def save(work: Work, d: Decision) -> None:
    """Add a decision and move the head."""
    seq = await work.value(
        Q.add, work.org, d.id, d.patient, d.type, d.granted, d.scope, d.text_sha256, d.version, d.language, d.signer,
        d.capacity, d.method, d.at, d.expires_at,
    )  # fmt: skip
    await work.execute(Q.move_head, work.org, d.patient, d.type, d.scope, seq)
