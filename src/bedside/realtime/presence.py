"""Who is on a visit's page, and who went in, as the sockets of this node show it. Pure.

What the domain decides by (may a patient be called in?) it reads from its own rows, fed by `Presence.beat`.
This book only lets the people of a visit see one another: each change gives the full set, so a frame that is
missed is mended by the next.
"""

from __future__ import annotations

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


class Book:
    """The seats of every visit: (organization, topic) → socket → seat."""

    def __init__(self) -> None:
        self._seats: dict[_Key, dict[UUID, Seat]] = {}

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
        for seat in self._seats.get((org, topic), {}).values():
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
