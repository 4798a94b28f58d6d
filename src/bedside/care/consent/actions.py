"""What is done about consent: texts published, decisions taken, decisions read inside the acts that need them."""

from uuid import UUID

from bedside.care.consent import rules, store
from bedside.care.consent.model import (
    ON_BEHALF,
    TELEHEALTH,
    TYPES,
    ConsentHeard,
    Consents,
    ConsentTextChanged,
    ConsentTextPublished,
    Decision,
)
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, HOUSE, by
from bedside.kernel import NotFound, Role, Unfit
from bedside.store import Queries

Q = Queries(__file__)
LONGEST_TEXT = 20_000


@by(*HOUSE, Role.ADMINISTRATOR)
async def publish_text(work: Work, *, type: str, version: int, language: str, body: str) -> None:
    """A consent text comes into use. It is never changed: a change is a new version."""
    if type not in TYPES or not body.strip() or len(body) > LONGEST_TEXT:
        raise Unfit
    newest = await work.value(Q.newest_version, work.org, type)
    if version < newest or not await work.value(Q.add_text, work.org, type, version, language, body):
        raise ConsentTextChanged  # somebody else has published meanwhile
    await work.tell(ConsentTextPublished(subject=work.org, type=type, version=version, language=language))


async def of(work: Work, patient: UUID) -> Consents:
    """What a patient has decided, held still for the act that asks. Call inside the acting transaction."""
    return await store.held(work, patient)


@by(*CARED_FOR)
async def give(
    work: Work, *, patient: UUID, type: str, granted: bool, text_sha256: bytes, consultation: UUID | None = None
) -> Decision:
    """The patient, or who acts for them, says yes or no to the text that was shown, perhaps in a visit."""
    return await _decide(work, patient, type, granted, text_sha256, consultation)


@by(*CARED_FOR)
async def withdraw(work: Work, *, patient: UUID, type: str, consultation: UUID | None = None) -> Decision:
    """The patient, or who acts for them, takes a yes back. Works at any time, also during the visit."""
    consents = await store.hold_for_change(work, patient, type)
    before = consents.latest.get(type)
    if before is None:
        raise NotFound
    return await _decide(work, patient, type, False, before.text_sha256, consultation, withdrawn=before)


@by(Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
async def note_spoken(
    work: Work, *, patient: UUID, type: str, granted: bool, text_sha256: bytes, consultation: UUID
) -> Decision:
    """The text was read to the patient, who said yes or no; the desk notes it on their behalf, about one visit."""
    return await _decide(work, patient, type, granted, text_sha256, consultation)


async def _decide(
    work: Work,
    patient: UUID,
    type: str,
    granted: bool,
    shown: bytes,
    consultation: UUID | None,
    withdrawn: Decision | None = None,
) -> Decision:
    spoken = work.actor.role.is_staff
    capacity = ON_BEHALF if spoken else await work.value(Q.capacity, work.org, work.actor.account, patient)
    if capacity is None or (consultation and not await work.value(Q.visit_of, work.org, consultation, patient)):
        raise NotFound
    text = await work.row(Q.text_shown, work.org, type, shown)
    if text is None and withdrawn is None:
        raise ConsentTextChanged
    consents = await store.hold_for_change(work, patient, type)
    decision = Decision(
        id=work.new_id(),
        patient=patient,
        type=type,
        granted=granted,
        text_sha256=shown,
        version=text["version"] if text else withdrawn.version if withdrawn else 0,
        language=text["language"] if text else withdrawn.language if withdrawn else "",
        signer=work.actor.account,
        capacity=capacity,
        method="spoken" if spoken else "screen",
        at=work.now,
    )
    await work.settle(rules.decide(decision, consents, consultation), into=store.save)
    if type == TELEHEALTH:
        await _let_visits_hear(work, patient, granted)
    return decision


async def _let_visits_hear(work: Work, patient: UUID, granted: bool) -> None:
    for row in await work.rows(Q.open_visits, work.org, patient):
        await work.tell(
            ConsentHeard(
                subject=row["id"],
                consultation=row["id"],
                patient=patient,
                type=TELEHEALTH,
                granted=granted,
                department=row["department"],
                provider=row["provider"],
            )
        )
