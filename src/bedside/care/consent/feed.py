"""Who hears of consent: the visits of that patient which are going on, through the visit's own reader."""

from collections.abc import Callable, Mapping

from bedside.care.consent.model import ConsentGiven, ConsentRevoked
from bedside.kernel import Fact, Topic

HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    ConsentGiven: lambda f: {Topic.consultation(f.consultation): "CONSENT_GIVEN"} if f.consultation else {},
    ConsentRevoked: lambda f: {Topic.consultation(f.consultation): "CONSENT_REVOKED"} if f.consultation else {},
}
