"""Another process at the keystore: it mints, destroys, starts, and dies where it is told to."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from bedside.crypto import Keyring, SqliteKeystore, address
from bedside.crypto.strongbox import Strongbox

DIED = 9


def say(word: object) -> None:
    """An acknowledgement: out of this process's hands when the call returns."""
    os.write(1, f"{word}\n".encode())


async def mint(folder: Path, org: str, count: str) -> None:
    """Acknowledge each key only once the keystore has."""
    async with SqliteKeystore(folder) as keystore:
        await keystore.found(UUID(org))
        for number in range(int(count)):
            say(await keystore.mint(UUID(org), "visit", str(number), "record"))


async def destroy(folder: Path, key: str) -> None:
    async with SqliteKeystore(folder) as keystore:
        await keystore.destroy(UUID(key), datetime.now(UTC))


async def destroy_and_die(folder: Path, key: str) -> None:
    """Die after the commit, before the log is cut."""
    keystore = await SqliteKeystore(folder).open()
    Strongbox._scrub = lambda self: os._exit(DIED)
    await keystore.destroy(UUID(key), datetime.now(UTC))


async def start(folder: Path) -> None:
    async with SqliteKeystore(folder) as keystore:
        say(keystore.derive("who are you").hex())


async def start_and_die(folder: Path, at: str) -> None:
    """Die just before the nth time that something is brought to disk or gets its name."""
    left = int(at)

    def deadly(real: Callable[..., None]) -> Callable[..., None]:
        def step(*args: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(DIED)
            real(*args)

        return step

    os.fsync = deadly(os.fsync)
    Path.rename = deadly(Path.rename)  # type: ignore[assignment,method-assign]
    await SqliteKeystore(folder).open()


async def nonces(folder: Path, workers: str, each: str) -> None:
    """Seal with one keyring inherited by several forked processes; tell every nonce."""
    org, key = UUID(int=1), UUID(int=2)
    keyring = Keyring(Fixed())  # type: ignore[arg-type]
    place = address(org, "message", "body", UUID(int=3))
    say((await keyring.seal(key, place, b""))[17:29].hex())  # the key is at hand before the fork
    children: list[int] = []
    for _ in range(int(workers)):
        pid = os.fork()
        if pid == 0:
            for _ in range(int(each)):
                step = keyring.seal(key, place, b"")
                try:
                    step.send(None)
                except StopIteration as done:
                    say(done.value[17:29].hex())
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)


class Fixed:
    """A keystore of one key."""

    async def load(self, key_id: UUID) -> bytes:
        return bytes(32)


if __name__ == "__main__":
    _, where, what, *rest = sys.argv
    asyncio.run(globals()[what](Path(where), *rest))
