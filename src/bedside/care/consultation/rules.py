"""What may happen to a visit. Each verb: the visit as it is, how things stand, by whom → an outcome, or a refusal.

All of them follow the table; here stands only what else changes with a step.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from bedside.care.consultation import facts, refusals
from bedside.care.consultation.machine import CONSULTATION
from bedside.care.consultation.model import Consultation, DeviceCheck, Place, Said, Situation, State, Times, Undo
from bedside.kernel import Actor, Deadline, Fact, NotFromHere, Outcome, Party, Refused, Role, Sealed

SKIP_REASONS = ("no-camera", "no-microphone", "will-phone", "not-now", "no-script", "helped-by-desk")
SEND_BACK_REASONS = ("not-there", "technical", "need-more-time", "wrong-person", "other")
CANCEL_REASONS = ("feeling-better", "cannot-come", "technical", "clinic", "patient-asked", "mistake", "other")
HOUSE_REASONS = ("abandoned", "nobody-came", "consent-withdrawn", "cancelled-in-the-room")
RESCHEDULED = "rescheduled"
ON_BEHALF_REASONS = ("colleague-away", "handed-over", "other")


def parties(actor: Actor, visit: Consultation, *, acts_for: bool) -> frozenset[Party]:
    """What this actor is to this visit. `acts_for`: their account acts for the visit's patient."""
    match actor.role:
        case Role.PATIENT | Role.GUARDIAN | Role.PROXY if acts_for:
            return frozenset({Party.PATIENT})
        case Role.PROVIDER:
            return frozenset({Party.PROVIDER if visit.provider == actor.account else Party.COLLEAGUE})
        case Role.NURSE | Role.FRONT_DESK:
            return frozenset({Party.DESK})
        case Role.ADMINISTRATOR:
            return frozenset({Party.DESK, Party.ADMINISTRATOR})
        case Role.SYSTEM:
            return frozenset({Party.SYSTEM})
        case _:
            return frozenset()


def rank(waiting_since: datetime, priority: str, times: Times) -> datetime:
    """The line's constant key: waiting time, less the credit of the priority."""
    return waiting_since - times.credit_of(priority)


By = Collection[Party]


def follow(visit: Consultation, verb: str, s: Situation, by: By) -> State:
    """Where the table leads. Who is refused is told what is possible instead, whatever this request left unsaid."""
    try:
        return State(CONSULTATION.follow(visit, verb, by=by, given=s))
    except Refused as refused:
        refused.can = CONSULTATION.possible(visit, by=by, given=replace(s, said=Said.everything()))
        raise


def check_in(visit: Consultation, s: Situation, *, by: By, place: Place, entry: UUID) -> Outcome:
    """A patient arrives and takes a place in line."""
    state = follow(visit, "check_in", s, by)
    arrived = replace(visit, state=state, queue_entry=entry, checked_in_at=s.now, close_reason=None, close_code=None)
    return step(visit, arrived, facts.PatientCheckedIn, s, also=(place,))


def pass_device_check(
    visit: Consultation, s: Situation, *, by: By, check: DeviceCheck, undo: Undo | None = None
) -> Outcome:
    """Camera, microphone and connection were looked at, with faults or without: the patient waits."""
    state = follow(visit, "pass_device_check", s, by)
    words = {check.camera, check.microphone, check.connection}
    # What the device found, only the patient's device can say; everybody else may skip the check for them.
    known = set(DeviceCheck.RESULTS) if Party.PATIENT in by else {"skipped"}
    no_words_of_their_own = check.reason is None or check.reason in SKIP_REASONS
    if not words <= known or not no_words_of_their_own or ("skipped" in words and check.reason is None):
        raise refusals.DeviceCheckUnclear
    since = visit.waiting_since or s.now
    waiting = replace(
        visit,
        state=state,
        device=msgspec.to_builtins(check),
        waiting_since=since,
        rank_at=rank(since, visit.priority, s.times),
    )  # fmt: skip
    return step(visit, waiting, facts.DeviceCheckPassed, s, undo=undo)


def call_in(visit: Consultation, s: Situation, *, by: By, provider: UUID) -> Outcome:
    """A provider is ready for this patient, and takes the visit over where it was a colleague's."""
    state = follow(visit, "call_in", s, by)
    called = replace(
        visit,
        state=state,
        provider=provider,
        called_at=s.now,
        room_until=s.now + s.times.connecting,
        minute_asked=False,
        called_in_vain_at=None,
    )
    return step(visit, called, facts.CalledIn, s)


