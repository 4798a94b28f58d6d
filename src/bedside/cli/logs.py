"""What may be logged: known words about machines, never about people.

An allow-list, not a filter: a field nobody thought of is left out, and its absence is noticed in a test
rather than in a newspaper. Libraries may name themselves, their fixed text and the kind of an error; what
they would fill in, and every traceback, is left out.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FIELDS = frozenset({
    "event", "level", "timestamp", "loop", "at", "error", "code", "sqlstate", "constraint", "kind", "count",
    "n", "era", "org", "entry", "version", "seconds", "reader", "connections", "job",
    "route", "reference", "library",
})  # fmt: skip


def configure() -> None:
    """One line per event on stderr, as JSON where nobody watches."""
    watched = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if watched else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_known,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(logging.WARNING)


def only_known(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out whatever is not on the list, and say how much that was."""
    kept = {name: value for name, value in event.items() if name in FIELDS}
    if len(kept) < len(event):
        kept["count_left_out"] = len(event) - len(kept)
    return kept


class _Libraries(logging.Handler):
    """What libraries say: who, which fixed text, which kind of error."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        about = {"error": kind} if kind else {}
        # The template without its arguments. One that was already filled in (no arguments) may say anything.
        text = str(record.msg) if record.args else "said something"
        structlog.get_logger().warning(text, library=record.name, **about)
