"""Who hears of appointments: the visit, the department's board, the provider's waiting room."""

from collections.abc import Callable, Mapping

from bedside.care.appointments.model import AppointmentRetimed
from bedside.kernel import Fact, Topic


def _retimed(fact: AppointmentRetimed) -> dict[Topic, str]:
    heard = {Topic.queue(fact.department): "APPOINTMENT_CHANGED"}
    if fact.consultation:
        heard[Topic.consultation(fact.consultation)] = "APPOINTMENT_CHANGED"
    if fact.provider:
        heard[Topic.waiting_room(fact.provider)] = "APPOINTMENT_CHANGED"
    return heard


HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {AppointmentRetimed: _retimed}
