"""The line: its order, each patient's place in it, the department's board."""

from bedside.care.queue.actions import change_priority, move_in_line, transfer, undo
from bedside.care.queue.model import QUEUE_STATUS, MovedInLine, PriorityChanged, Transferred
from bedside.care.queue.views import (
    Board,
    BoardView,
    LinePlace,
    QueueRow,
    Standing,
    Trouble,
    look,
    place_in_line,
    show,
    stand,
    waiting_for,
)

__all__ = [
    "QUEUE_STATUS",
    "Board",
    "BoardView",
    "LinePlace",
    "MovedInLine",
    "PriorityChanged",
    "QueueRow",
    "Standing",
    "Trouble",
    "Transferred",
    "change_priority",
    "look",
    "move_in_line",
    "place_in_line",
    "show",
    "stand",
    "transfer",
    "undo",
    "waiting_for",
]
