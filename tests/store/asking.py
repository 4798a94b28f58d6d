"""How a query is asked about somebody's visit, when all that is known of it is its text."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

MOST = 4
"""Of all the ways in which ids fit one query, so many are drawn for each stranger; 39,220 are all there are."""
PLAIN: dict[str, Any] = {
    "int2": 1,
    "int4": 1,
    "int8": 1,
    "bool": True,
    "jsonb": {},
    "text": "text",
    "bytea": b"x" * 32,
    "text[]": ["family"],
    "bytea[]": [b"x" * 16],
}
"""What stands for a value that is no id."""


def named_parameters(sql: str) -> dict[int, str]:
    """Which column each parameter stands for, as far as the text says so."""
    found = {int(n): column for column, n in re.findall(r"(\w+)\s*=\s*(?:any\s*\()?\s*\$(\d+)", sql)}
    if insert := re.search(r'insert into "?\w+"? \(([^)]*)\)\s*(?:values \(|select )([^\n]*)', sql):
        for column, text in zip(insert[1].split(","), insert[2].split(","), strict=False):
            if given := re.fullmatch(r"\s*\$(\d+)\)*\s*", text):
                found.setdefault(int(given[1]), column.strip())
    return found


def values_for(ids: dict[str, UUID], me: UUID, at: datetime, sql: str, types: list[str]) -> Iterator[list[Any]]:
    """Every way to ask this query about her visit: each id that a parameter may mean."""
    named = named_parameters(sql)
    hers = [id for name, id in ids.items() if name not in ("org", "provider")]

    def choices(n: int, type: str) -> list[Any]:
        column = named.get(n, "")
        if type in ("uuid", "uuid[]"):
            meant = [ids[column]] if column in ids and column != "account" else hers
            if column in ("account", "sender", "viewer", "signer"):
                meant = [ids["account"], me]
            return [[id] for id in meant] if type == "uuid[]" else meant
        if type == "text" and column in ("state", "as_role", "kind", "type", "priority", "capacity", "role"):
            return {"state": ["waiting"], "as_role": ["nurse"], "kind": ["priority"], "type": ["telehealth"]}.get(
                column, ["normal"]
            )
        plain = PLAIN | {"timestamptz": at + timedelta(hours=1), "date": at.date()}
        return [plain.get(type)]

    every = [list(each) for each in product(*(choices(n, type) for n, type in enumerate(types, 1)))]
    yield from Random(len(sql)).sample(every, min(MOST, len(every)))
