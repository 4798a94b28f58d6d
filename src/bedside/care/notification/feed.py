"""Who hears of notifications: the person alone."""

from collections.abc import Callable, Mapping

from bedside.care.notification.model import NotificationRead, NotificationSent, NotificationSettled
from bedside.kernel import Fact, Topic

HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    NotificationSent: lambda f: {Topic.notification(f.account): f.type},
    NotificationRead: lambda f: {Topic.notification(f.account): "NOTIFICATION_READ"},
    NotificationSettled: lambda f: {Topic.notification(f.account): "NOTIFICATION_SETTLED"},
}
