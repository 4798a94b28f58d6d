"""Who is on a visit's page, and who went in, as the sockets of this node show it and its neighbours tell. Pure.

What the domain decides by (may a patient be called in?) it reads from its own rows, fed by `Presence.beat`.
This book only lets the people of a visit see one another: each change gives the full set, so a frame that is
missed is mended by the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from bedside.realtime.wire import frame

_Key = tuple[UUID, str]


class Seat(Struct, frozen=True):
    """One socket on one visit's page."""

    account: UUID
    role: str
    since: datetime
    in_room: bool = False


class Room(Struct, frozen=True, array_like=True):
    """Who is on one visit's page through one node: socket → seat."""

    org: UUID
    topic: str
    seats: dict[UUID, Seat]


class Book:
    """The seats of every visit: (organization, topic) → socket → seat; and those that other nodes told of."""

    def __init__(self) -> None:
        self._seats: dict[_Key, dict[UUID, Seat]] = {}
        self._elsewhere: dict[UUID, dict[_Key, dict[UUID, Seat]]] = {}

    def come(self, org: UUID, topic: str, conn: UUID, seat: Seat) -> bool:
        """A page opened. Whether that changes who is here."""
        seats = self._seats.setdefault((org, topic), {})
        if conn in seats:
            return False
        seats[conn] = seat
        return True

    def go(self, org: UUID, topic: str, conn: UUID) -> bool:
        """A page closed."""
        seats = self._seats.get((org, topic), {})
        went = seats.pop(conn, None) is not None
        if not seats:
            self._seats.pop((org, topic), None)
        return went

    def room(self, org: UUID, topic: str, conn: UUID, *, inside: bool) -> bool:
        """Somebody pressed "Go in", or came out again."""
        seats = self._seats.get((org, topic), {})
        seat = seats.get(conn)
        if seat is None or seat.in_room == inside:
            return False
        seats[conn] = structs.replace(seat, in_room=inside)
        return True

    def here(self, org: UUID, topic: str) -> str:
        """The frame that says who is present: once per person and part, however many devices."""
        people: dict[tuple[UUID, str], list[Seat]] = {}
        nodes = (self._seats, *self._elsewhere.values())
        for seat in (seat for seats in nodes for seat in seats.get((org, topic), {}).values()):
            people.setdefault((seat.account, seat.role), []).append(seat)
        present = [
            {
                "id": account,
                "role": role,
                "devices": len(seats),
                "since": min(seat.since for seat in seats),
                "inRoom": any(seat.in_room for seat in seats),
            }
            for (account, role), seats in people.items()
        ]
        return frame("here", topic=topic, present=present)

    def room_of(self, org: UUID, topic: str) -> Room:
        """One page's seats through this node, for the others."""
        return Room(org, topic, dict(self._seats.get((org, topic), {})))

    def rooms(self) -> list[Room]:
        """Every page's seats through this node."""
        return [self.room_of(*key) for key in self._seats]

    def elsewhere(self, node: UUID, rooms: Iterable[Room], *, all: bool) -> list[_Key]:
        """What another node tells of its pages: of these, or of all it has. The pages that look otherwise by it."""
        before = self._elsewhere.get(node, {})
        told = {(room.org, room.topic): room.seats for room in rooms}
        after = {key: seats for key, seats in (told if all else before | told).items() if seats}
        if after:
            self._elsewhere[node] = after
        else:
            self._elsewhere.pop(node, None)
        return [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
