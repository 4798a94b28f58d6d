"""Who hears of a visit's steps: fact → topics, with the event's name on each."""

from collections.abc import Callable, Mapping

from bedside.care.availability import RoomEntered, RoomLeft
from bedside.care.consultation import facts
from bedside.care.consultation.facts import Moved
from bedside.care.consultation.model import State
from bedside.care.grants import ParticipantAdded, ParticipantGone
from bedside.kernel import Fact, Topic

Names = dict[Topic, str]
GONE = (State.COMPLETED, State.NO_SHOW, State.CANCELLED)


def _step(fact: Moved, *, visit: str = "STATUS_UPDATED", queue: str | None = None, room: str | None = None) -> Names:
    """A step is heard by the visit, the department's queue and the provider's waiting room; the line may have moved."""
    on_queue = queue or ("PATIENT_REMOVED" if fact.state in GONE else "STATUS_UPDATED")
    heard = {Topic.consultation(fact.subject): visit, Topic.queue(fact.department): on_queue}
    if fact.provider:
        heard[Topic.waiting_room(fact.provider)] = room or on_queue
    if fact.state != fact.before and State.WAITING in (fact.state, fact.before):
        heard[Topic.line(fact.department)] = "LINE_MOVED"
    return heard


def _room(fact: RoomEntered | RoomLeft) -> Names:
    name = "PARTICIPANT_JOINED" if isinstance(fact, RoomEntered) else "PARTICIPANT_LEFT"
    heard = {Topic.consultation(fact.subject): name}
    if fact.department:
        heard[Topic.queue(fact.department)] = name
    return heard


HEARD: Mapping[type[Fact], Callable[..., Names]] = {
    facts.ConsultationScheduled: lambda f: _step(f, visit="APPOINTMENT_SCHEDULED", queue="APPOINTMENT_SCHEDULED"),
    facts.PatientCheckedIn: lambda f: _step(f, queue="PATIENT_ADDED", room="PATIENT_CHECKED_IN"),
    facts.DeviceCheckPassed: _step,
    facts.CalledIn: lambda f: _step(f, visit="PROVIDER_JOINED"),
    facts.MinuteAsked: _step,
    facts.Connected: _step,
    facts.SentBack: _step,
    facts.VisitEnded: lambda f: _step(f, visit="CONSULTATION_WRAPPING_UP"),
    facts.CalledBack: lambda f: _step(f, visit="PROVIDER_JOINED"),
    facts.WrapUpWaits: lambda f: _step(f, visit="WRAP_UP_WAITS", queue="WRAP_UP_WAITS"),
    facts.DeviceCheckWaits: lambda f: _step(f, visit="DEVICE_CHECK_WAITS", queue="DEVICE_CHECK_WAITS"),
    facts.Unseen: lambda f: _step(f, visit="PATIENT_UNSEEN", queue="PATIENT_UNSEEN"),
    facts.VisitCompleted: lambda f: _step(f, visit="CONSULTATION_ENDED"),
    facts.GivenUp: _step,
    facts.CameBack: lambda f: _step(f, queue="PATIENT_ADDED"),
    facts.Reopened: lambda f: _step(f, queue="APPOINTMENT_SCHEDULED"),
    facts.Cancelled: _step,
    facts.Rescheduled: lambda f: _step(f, queue="PATIENT_ADDED", room="PATIENT_CHECKED_IN"),
    ParticipantAdded: lambda f: {Topic.consultation(f.subject): "PARTICIPANT_ADDED"},
    ParticipantGone: lambda f: {Topic.consultation(f.subject): "PARTICIPANT_GONE"},
    RoomEntered: _room,
    RoomLeft: _room,
}
