"""How things stand around a visit: consent, presence, load, read inside the acting transaction."""

from bedside.care import availability, consent
from bedside.care.consultation import rules, store
from bedside.care.consultation.model import Consultation, Said, Situation
from bedside.journal import Work
from bedside.kernel import Party, Role


async def parties_of(work: Work, visit: Consultation) -> frozenset[Party]:
    """What this actor is to this visit."""
    return rules.parties(work.actor, visit, acts_for=await store.acts_for(work, visit.patient))


async def around(work: Work, visit: Consultation, said: Said) -> Situation:
    """Everything that a guard may ask for. Consent is held still; so is the acting provider's load."""
    carers = [account for account, _ in await store.carers(work, visit.patient)]
    consents = await consent.of(work, visit.patient)
    present = await availability.presence_of(work, visit.id, [*carers, *([visit.provider] if visit.provider else [])])
    load, most = await _load(work, visit)
    opened = work.house.since
    provider_left = present.left_at.get(visit.provider) if visit.provider else None
    emptied = max(filter(None, (*present.left_at.values(), visit.called_at, opened)))
    return Situation(
        now=work.now,
        times=await store.times(work),
        consented=consents.cover(consent.TELEHEALTH, at=work.now),
        patient_here=bool(present.here.intersection(carers)),
        presence_known=work.now - opened >= availability.SILENCE,
        patient_in_room=bool(present.in_room.intersection(carers)),
        provider_in_room=visit.provider in present.in_room,
        provider_left_at=max(filter(None, (provider_left, visit.called_at, opened))),
        room_empty_since=None if present.in_room else emptied,
        load=load,
        most=most,
        said=said,
    )  # fmt: skip


async def _load(work: Work, visit: Consultation) -> tuple[int, int]:
    """The acting provider's visits; this one does not count against itself."""
    if work.actor.role is not Role.PROVIDER:
        return 0, 1
    found = await availability.load_of(work, work.actor.account)
    return found or (0, 0)
