"""What waits to leave through one socket: bounded, purged by topic, held back while a verdict is in doubt."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

MOST_UNSENT = 256 * 1024
STALL_SECONDS = 10


class Outlet:
    """A queue of frames with one reader. Whoever lets it overflow is too slow for this socket."""

    def __init__(self) -> None:
        self._frames: deque[tuple[str | None, str]] = deque()
        self._ready = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._held = False
        self.unsent = 0  # characters
        self.sending_since: float | None = None
        self.closing = False

    def put(self, text: str, topic: str | None = None) -> bool:
        """Queue a frame. False if that is more than a socket may leave unsent."""
        if self.closing:
            return True
        self._frames.append((topic, text))
        self.unsent += len(text)
        self._wake()
        return self.unsent <= MOST_UNSENT

    def purge(self, topic: str) -> None:
        """Forget every frame of a topic: none of it leaves after this."""
        self._keep(lambda of: of != topic)

    def hold(self) -> None:
        """Let nothing out until `release`: somebody's right is being judged anew."""
        self._held = True
        self._wake()

    def release(self) -> None:
        self._held = False
        self._wake()

    def close(self, *, keep: bool) -> None:
        """Take nothing more. News is dropped; words to this client itself may still leave, if `keep`."""
        self._keep(lambda of: keep and of is None)
        self.closing = True
        self.release()
        self._ready.set()

    async def next(self) -> str | None:
        """The next frame, as soon as there is one that may leave; None when closed and empty."""
        self.sending_since = None
        while not self._frames or self._held:
            if self.closing:
                return None
            await self._ready.wait()
        text = self._frames.popleft()[1]
        self.unsent -= len(text)
        self._wake()
        return text

    async def emptied(self) -> None:
        """Wait until what is to leave has nearly left: there is room for more. Or it never will, and is over."""
        await self._room.wait()

    def stalled(self, ticks: float) -> bool:
        """Whether one frame has been leaving for longer than we wait for anybody."""
        return self.sending_since is not None and ticks - self.sending_since > STALL_SECONDS

    def _keep(self, wanted: Callable[[str | None], bool]) -> None:
        self._frames = deque(one for one in self._frames if wanted(one[0]))
        self.unsent = sum(len(text) for _, text in self._frames)
        self._wake()

    def _wake(self) -> None:
        if (self._frames and not self._held) or self.closing:
            self._ready.set()
        else:
            self._ready.clear()
        if self.unsent <= MOST_UNSENT // 16 or self.closing:
            self._room.set()
        else:
            self._room.clear()
