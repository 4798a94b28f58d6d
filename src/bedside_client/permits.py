"""Permission to take part in a visit is renewed silently, at two thirds of its life, as long as the feed is open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx

from bedside_client.problem import Problem

Renew = Callable[[str], Awaitable[str]]
"""Asks for a permission in this visit, and says when it ends."""
SHORTEST, LONGEST = 5.0, 600.0


async def kept(consultation: str, renew: Renew) -> None:
    """Hold a permission in this visit until there is none to be had."""
    while True:
        try:
            pause = _two_thirds_of(await renew(consultation))
        except httpx.HTTPError:
            pause = SHORTEST
        except Problem as no:
            if no.status != 503:
                return
            pause = SHORTEST
        await asyncio.sleep(pause)


def _two_thirds_of(ends: str) -> float:
    left = (datetime.fromisoformat(ends) - datetime.now(UTC)).total_seconds()
    return min(LONGEST, max(SHORTEST, left * 2 / 3))
