"""What is said in a visit: sealed, ordered, told once."""

from bedside.care.messages.actions import delete, edit, read, send
from bedside.care.messages.model import (
    MessageDeleted,
    MessageEdited,
    MessageGone,
    MessageSent,
    MessagesRead,
    MessageUnfit,
)
from bedside.care.messages.views import MessageView, Talk, count, look, said, show, words

__all__ = [
    "MessageDeleted",
    "MessageEdited",
    "MessageGone",
    "MessageSent",
    "MessageUnfit",
    "MessageView",
    "MessagesRead",
    "Talk",
    "count",
    "delete",
    "edit",
    "look",
    "read",
    "said",
    "send",
    "show",
    "words",
]
