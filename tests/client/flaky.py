"""A door that gives trouble on purpose: it turns requests away, or does them and loses the answer."""

from collections import deque
from typing import Any, Literal

Trouble = Literal["turned-away", "lost", "garbled"]


class Flaky:
    """The clinic behind a proxy that has bad moments. Each entry of `plan` spoils one request."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.plan: deque[Trouble | None] = deque()
        self.asked: list[tuple[str, str, str]] = []
        """Method, path and key of every HTTP request, in order."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.house(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["method"], scope["path"], headers.get("idempotency-key", "")))
        trouble = self.plan.popleft() if self.plan else None
        if trouble is None:
            return await self.house(scope, receive, send)
        if trouble != "turned-away":
            # It is done, and committed; only the answer does not come through.
            await self.house(scope, receive, _nowhere)
        status = 504 if trouble == "lost" else 503
        head = [(b"retry-after", b"0")] if trouble == "turned-away" else []
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": b"<html>gateway</html>"})
        return None


async def _nowhere(message: Any) -> None:
    """Where a lost answer goes."""
