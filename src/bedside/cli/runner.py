"""Runs the house: binds its doors, opens it, and closes it in the right order.

Order of closing: no new visitors, then the requests and sockets that are open, then the house (timekeeper,
sequencer), then its database. Ctrl-C and TERM do this; so does an error on the way up.
"""

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from bedside.cli.front import Asgi, Front, behind, lived_in
from bedside.cli.guarded import Guarded
from bedside.cli.guarded_socket import GuardedSocket

SOCKET_LIMIT = 1024 * 1024  # the wire allows 64 KiB; above that we still want to say so before we close
GRACE = 5  # seconds for open requests when we close


class CannotListen(RuntimeError):
    """An address that cannot be used; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Door:
    """One address we listen on."""

    host: str
    port: int
    cert: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    """Reverse proxies whose word about the visitor's address is believed."""

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.cert else 'http'}://{host}:{self.port}"


Opening = Callable[[Callable[[str], None]], AbstractAsyncContextManager[Asgi]]


def run(
    doors: Sequence[Door],
    opening: Opening,
    *,
    front: Front,
    say: Callable[[str], None],
    ready: Callable[[], Awaitable[None]],
    refresh: Callable[[], Awaitable[None]] | None = None,
) -> int:
    """Serve until told to stop. 0 when we were asked to, whether by Ctrl-C or TERM."""
    _open_files()
    with asyncio.Runner(loop_factory=_loop_factory()) as loop:
        return loop.run(_until_told(doors, opening, front=front, say=say, ready=ready, refresh=refresh))


def _open_files() -> None:
    """Each open page is an open file: as many as this machine allows, not the 1,024 that a shell begins with."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _until_told(
    doors: Sequence[Door],
    opening: Opening,
    *,
    front: Front,
    say: Callable[[str], None],
    ready: Callable[[], Awaitable[None]],
    refresh: Callable[[], Awaitable[None]] | None,
) -> int:
    def told(step: str) -> None:
        front.reason = step
        say(step)

    with _sockets(doors) as sockets:
        life = asyncio.ensure_future(_live(doors, sockets, opening, front=front, say=told, ready=ready))
        asked = _heed(life, refresh)
        try:
            await life
        except asyncio.CancelledError:
            if not asked.is_set():
                raise
    return 0


async def _live(
    doors: Sequence[Door],
    sockets: Sequence[socket.socket],
    opening: Opening,
    *,
    front: Front,
    say: Callable[[str], None],
    ready: Callable[[], Awaitable[None]],
) -> None:
    # The doors open first, answering "not yet": whoever waits for /healthz is told why.
    async with contextlib.AsyncExitStack() as stack:
        early = await stack.enter_async_context(_doors(doors, sockets, front))
        house = await stack.enter_async_context(opening(say))
        await stack.enter_async_context(lived_in(house))
        front.open(house)
        # Last in, first out: on the way down the servers finish while house and database still stand.
        stack.push_async_callback(early.close)
        await ready()
        await early.ended()


class _Servers:
    """All doors together."""

    def __init__(self, front: Front, servers: list[uvicorn.Server], tasks: list[asyncio.Task[None]]) -> None:
        self._front, self._servers, self._tasks = front, servers, tasks

    async def ended(self) -> None:
        """Return when one of them ends by itself, which only an error does."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def close(self) -> None:
        """Let nobody new in, finish what is open, and hang up."""
        self._front.close("closing")
        for server in self._servers:
            server.should_exit = True
        await asyncio.gather(*self._tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def _doors(doors: Sequence[Door], sockets: Sequence[socket.socket], front: Front) -> AsyncGenerator[_Servers]:
    servers = [_Server(_config(door, front)) for door in doors]
    tasks = [
        asyncio.create_task(server.serve(sockets=[bound]), name=f"door {door.url}")
        for server, bound, door in zip(servers, sockets, doors, strict=True)
    ]
    together = _Servers(front, list(servers), tasks)
    try:
        yield together
    finally:
        await together.close()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # uvicorn would take the signals for itself and raise them again after its end, so that nothing
        # after it (closing the database) ever ran. They are ours.
        yield


def _config(door: Door, front: Front) -> uvicorn.Config:
    settings: dict[str, Any] = {
        "http": Guarded,
        "ws": GuardedSocket,
        "ws_max_size": SOCKET_LIMIT,
        "ws_ping_interval": None,  # the wire has its own beats
        "ws_per_message_deflate": False,  # secrets beside what a stranger writes must not share a compressor
        "access_log": False,  # paths of links are secrets
        "log_config": None,
        "log_level": "warning",
        "server_header": False,
        "lifespan": "off",
        "proxy_headers": False,  # by `behind`, which also turns away whoever is not the proxy
        "timeout_graceful_shutdown": GRACE,
    }
    if door.cert and door.key:
        settings |= {"ssl_certfile": str(door.cert), "ssl_keyfile": str(door.key)}
    house = behind(front, door.proxies) if door.proxies else front
    return uvicorn.Config(house, host=door.host, port=door.port, **settings)


@contextlib.contextmanager
def _sockets(doors: Sequence[Door]) -> Generator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(_bind(door)) for door in doors]


def _bind(door: Door) -> socket.socket:
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((door.host, door.port))
    except OSError as no:
        bound.close()
        raise CannotListen(
            f"Cannot listen on {door.host}, port {door.port}: {no.strerror}. "
            "Is another Bedside running? PORT= chooses another port."
        ) from None
    return bound


def _heed(life: asyncio.Future[None], refresh: Callable[[], Awaitable[None]] | None) -> asyncio.Event:
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    running: set[asyncio.Future[None]] = set()

    def stop() -> None:
        # A second Ctrl-C cuts the waiting short; what is committed is on disk either way.
        asked.set()
        life.cancel()

    def renew() -> None:
        if refresh:
            task = asyncio.ensure_future(refresh())
            running.add(task)
            task.add_done_callback(running.discard)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(each, stop)
    loop.add_signal_handler(signal.SIGUSR1, renew)
    return asked


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop
