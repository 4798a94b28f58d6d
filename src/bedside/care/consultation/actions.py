"""What is done with visits: lock, look around, decide, settle. One action for each verb of the table."""

from uuid import UUID

from bedside.care import appointments, availability, grants
from bedside.care.appointments import Appointment
from bedside.care.consultation import rules, store, undoing
from bedside.care.consultation.facts import ConsultationScheduled
from bedside.care.consultation.model import Consultation, DeviceCheck, Place, Said, Situation, State, Undo, Whereabouts
from bedside.care.consultation.refusals import AnotherDay, PlaceNotConfirmed
from bedside.care.consultation.situation import around, parties_of
from bedside.crypto import KeyDestroyed
from bedside.journal import Work
from bedside.journal.may import CARED_FOR, HOUSE, STAFF, by
from bedside.kernel import Instant, Outcome, Party, Role, Unfit
from bedside.store import Queries

Q = Queries(__file__)
LONGEST_SUMMARY = 20_000  # characters: some ten pages


@by(*HOUSE, *STAFF)
async def schedule(
    work: Work,
    appointment: Appointment,
    *,
    id: UUID,
    record_key: UUID,
    transient_key: UUID,
    priority: str = "normal",
    instead_of: UUID | None = None,
) -> UUID:
    """A visit is planned. Its two keys were made before this work began."""
    a = appointment
    await appointments.book(work, a, consultation=id, instead_of=instead_of)
    await work.execute(
        Q.add, work.org, id, a.id, a.patient, a.provider, a.department, priority, record_key, transient_key
    )
    visit = await store.look(work, id)
    fact = ConsultationScheduled(
        subject=id,
        consultation=id,
        patient=a.patient,
        department=a.department,
        provider=a.provider,
        before="",
        state=visit.state,
        version=visit.version,
    )
    await work.settle(Outcome(facts=(fact,), deadlines=rules.deadlines(visit, await store.times(work))))
    return id


