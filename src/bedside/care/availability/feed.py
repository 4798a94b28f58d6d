"""Who hears that a provider is free, busy, away or gone, and that there is a new one: their departments."""

from collections.abc import Callable, Mapping

from bedside.care.availability.model import AvailabilityChanged
from bedside.care.people import StaffHired
from bedside.kernel import Fact, Role, Topic

STATUS = "statusChange"


def _hired(fact: StaffHired) -> dict[Topic, str]:
    return {Topic.presence(fact.department): STATUS} if fact.department and fact.as_role == Role.PROVIDER else {}


HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    AvailabilityChanged: lambda f: {Topic.presence(department): STATUS for department in f.departments},
    StaffHired: _hired,
}
