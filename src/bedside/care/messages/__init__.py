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
from bedside.care.messages.views import Earlier, MessageView, Talk, count, look, look_back, said, show, show_back, words

__all__ = [
    "Earlier",
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
    "look_back",
    "read",
    "said",
    "send",
    "show",
    "show_back",
    "words",
]