@by(*CARED_FOR, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
async def check_in(work: Work, id: UUID, *, whereabouts: Whereabouts) -> Consultation:
    """A patient arrives; or the desk checks them in on their behalf."""
    visit = await store.hold(work, id)
    place = await _place(work, visit, whereabouts)
    situation = await around(work, visit, Said(place_confirmed=True))
    entry = work.new_id()
    outcome = rules.check_in(visit, situation, by=await parties_of(work, visit), place=place, entry=entry)
    return await _settle(work, outcome, admit=True)


@by(*CARED_FOR, *STAFF)
async def pass_device_check(work: Work, id: UUID, *, check: DeviceCheck) -> Consultation:
    """The device check is over, whatever it found; the patient waits."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said(reason=check.reason))
    parties, undo = await parties_of(work, visit), _mine(work, visit, situation, "pass_device_check")
    await store.join_line(work, visit.department)
    return await _settle(work, rules.pass_device_check(visit, situation, by=parties, check=check, undo=undo))


@by(Role.PROVIDER)
async def call_in(work: Work, id: UUID, *, identity_confirmed: bool, anyway: bool = False) -> Consultation:
    """A provider starts the visit. Two providers who tap at once: the row lock lets one through, the other is told."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said(identity_confirmed=identity_confirmed, anyway=anyway))
    outcome = rules.call_in(visit, situation, by=await parties_of(work, visit), provider=work.actor.account)
    called = await _settle(work, outcome)
    if visit.provider not in (None, work.actor.account):
        stay = [p.account for p in await grants.participants_of(work, id) if p.account != visit.provider]
        await grants.end_all_but(work, consultation=id, patient=visit.patient, keep=stay)
    await grants.admit(work, consultation=id, account=work.actor.account, role=Role.PROVIDER)
    await availability.occupied(work, work.actor.account)
    return called


@by(*CARED_FOR)
async def ask_for_a_minute(work: Work, id: UUID) -> Consultation:
    """The patient needs a minute; the room stays open."""
    visit = await store.hold(work, id)
    return await _settle(work, rules.ask_for_a_minute(visit, await around(work, visit, Said())))


@by(*HOUSE)
async def connect(work: Work, id: UUID) -> Consultation:
    """Both are in the room."""
    visit = await store.hold(work, id)
    by = await parties_of(work, visit)
    return await _settle(work, rules.connect(visit, await around(work, visit, Said()), by=by))


@by(*HOUSE, *STAFF)
async def send_back(work: Work, id: UUID, *, reason: str) -> Consultation:
    """The patient waits again, in the same place."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said(reason=reason))
    back = await _settle(work, rules.send_back(visit, situation, by=await parties_of(work, visit)))
    await _release(work, visit)
    return back


@by(*HOUSE, Role.PROVIDER)
async def end(work: Work, id: UUID) -> Consultation:
    """The visit is over for the patient: everybody's permissions end but the provider's."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said())
    ended = await _settle(work, rules.end(visit, situation, by=await parties_of(work, visit)))
    await grants.end_all_but(
        work, consultation=id, patient=visit.patient, keep=[visit.provider] if visit.provider else []
    )
    await work.execute(Q.clear_room, work.org, id)
    return ended


@by(Role.PROVIDER)
async def call_back(work: Work, id: UUID) -> Consultation:
    """It was ended too early: it goes on, and permissions live again."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said())
    again = await _settle(work, rules.call_back(visit, situation, by=await parties_of(work, visit)), admit=True)
    await availability.occupied(work, work.actor.account)
    return again


@by(*STAFF)
async def complete(work: Work, id: UUID, *, summary: str, follow_up: bool, reason: str | None = None) -> Consultation:
    """The closing summary is written and the visit closed for good. Its words are sealed before they are kept."""
    if len(summary) > LONGEST_SUMMARY:
        raise Unfit
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said(reason=reason, summary=bool(summary.strip())))
    sealed = await work.seal(summary.strip(), key=visit.record_key, at="consultation.summary", row=id)
    outcome = rules.complete(visit, situation, by=await parties_of(work, visit), summary=sealed, follow_up=follow_up)
    done = await _settle(work, outcome)
    await grants.end_all_but(work, consultation=id, patient=visit.patient)
    await _release(work, visit)
    return done


@by(*HOUSE, *STAFF)
async def give_up(work: Work, id: UUID) -> Consultation:
    """The patient did not come."""
    visit = await store.hold(work, id)
    gone = await _settle(
        work, rules.give_up(visit, await around(work, visit, Said()), by=await parties_of(work, visit))
    )
    await grants.end_all_but(work, consultation=id, patient=visit.patient)
    return gone


@by(*CARED_FOR, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
async def come_back(work: Work, id: UUID) -> Consultation:
    """The patient came after all."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said())
    parties, undo = await parties_of(work, visit), _mine(work, visit, situation, "come_back")
    await store.join_line(work, visit.department)
    return await _settle(work, rules.come_back(visit, situation, by=parties, undo=undo), admit=True)


@by(*CARED_FOR, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
async def reopen(work: Work, id: UUID, *, new_time: Instant | None) -> Consultation:
    """A visit that never began gets another time today."""
    visit = await store.hold(work, id)
    situation = await around(work, visit, Said(new_time=new_time))
    outcome = rules.reopen(visit, situation, by=await parties_of(work, visit))
    return await _at_a_new_time(work, visit, outcome, new_time)


@by(*HOUSE, *CARED_FOR, *STAFF)
async def cancel(work: Work, id: UUID, *, reason: str) -> Consultation:
    """The visit does not take place."""
    visit = await store.hold(work, id)
    if work.actor.role is not Role.SYSTEM:
        visit = await back_from_the_room(work, visit)
    situation = await around(work, visit, Said(reason=reason))
    gone = await _settle(work, rules.cancel(visit, situation, by=await parties_of(work, visit)))
    await grants.end_all_but(work, consultation=id, patient=visit.patient)
    return gone


async def back_from_the_room(work: Work, visit: Consultation) -> Consultation:
    """Who is being called is first back to waiting, by the house; then cancelled. Two steps, two entries."""
    if visit.state != State.CONNECTING:
        return visit
    situation = await around(work, visit, Said(reason="cancelled-in-the-room"))
    back = await _settle(work, rules.send_back(visit, situation, by=frozenset({Party.SYSTEM})))
    await _release(work, back)
    return back


@by(*CARED_FOR, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR)
async def reschedule(
    work: Work, id: UUID, *, whereabouts: Whereabouts, new_time: Instant | None = None
) -> Consultation:
    """A cancelled visit takes place today after all, under the same queue entry."""
    visit = await store.hold(work, id)
    place = await _place(work, visit, whereabouts)
    situation = await around(work, visit, Said(place_confirmed=True, new_time=new_time))
    outcome = rules.reschedule(visit, situation, by=await parties_of(work, visit), place=place)
    return await _at_a_new_time(work, visit, outcome, new_time, admit=True)


async def take_back(work: Work, visit: Consultation, was: Undo) -> Consultation:
    """A skipped device check, or a bringing back, undone by whoever did it. The act that asks has judged that."""
    situation = await around(work, visit, Said())
    if was.verb == "come_back":
        gone = await _settle(work, undoing.unreturn(visit, situation, was))
        await grants.end_all_but(work, consultation=visit.id, patient=visit.patient)
        return gone
    off = await _settle(work, undoing.unskip(visit, situation, was))
    return await _settle(work, undoing.unskipped(off, situation, was))


def _mine(work: Work, visit: Consultation, situation: Situation, verb: str) -> Undo | None:
    """What staff do for somebody they may take back for a moment."""
    if not work.actor.role.is_staff:
        return None
    return visit.undoable(verb, by=work.actor.account, at=work.now, times=situation.times)


async def _place(work: Work, visit: Consultation, said: Whereabouts) -> Place:
    """Where the patient is, sealed under the key that dies with the visit."""
    place, callback = said.place.strip(), said.callback.strip()
    digits = sum(letter.isdigit() for letter in callback)
    if not 3 <= len(place) <= 1000:
        raise PlaceNotConfirmed(field="place")
    if digits < 7 or len(callback) > 200:
        raise PlaceNotConfirmed(field="callback")
    key = visit.transient_key
    try:
        return Place(
            consultation=visit.id,
            place=await work.seal(place, key=key, at="consultation_place.place", row=visit.id),
            callback=await work.seal(callback, key=key, at="consultation_place.callback", row=visit.id),
            confirmed_at=work.now,
        )
    except KeyDestroyed:  # where the patient was is forgotten, and with it the day on which this could be taken up
        raise AnotherDay from None


async def _at_a_new_time(
    work: Work, visit: Consultation, outcome: Outcome, at: Instant | None, *, admit: bool = False
) -> Consultation:
    if at:
        await appointments.retime(work, visit.appointment, starts_at=at, consultation=visit.id)
    return await _settle(work, outcome, admit=admit)


async def _settle(work: Work, outcome: Outcome, *, admit: bool = False) -> Consultation:
    """Make the decision true; on arrival the patient's people and the assigned provider take part from now on."""
    visit = outcome.changes[0]
    assert isinstance(visit, Consultation)
    await work.settle(outcome, into=store.save)
    if admit:
        people = {account: Role(capacity) for account, capacity in await store.carers(work, visit.patient)}
        if visit.provider:
            people[visit.provider] = Role.PROVIDER
        await grants.admit_all(work, consultation=visit.id, people=people)
    return visit


async def _release(work: Work, visit: Consultation) -> None:
    """Nobody is in the room any more, and the provider is free unless another visit goes on."""
    await work.execute(Q.clear_room, work.org, visit.id)
    if visit.provider:
        await availability.load_of(work, visit.provider)
        await availability.released(work, visit.provider)
