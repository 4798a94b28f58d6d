"""Who hears of questions: those who are to answer, and then who asked."""

from collections.abc import Callable, Mapping

from bedside.care.audit.model import AccessAnswered, AccessQuestioned
from bedside.kernel import Fact, Topic

HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    AccessQuestioned: lambda f: {Topic.notification(account): "ACCESS_QUESTIONED" for account in f.told},
    AccessAnswered: lambda f: {Topic.notification(f.asked_by): "ACCESS_ANSWERED"},
}
