"""What is said in a visit: sealed, ordered, told once."""

from bedside.care.messages.actions import read, send
from bedside.care.messages.model import MessageSent, MessagesRead, MessageUnfit
from bedside.care.messages.views import MessageView, Talk, look, said, show, words

__all__ = [
    "MessageSent",
    "MessageUnfit",
    "MessageView",
    "MessagesRead",
    "Talk",
    "look",
    "read",
    "said",
    "send",
    "show",
    "words",
]
