"""A refusal, as the clinic words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """The answer was no. `type` is a slug that stays, `can` what is possible now, `facts` the rest."""

    def __init__(self, problem: Mapping[str, Any], *, status: int = 0) -> None:
        self.type = str(problem.get("type", "unknown"))
        self.title = str(problem.get("title", self.type))
        self.status = int(problem.get("status") or status)
        self.can: tuple[str, ...] = tuple(problem.get("can") or ())
        named = ("type", "title", "status", "can")
        self.facts: dict[str, Any] = {name: value for name, value in problem.items() if name not in named}
        super().__init__(f"{self.type}: {self.title}")
