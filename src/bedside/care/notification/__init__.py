"""Notification hears facts, and tells people. Nobody calls it."""

from bedside.care.notification.actions import read
from bedside.care.notification.model import NotificationRead, NotificationSent
from bedside.care.notification.views import NotificationView, mine

__all__ = ["NotificationRead", "NotificationSent", "NotificationView", "mine", "read"]
