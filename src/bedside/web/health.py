"""Whether the house is well, for whoever watches it: a load balancer, a supervisor, the operator."""

import asyncio
from datetime import timedelta
from typing import Any

from litestar import MediaType, Response, get
from litestar.datastructures import State

BEHIND = timedelta(seconds=10)
"""An entry that waits longer for its number is an alarm: care goes on, but screens are quiet."""


@get("/healthz", media_type=MediaType.JSON, opt={"open": True}, include_in_schema=False)
async def healthz(state: State) -> Response[dict[str, Any]]:
    """200 once everything is ready; 503 with the reason before, in an outage, and when nothing is numbered."""
    clinic: Any = state.clinic
    try:
        waits_since = await asyncio.wait_for(clinic.sequencer.oldest(), 3)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not now"
        return Response({"status": "unavailable", "reason": type(error).__name__}, status_code=503)
    if waits_since is not None and clinic.house.clock.now() - waits_since > BEHIND:
        return Response({"status": "unavailable", "reason": "the journal is not being numbered"}, status_code=503)
    return Response({"status": "ok", "since": clinic.house.since.isoformat()}, headers={"Cache-Control": "no-store"})
