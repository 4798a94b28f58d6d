"""Two works at once may stand in each other's way so that neither can go on: PostgreSQL ends one of them.

Nothing of it was done, and nobody changed what it asked for. So it is done again, whole, a few times; only then is it
refused, as what it is: too much at once. Nothing may be sent or rung before its commit, or the repeat would say it
twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bedside.crypto import KeystoreDown
from bedside.kernel import Busy, Refused, Unavailable, Unfit
from bedside.store import PoolUnavailable, StoreFailure

T = TypeVar("T")
AGAIN = 3
"""How often a work that collided is done again."""
PAUSE = 0.02
"""Seconds before the first repeat, at most; twice as long before each further one."""
COLLISIONS = ("40001", "40P01")


class Collided(Exception):
    """This work was given up so that another one could go on. No refusal: whoever asked is not told, but served."""


async def persist(chance: Callable[[int], bytes], work: Callable[[], Awaitable[T]]) -> T:
    """Do it; and where it collides do it again after a random pause, for two who wait equally long meet again."""
    for before in range(AGAIN):
        try:
            return await work()
        except Collided:
            await asyncio.sleep(PAUSE * 2**before * (1 + chance(1)[0]) / 256)
    try:
        return await work()
    except Collided:
        raise Busy from None


def meaning(error: BaseException) -> Exception | None:
    """What a failed statement means inside a unit of work: what it will be refused for, or that it collided."""
    if isinstance(error, StoreFailure) and error.sqlstate in COLLISIONS:
        return Collided()
    return as_refusal(error)


def as_refusal(error: BaseException) -> Refused | None:
    """What a failed statement means to the person who asked."""
    if isinstance(error, PoolUnavailable | KeystoreDown):
        return Unavailable()
    if isinstance(error, StoreFailure):
        if error.sqlstate in (*COLLISIONS, "55P03"):
            return Busy()
        # 25006: it only reads now, as a standby or a disk in need does.
        if error.sqlstate[:2] in ("53", "57", "08", "58") or error.sqlstate == "25006":
            return Unavailable()
        if error.sqlstate[:2] == "22":
            return Unfit()
    return None
