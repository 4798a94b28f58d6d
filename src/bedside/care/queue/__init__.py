"""The line: its order, each patient's place in it, the department's board."""

from bedside.care.queue.actions import change_priority, move_in_line, transfer
from bedside.care.queue.model import QUEUE_STATUS
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
    "QueueRow",
    "Standing",
    "Trouble",
    "change_priority",
    "look",
    "move_in_line",
    "place_in_line",
    "show",
    "stand",
    "transfer",
    "waiting_for",
]