def ask_for_a_minute(visit: Consultation, s: Situation) -> Outcome:
    """Once, the patient may take a minute; the room stays open."""
    if visit.state != State.CONNECTING or visit.minute_asked or visit.room_until is None:
        raise not_now(visit, "ask_for_a_minute")
    later = replace(visit, minute_asked=True, room_until=visit.room_until + s.times.a_minute)
    return step(visit, later, facts.MinuteAsked, s)


def connect(visit: Consultation, s: Situation, *, by: By) -> Outcome:
    """Both are in the room: the visit begins. Its beginning is the first time only."""
    state = follow(visit, "connect", s, by)
    begun = replace(visit, state=state, started_at=visit.started_at or s.now, room_until=None, called_in_vain_at=None)
    return step(visit, begun, facts.Connected, s)


def send_back(visit: Consultation, s: Situation, *, by: By) -> Outcome:
    """The patient waits again and keeps the place: `waiting_since` and rank stay."""
    state = follow(visit, "send_back", s, by)
    reason = one_of(s, SEND_BACK_REASONS if Party.SYSTEM not in by else HOUSE_REASONS)
    came_not = reason in ("not-there", "nobody-came") and not s.patient_in_room
    in_vain = s.now if visit.state == State.CONNECTING and came_not else None
    back = replace(visit, state=state, room_until=None, called_in_vain_at=in_vain or visit.called_in_vain_at)
    return step(visit, back, facts.SentBack, s, code=reason)


def end(visit: Consultation, s: Situation, *, by: By) -> Outcome:
    """The visit is over for the patient; the provider wraps up."""
    state = follow(visit, "end", s, by)
    code = None
    if Party.SYSTEM in by:
        code = "nobody-came" if s.consented else "consent-withdrawn"
    return step(visit, replace(visit, state=state, ended_at=s.now), facts.VisitEnded, s, code=code)


def call_back(visit: Consultation, s: Situation, *, by: By) -> Outcome:
    """It was ended too early; the visit goes on, and the patient is called anew."""
    state = follow(visit, "call_back", s, by)
    return step(visit, replace(visit, state=state, ended_at=None, called_at=s.now), facts.CalledBack, s)


def complete(visit: Consultation, s: Situation, *, by: By, summary: Sealed[str], follow_up: bool) -> Outcome:
    """The closing summary is written: what was found, what to do, and whether to come again."""
    state = follow(visit, "complete", s, by)
    code = None if Party.PROVIDER in by else one_of(s, ON_BEHALF_REASONS)
    done = replace(
        visit,
        state=state,
        summary=summary,
        follow_up=follow_up,
        completed_at=s.now,
        closed_at=s.now,
        close_reason="completed",
    )
    return step(visit, done, facts.VisitCompleted, s, code=code, minutes=done.minutes_lasted, follow_up=follow_up)


def give_up(visit: Consultation, s: Situation, *, by: By) -> Outcome:
    """The patient did not come."""
    state = follow(visit, "give_up", s, by)
    return step(visit, replace(visit, state=state, closed_at=s.now, close_reason="no-show"), facts.GivenUp, s)


def come_back(visit: Consultation, s: Situation, *, by: By, undo: Undo | None = None) -> Outcome:
    """The patient came after all: the old place in line."""
    state = follow(visit, "come_back", s, by)
    back = replace(visit, state=state, closed_at=None, close_reason=None, close_code=None, called_in_vain_at=None)
    return step(visit, back, facts.CameBack, s, undo=undo)


def reopen(visit: Consultation, s: Situation, *, by: By) -> Outcome:
    """A visit that was never checked in gets another time today."""
    state = follow(visit, "reopen", s, by)
    assert s.said.new_time is not None, "the guard saw to it"
    again = replace(visit, state=state, starts_at=s.said.new_time, closed_at=None, close_reason=None, close_code=None)
    return step(visit, again, facts.Reopened, s)


def cancel(visit: Consultation, s: Situation, *, by: By, close_reason: str = "cancelled") -> Outcome:
    """The visit does not take place."""
    state = follow(visit, "cancel", s, by)
    reasons = CANCEL_REASONS if Party.SYSTEM not in by else HOUSE_REASONS
    reason = one_of(s, (RESCHEDULED,) if close_reason == RESCHEDULED else reasons)
    gone = replace(visit, state=state, closed_at=s.now, close_reason=close_reason, close_code=reason)
    return step(visit, gone, facts.Cancelled, s, code=reason)


