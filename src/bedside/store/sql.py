"""Queries live in `queries.sql` beside the store that uses them: named, commented, ready to be pasted into psql."""

import re
from pathlib import Path

_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


class Queries:
    """The named queries of one file; each is an attribute with its SQL text."""

    def __init__(self, beside: str) -> None:
        self.path = Path(beside).with_name("queries.sql")
        parts = _NAMED.split(self.path.read_text(encoding="utf-8"))
        self.texts = dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))
        if len(self.texts) * 2 + 1 != len(parts):
            raise ValueError(f"{self.path.name} names a query twice")

    def __getattr__(self, name: str) -> str:
        try:
            return self.texts[name]
        except KeyError:
            raise AttributeError(f"{self.path} has no query {name}") from None
