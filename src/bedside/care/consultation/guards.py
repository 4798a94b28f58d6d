"""The guards that stand in the table: named pure functions, `(visit, situation)` → why not, or None."""

from zoneinfo import ZoneInfo

from bedside.care.consent import TELEHEALTH, ConsentMissing
from bedside.care.consultation.model import Consultation, Situation
from bedside.care.consultation.refusals import (
    AnotherDay,
    GraceOver,
    IdentityNotConfirmed,
    MovedAway,
    NewTimeNeeded,
    OutsideJoinWindow,
    PatientAway,
    PatientElsewhere,
    PatientHere,
    PlaceNotConfirmed,
    ProviderFull,
    ProviderThere,
    ReasonNeeded,
    SomebodyMissing,
    SomebodyThere,
    SummaryNeeded,
)
from bedside.kernel import Instant, Refused


def no_telehealth_consent(visit: Consultation, s: Situation) -> Refused | None:
    """Consent to be seen by video was not given, was withdrawn, or has lapsed."""
    return None if s.consented else ConsentMissing(consent=TELEHEALTH)


def outside_the_join_window(visit: Consultation, s: Situation) -> Refused | None:
    """Too early or too late."""
    opens, closes = visit.starts_at - s.times.join_before, visit.starts_at + s.times.join_after
    if opens <= s.now <= closes:
        return None
    return OutsideJoinWindow(opens=opens.isoformat(), closes=closes.isoformat())


def place_not_confirmed(visit: Consultation, s: Situation) -> Refused | None:
    """The patient has not said where they are now and on which number."""
    return None if s.said.place_confirmed else PlaceNotConfirmed()


def patient_is_away(visit: Consultation, s: Situation) -> Refused | None:
    """No page of the patient is open, and "call anyway" was not said."""
    return None if s.patient_here or s.said.anyway else PatientAway()


def identity_not_confirmed(visit: Consultation, s: Situation) -> Refused | None:
    """Whom the provider is about to see was not confirmed."""
    return None if s.said.identity_confirmed else IdentityNotConfirmed()


def provider_is_full(visit: Consultation, s: Situation) -> Refused | None:
    """The provider's visits in connecting and in-progress are at their maximum."""
    return None if s.load < s.most else ProviderFull(load=s.load, most=s.most)


def somebody_is_missing(visit: Consultation, s: Situation) -> Refused | None:
    """Patient and provider are not both in the room."""
    return None if s.patient_in_room and s.provider_in_room else SomebodyMissing()


def somebody_is_there(visit: Consultation, s: Situation) -> Refused | None:
    """Somebody is in the room or was within the set time, and consent stands."""
    if not s.consented:
        return None
    if s.room_empty_since is not None and s.now - s.room_empty_since >= s.times.room_empty:
        return None
    return SomebodyThere()


def provider_is_there(visit: Consultation, s: Situation) -> Refused | None:
    """The provider is in the room, or left it a moment ago."""
    if s.provider_in_room:
        return ProviderThere()
    since = s.provider_left_at or visit.called_at
    return None if since is not None and s.now - since >= s.times.provider_left else ProviderThere()


def patient_is_here(visit: Consultation, s: Situation) -> Refused | None:
    """A page of the patient is open, or we cannot know yet that none is."""
    return PatientHere() if s.patient_here or not s.presence_known else None


def absent_too_short(visit: Consultation, s: Situation) -> Refused | None:
    """Called in vain or the day is over, and not here for a quarter of an hour: less is a locked phone, no absence."""
    over = visit.waiting_since if day_is_over(visit, s.now) else None
    called = visit.called_in_vain_at or over
    since = max(filter(None, (called, s.patient_seen_at)), default=None) if called else None
    return PatientHere() if since is None or s.now - since < s.times.in_vain else None


def device_check_not_abandoned(visit: Consultation, s: Situation) -> Refused | None:
    """The patient was here within the time that a device check may take."""
    seen = s.patient_seen_at
    return PatientHere() if seen is not None and s.now - seen < s.times.abandoned else None


def patient_is_elsewhere(visit: Consultation, s: Situation) -> Refused | None:
    """The patient is in another visit, or being called into one."""
    return PatientElsewhere() if s.patient_elsewhere else None


def grace_is_over(visit: Consultation, s: Situation) -> Refused | None:
    """The time to come back by oneself has passed."""
    closed = visit.closed_at
    return None if closed is not None and s.now - closed <= s.times.grace else GraceOver()


def another_day(visit: Consultation, s: Situation) -> Refused | None:
    """It is no longer the day of the visit, in the clinic's zone."""
    zone = ZoneInfo(visit.zone)
    return None if s.now.astimezone(zone).date() == visit.starts_at.astimezone(zone).date() else AnotherDay()


def moved_away(visit: Consultation, s: Situation) -> Refused | None:
    """Another visit, on another day, takes place instead."""
    return MovedAway() if visit.moved_to else None


def day_is_over(visit: Consultation, now: Instant) -> bool:
    """Whether midnight has passed on the clinic's wall since the day of the visit."""
    zone = ZoneInfo(visit.zone)
    return now.astimezone(zone).date() > visit.day.astimezone(zone).date()


def no_new_time_today(visit: Consultation, s: Situation) -> Refused | None:
    """No time later today was given."""
    if s.said.hypothetical:
        return None
    return NewTimeNeeded() if s.said.new_time is None else new_time_elsewhen(visit, s)


def new_time_elsewhen(visit: Consultation, s: Situation) -> Refused | None:
    """A time was given, and it is not later today on the clinic's wall. None given: the old time stands."""
    at, zone = s.said.new_time, ZoneInfo(visit.zone)
    if at is None or (at >= s.now and at.astimezone(zone).date() == s.now.astimezone(zone).date()):
        return None
    return NewTimeNeeded()


def no_reason(visit: Consultation, s: Situation) -> Refused | None:
    """No reason was given."""
    return ReasonNeeded() if s.said.reason is None else None


def no_summary(visit: Consultation, s: Situation) -> Refused | None:
    """No closing summary was written."""
    return None if s.said.summary else SummaryNeeded()
