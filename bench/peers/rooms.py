"""The peer in Python: `websockets`, serving rooms. What one socket says, everybody in the room hears: the same bytes.

It keeps nothing, asks nobody's name and forgets everything: the least that a server of sockets can be.
"""

from collections import defaultdict
from contextlib import suppress

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

ROOMS: defaultdict[str, set[ServerConnection]] = defaultdict(set)


async def _each(socket: ServerConnection) -> None:
    assert socket.request
    room = ROOMS[socket.request.path]
    room.add(socket)
    try:
        with suppress(ConnectionClosed):
            async for said in socket:
                broadcast(room, said)
    finally:
        room.discard(socket)


async def main() -> None:
    """Serve on a port that is free, and say which."""
    async with serve(_each, "127.0.0.1", 0, ping_interval=None, compression=None, backlog=1024) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await server.wait_closed()


if __name__ == "__main__":
    uvloop.run(main())
