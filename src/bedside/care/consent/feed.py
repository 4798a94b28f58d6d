"""Who hears of consent: every visit of that patient which is planned or going on, and who works with it."""

from collections.abc import Callable, Mapping

from bedside.care.consent.model import ConsentHeard
from bedside.kernel import Fact, Topic


def _heard(fact: ConsentHeard) -> dict[Topic, str]:
    name = "CONSENT_GIVEN" if fact.granted else "CONSENT_REVOKED"
    heard = {Topic.consultation(fact.subject): name, Topic.queue(fact.department): name}
    if fact.provider:
        heard[Topic.waiting_room(fact.provider)] = name
    return heard


HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {ConsentHeard: _heard}
