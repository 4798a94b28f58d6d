"""Who hears that a provider is free, busy, away or gone: their departments."""

from collections.abc import Callable, Mapping

from bedside.care.availability.model import AvailabilityChanged
from bedside.kernel import Fact, Topic

HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    AvailabilityChanged: lambda f: {Topic.presence(department): "statusChange" for department in f.departments},
}
