"""A view that stays true: fetched, and fetched again when the feed says that something changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from bedside_client.feed import Feed

View = TypeVar("View", bound=Mapping[str, Any])
CHANGES = frozenset({"n", "m", "resync", "gone", "here"})


class Opens(Protocol):
    """Opens a feed from a cursor on."""

    def __call__(self, topics: list[str], *, since: Mapping[str, Any] | None = None) -> Feed:
        """The feed, not yet begun."""
        ...


async def watching(
    live: Opens, look: Callable[[], Awaitable[View]], topics: list[str], chance: Callable[[], float]
) -> AsyncGenerator[View, None]:
    """The view now, then once more for each change; several changes that came meanwhile are one.

    The feed goes on from the first view's own cursor, so nothing falls between the two.
    """
    view = await look()
    async with live(topics, since=view.get("cursor")) as feed:
        yield view
        async for event in feed:
            heard = [event, *feed.waiting()]
            if not any(each.t in CHANGES for each in heard):
                continue
            # Where the line moved, everybody would ask at once: each waits for a moment of its own.
            within = max(int(each.frame.get("within", 0)) for each in heard)
            await asyncio.sleep(chance() * within / 1000)
            yield await look()
