"""The line: its order, each patient's place in it, the department's board."""

from bedside.care.queue.model import QUEUE_STATUS
from bedside.care.queue.views import Board, BoardView, LinePlace, QueueRow, look, place_in_line, show, waiting_for

__all__ = [
    "QUEUE_STATUS",
    "Board",
    "BoardView",
    "LinePlace",
    "QueueRow",
    "look",
    "place_in_line",
    "show",
    "waiting_for",
]
