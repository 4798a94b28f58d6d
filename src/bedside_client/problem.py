"""A refusal, as the clinic words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from bedside_client.names import RefusalSlug


class Problem(Exception):
    """The answer was no. `type` is a slug that stays, `can` what is possible now, `facts` the rest."""

    def __init__(self, problem: Mapping[str, Any], *, status: int = 0) -> None:
        self.type = cast("RefusalSlug", str(problem.get("type", "unknown")))
        """For programs. A newer clinic may say one that is not listed here."""
        self.title = str(problem.get("title", self.type))
        """For people, in the language that was asked for."""
        self.status = int(problem.get("status") or status)
        self.can: tuple[str, ...] = tuple(problem.get("can") or ())
        named = ("type", "title", "status", "can")
        self.facts: dict[str, Any] = {name: value for name, value in problem.items() if name not in named}
        super().__init__(f"{self.type}: {self.title}")
