"""Who hears what is said: the visit's topic. The words go to those whom the entry names."""

from collections.abc import Callable, Mapping

from bedside.care.messages.model import MessageDeleted, MessageEdited, MessageSent, MessagesRead
from bedside.kernel import Fact, Topic

HEARD: Mapping[type[Fact], Callable[..., dict[Topic, str]]] = {
    MessageSent: lambda f: {Topic.consultation(f.consultation): "MESSAGE_SENT"},
    MessageEdited: lambda f: {Topic.consultation(f.consultation): "MESSAGE_EDITED"},
    MessageDeleted: lambda f: {Topic.consultation(f.consultation): "MESSAGE_DELETED"},
    MessagesRead: lambda f: {Topic.consultation(f.consultation): "MESSAGES_READ"},
}
