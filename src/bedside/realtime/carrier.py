"""What carries signals between the nodes of a house: the database that they share anyway."""

import asyncio
from uuid import uuid4

from bedside.crypto import Datagrams
from bedside.journal import House
from bedside.realtime.hub import Hub
from bedside.realtime.interfaces import Clock
from bedside.realtime.neighbours import Neighbours
from bedside.realtime.presence import Book
from bedside.store import Queries, translated

Q = Queries(__file__)


class Carrier:
    """Brings a text to every node of the house, through the database that they share."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def __call__(self, text: str) -> None:
        with translated():
            async with self.house.database.app.acquire(timeout=2) as connection:
                await connection.execute(Q.signal, text, timeout=2)


def beside(house: House, hub: Hub, book: Book, clock: Clock) -> Neighbours:
    """This node among those that share its database and its keystore."""
    datagrams = Datagrams(house.secret("signals between nodes"), house.chance)
    return Neighbours(uuid4(), hub, book, Carrier(house), datagrams, clock, asyncio.sleep)