def reschedule(visit: Consultation, s: Situation, *, by: By, place: Place) -> Outcome:
    """A cancelled visit takes place today after all: checked in again, the same queue entry."""
    state = follow(visit, "reschedule", s, by)
    starts_at = s.said.new_time or visit.starts_at
    again = replace(
        visit,
        state=state,
        starts_at=starts_at,
        checked_in_at=s.now,
        waiting_since=None,
        rank_at=None,
        called_in_vain_at=None,
        closed_at=None,
        close_reason=None,
        close_code=None,
    )
    return step(visit, again, facts.Rescheduled, s, also=(place,))


def deadlines(visit: Consultation, times: Times) -> tuple[Deadline, ...]:
    """What happens to this visit by itself, and when: a function of the visit, so that nothing is left over."""
    state = visit.state
    due: dict[str, datetime | None] = {
        "visit-missed": visit.starts_at + times.join_after if state == State.SCHEDULED else None,
        "device-check-waits": None,
        "device-check-abandoned": None,
        "called-in-vain": None,
        "connecting-over": visit.room_until if state == State.CONNECTING else None,
        "room-empty": None,
        "wrap-up-waits": visit.ended_at + times.wrap_up if state == State.WRAPPING_UP and visit.ended_at else None,
        "forget-place": None,
        "day-over": None,
    }
    if state == State.CHECKED_IN and visit.checked_in_at:
        due["device-check-waits"] = max(visit.checked_in_at, visit.starts_at - times.join_before) + times.stuck
        due["device-check-abandoned"] = max(visit.checked_in_at, visit.starts_at) + times.abandoned
    if state == State.WAITING and visit.called_in_vain_at:
        due["called-in-vain"] = visit.called_in_vain_at + times.in_vain
    if state in (State.CHECKED_IN, State.WAITING):
        due["day-over"] = end_of_day(visit.day, visit.zone)
    if state == State.IN_PROGRESS and visit.called_at:
        due["room-empty"] = visit.called_at + times.room_empty
    if state == State.COMPLETED:
        due["forget-place"] = visit.completed_at
    if state in (State.CANCELLED, State.NO_SHOW) and visit.closed_at:
        last = max(visit.closed_at, visit.starts_at)
        due["forget-place"] = max(end_of_day(last, visit.zone), visit.closed_at + times.grace + timedelta(minutes=1))
    return tuple(Deadline(kind, visit.id, at, visit.version) for kind, at in due.items())


def end_of_day(at: datetime, zone: str) -> datetime:
    """The next midnight on the clinic's wall."""
    wall = at.astimezone(ZoneInfo(zone))
    return datetime.combine(wall.date() + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(at.tzinfo)


def must_be_another_day(visit: Consultation, starts: datetime, now: datetime) -> None:
    """Today a visit is taken up again under its own entry; what was seen or goes on has no other time."""
    movable = (State.CHECKED_IN, State.WAITING, State.CONNECTING, State.CANCELLED, State.NO_SHOW)
    if visit.state not in movable or visit.moved_to:
        raise not_now(visit, "new_time")
    zone = ZoneInfo(visit.zone)
    if starts.astimezone(zone).date() <= now.astimezone(zone).date():
        raise refusals.AnotherDayNeeded


def not_now(visit: Consultation, verb: str) -> NotFromHere:
    """The refusal for what is no step of the table, and does not fit the visit's state."""
    return NotFromHere(state=str(visit.state), verb=verb)


def one_of(s: Situation, reasons: tuple[str, ...]) -> str:
    if s.said.reason not in reasons:
        raise refusals.ReasonNeeded(reasons=", ".join(reasons))
    return s.said.reason


def step(
    before: Consultation,
    after: Consultation,
    told: type[facts.Moved],
    s: Situation,
    *,
    also: tuple[Any, ...] = (),
    undo: Undo | None = None,
    **more: Any,
) -> Outcome:
    """A step: one version on, authority judged anew, the fact that tells it, the deadlines that follow from it."""
    moved = replace(after, version=before.version + 1, epoch=before.epoch + 1, undo=undo)
    fact: Fact = told(
        subject=moved.id,
        consultation=moved.id,
        patient=moved.patient,
        queue_entry=moved.queue_entry,
        department=moved.department,
        provider=moved.provider,
        before=str(before.state),
        state=str(moved.state),
        version=moved.version,
        **more,
    )
    return Outcome(changes=(moved, *also), facts=(fact,), deadlines=deadlines(moved, s.times))
