"""What may be logged: known words about machines, never about people.

An allow-list, not a filter: a field nobody thought of is left out, and its absence is noticed in a test
rather than in a newspaper. Libraries may name themselves, their fixed text and the kind of an error; what
they would fill in, and every traceback, is left out.
"""

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

from bedside.cli.front import Asgi, Message, Receive, Scope, Send

FIELDS = frozenset({
    "event", "level", "timestamp", "loop", "at", "error", "code", "sqlstate", "constraint", "kind", "count",
    "n", "era", "org", "entry", "version", "seconds", "reader", "connections", "job",
    "route", "reference", "library", "method", "status",
})  # fmt: skip
LONGEST = 300  # characters of one value


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
    kept = {name: _plain(value) for name, value in event.items() if name in FIELDS}
    if len(kept) < len(event):
        kept["count_left_out"] = len(event) - len(kept)
    return kept


def _plain(value: Any) -> Any:
    """One short line, whatever it was: what a stranger wrote cannot break out of its place, or fill the disk."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if text.isprintable() and len(text) <= LONGEST else "unprintable"


def noted(house: Asgi) -> Asgi:
    """The house, with a line for each request: which route (its pattern, for a path may hold a secret), how it went.

    No address, no query, no id of anybody.
    """
    log = structlog.get_logger("bedside.access")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await house(scope, receive, send)
        began, status = time.monotonic(), 0

        async def told(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await house(scope, receive, told)
        finally:
            log.info(
                "answered", method=scope["method"], route=str(scope.get("path_template", "")), status=status,
                seconds=round(time.monotonic() - began, 4),
            )  # fmt: skip
        return None

    return answer


class _Libraries(logging.Handler):
    """What libraries say: who, which fixed text, which kind of error."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        about = {"error": kind} if kind else {}
        # The template without its arguments. One that was already filled in (no arguments) may say anything.
        text = str(record.msg) if record.args else "said something"
        structlog.get_logger().warning(text, library=record.name, **about)
