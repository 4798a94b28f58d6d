"""How things stand around a visit (consent, presence, load), and what is therefore possible now."""

from typing import Any
from uuid import UUID

from bedside.care import availability, consent
from bedside.care.consultation import rules, store
from bedside.care.consultation.machine import CONSULTATION
from bedside.care.consultation.model import OPEN, Consultation, Said, Situation, State, Times
from bedside.care.grants import Participant
from bedside.journal import Work
from bedside.kernel import Party, Role

JOINERS = (Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
"""Who may join a visit to answer in it. The assigned provider takes part without that."""


async def hold(work: Work, id: UUID) -> Consultation:
    """A visit, held still for an act of another slice upon it."""
    return await store.hold(work, id)


async def times(work: Work) -> Times:
    """How long things may take here, and what a priority is worth."""
    return await store.times(work)


async def keep(work: Work, visit: Consultation) -> None:
    """Write a visit as an act of another slice has made it."""
    await store.save(work, visit)


async def sees_patients(work: Work, provider: UUID | None, department: UUID) -> bool:
    """Whether that department is there and, if a provider is named, they work in it."""
    return await store.sees_patients(work, provider, department)


async def parties_of(work: Work, visit: Consultation) -> frozenset[Party]:
    """What this actor is to this visit."""
    if work.actor.role.is_staff and not await store.works_for(work, visit):
        return frozenset()
    return rules.parties(work.actor, visit, acts_for=await store.acts_for(work, visit.patient))


async def around(work: Work, visit: Consultation, said: Said) -> Situation:
    """Everything that a guard may ask for. Consent is held still; so is the acting provider's load."""
    carers, times, elsewhere = await store.surroundings(work, visit)
    consents = await consent.of(work, visit.patient)
    present = await availability.presence_of(work, visit.id, [*carers, *([visit.provider] if visit.provider else [])])
    load, most = await _load(work)
    opened = work.house.since
    provider_left = present.left_at.get(visit.provider) if visit.provider else None
    fell_silent = present.last_in_room.values()
    emptied = max(filter(None, (*present.left_at.values(), *fell_silent, visit.called_at, opened)))
    seen = [present.last_seen[account] for account in carers if account in present.last_seen]
    return Situation(
        now=work.now,
        times=times,
        consented=consents.cover(consent.TELEHEALTH, at=work.now),
        patient_here=bool(present.here.intersection(carers)),
        patient_seen_at=max(seen, default=None),
        presence_known=work.now - opened >= availability.SILENCE,
        patient_in_room=bool(present.in_room.intersection(carers)),
        provider_in_room=visit.provider in present.in_room,
        provider_left_at=max(filter(None, (provider_left, visit.called_at, opened))),
        room_empty_since=None if present.in_room else emptied,
        patient_elsewhere=elsewhere,
        load=load,
        most=most,
        said=said,
    )  # fmt: skip


async def _load(work: Work) -> tuple[int, int]:
    """The acting provider's visits now, and how many they may have."""
    if work.actor.role is not Role.PROVIDER:
        return 0, 1
    found = await availability.load_of(work, work.actor.account)
    return found or (0, 0)


def path_of(verb: str) -> str:
    """How a verb is spelled in paths and in `can`."""
    return "device-check" if verb == "pass_device_check" else verb.replace("_", "-")


async def possible(work: Work, visit: Consultation, taking_part: list[Participant]) -> list[str]:
    """What this person can do with the visit now: the table's verbs, and what goes with taking part."""
    situation = await around(work, visit, Said.everything())
    verbs = CONSULTATION.possible(visit, by=await parties_of(work, visit), given=situation)
    can = [path_of(verb) for verb in verbs]
    takes_part = any(p.account == work.actor.account and p.state == "present" for p in taking_part)
    if visit.state in OPEN and work.actor.role in JOINERS and await store.works_for(work, visit):
        can.append("step-out" if takes_part else "join")
    if takes_part:
        if visit.state in OPEN and situation.consented:
            can.append("send")
        if visit.state in (State.CONNECTING, State.IN_PROGRESS):
            can.append("enter")
        if visit.state == State.CONNECTING and not visit.minute_asked and not work.actor.role.is_staff:
            can.append("minute")
    return can


async def possible_for_row(work: Work, rows: list[Any]) -> list[list[str]]:
    """What this reader of a board can do with each of its visits, from one reading of what all have in common."""
    visits = await store.look_all(work, [row["id"] for row in rows])
    times = await store.times(work)
    load, most = await _load(work)
    opened = work.house.since
    known = work.now - opened >= availability.SILENCE
    can: list[list[str]] = []
    for row in rows:
        visit = visits[row["id"]]
        situation = Situation(
            now=work.now,
            times=times,
            consented=row["consented"],
            patient_here=row["here"],
            presence_known=known,
            provider_in_room=row["provider_in_room"],
            provider_left_at=max(filter(None, (row["provider_left_at"], row["called_at"], opened))),
            load=load,
            most=most,
        )
        verbs = CONSULTATION.possible(visit, by=rules.parties(work.actor, visit, acts_for=False), given=situation)
        can.append([path_of(verb) for verb in verbs])
    return can
