"""HTTP: one request that is not given up at the first trouble. A change keeps its key: a repeat does it once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypedDict, Unpack
from uuid import uuid4

import httpx

from bedside_client.backoff import Backoff
from bedside_client.problem import Problem

TRIES = 6
BUSY = frozenset({502, 503, 504})
"""Not now; and for a change: perhaps done, perhaps not. The same key tells."""


class How(TypedDict, total=False):
    """What may be said with a request: its query, and the key under which a change is done once."""

    query: Mapping[str, Any] | None
    key: str | None


class Asks(Protocol):
    """Whoever can ask the clinic something."""

    async def call(self, method: str, path: str, body: Any = None, **how: Unpack[How]) -> Any:
        """One request, repeated until there is an answer."""
        ...


class Caller:
    """One signed-in program."""

    def __init__(
        self,
        base: str,
        token: str,
        *,
        http: httpx.AsyncClient | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.base = base.rstrip("/")
        self.token = token
        self.chance = chance
        self._http = http or httpx.AsyncClient(base_url=self.base, timeout=30)

    async def call(self, method: str, path: str, body: Any = None, **how: Unpack[How]) -> Any:
        """One request. If the line breaks or the clinic is not ready, again under the same key; then it raises."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method != "GET":
            headers["Idempotency-Key"] = how.get("key") or str(uuid4())
        pauses = Backoff(0.2, 5.0, chance=self.chance)
        for tries_left in reversed(range(TRIES)):
            asked_for = 0.0
            try:
                answer = await self._http.request(method, path, json=body, params=how.get("query"), headers=headers)
            except httpx.TransportError:
                if not tries_left:
                    raise
            else:
                if answer.status_code not in BUSY or not tries_left:
                    return _understood(answer)
                asked_for = _after(answer)
            await asyncio.sleep(pauses.pause(asked_for))
        raise AssertionError("the last try returns or raises")


class VisitCaller:
    """One visit, for one signed-in program."""

    def __init__(self, by: Asks, id: str) -> None:
        self.id = str(id)
        self.topic = f"consultation.{self.id}"
        self._by = by

    async def call(self, method: str, path: str, body: Any = None, **how: Unpack[How]) -> Any:
        """One request; a permission that ran out meanwhile is renewed once, and the request repeated under its key."""
        how["key"] = how.get("key") or str(uuid4())
        try:
            return await self._by.call(method, path, body, **how)
        except Problem as problem:
            if problem.type != "grant-lapsed":
                raise
        await self._by.call("POST", f"/api/v1/consultations/{self.id}/grant")
        return await self._by.call(method, path, body, **how)


def some(**members: Any) -> dict[str, Any]:
    """The members that were given at all."""
    return {name: value for name, value in members.items() if value is not None}


def _after(answer: httpx.Response) -> float:
    """What the clinic asked for, within reason."""
    asked = answer.headers.get("retry-after", "")
    return min(30.0, float(asked)) if asked.isdigit() else 0.0


def _understood(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    raise Problem(problem if isinstance(problem, dict) else {}, status=answer.status_code)
