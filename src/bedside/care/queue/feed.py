"""Who hears that the order changed by hand: the visit, the queue, the waiting rooms, and the line as a whole."""

from collections.abc import Callable, Mapping

from bedside.care.queue.model import MovedInLine, PriorityChanged, Transferred
from bedside.kernel import Fact, Topic


def _changed(fact: PriorityChanged | MovedInLine | Transferred) -> dict[Topic, str]:
    heard = {
        Topic.consultation(fact.subject): "QUEUE_CHANGED",
        Topic.queue(fact.department): "QUEUE_CHANGED",
        Topic.line(fact.department): "LINE_MOVED",
    }
    if fact.provider:
        heard[Topic.waiting_room(fact.provider)] = "QUEUE_CHANGED"
    if isinstance(fact, Transferred):
        heard[Topic.queue(fact.from_department)] = "QUEUE_CHANGED"
        heard[Topic.line(fact.from_department)] = "LINE_MOVED"
        if fact.from_provider:
            heard[Topic.waiting_room(fact.from_provider)] = "QUEUE_CHANGED"
    return heard


HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    PriorityChanged: _changed,
    MovedInLine: _changed,
    Transferred: _changed,
}
