"""A node whose sockets are in the test's hand: who comes, what leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from bedside.realtime import Gateway
from realtime.world import Clinic, Pipe, gateway

AMARA, OSEI = UUID(int=7), UUID(int=8)
VISIT, QUEUE = f"consultation.{UUID(int=5)}", f"queue.{UUID(int=6)}"


def frames(pipe: Pipe, *kinds: str) -> list[dict[str, Any]]:
    return [one for text in pipe.sent if (one := json.loads(text))["t"] in kinds]


@asynccontextmanager
async def a_node(clinic: Clinic) -> AsyncIterator[Gateway]:
    node = gateway(clinic)
    node.start()
    try:
        yield node
    finally:
        await node.stop()
        await clinic.time.run(10)


async def come(clinic: Clinic, node: Gateway, who: UUID, *topics: str, since: int | None = None) -> Pipe:
    pipe = Pipe()
    clinic.allow(who, *topics)
    pipe.task = asyncio.create_task(node.serve(pipe, clinic.person(who)))  # type: ignore[attr-defined]
    at = None if since is None else {"era": str(clinic.era), "n": since}
    pipe.say(json.dumps({"t": "hello", "device": "d", "since": at, "topics": topics}))
    await clinic.time.settle()
    return pipe
