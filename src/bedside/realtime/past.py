"""What was announced while a client was away: from memory if it reaches back, else from the journal; piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

from msgspec import Struct

from bedside.realtime.house import House
from bedside.realtime.hub import Channel
from bedside.realtime.packet import Packet, packet

MOST_ENTRIES = 20_000
"""How far back a resume reaches. Who was away for longer is sooner served by what stands now."""
BATCH = 200
PIECE = 64 * 1024
"""Characters. A piece leaves before the next is fetched, so however much there is to tell, little of it waits."""


class Piece(Struct, frozen=True):
    """All that was announced up to `upto`, from where the piece before it ended."""

    packets: Sequence[Packet]
    upto: int


async def past(house: House, channel: Channel, since: int, upto: int) -> AsyncIterator[Piece | None]:
    """Everything with since ≤ n ≤ upto, in order; None where it cannot be had whole (too far back, broken numbers)."""
    era, after = channel.era, max(0, since - 1)
    if since > upto:
        # A page may know more than this node has published. A number beyond the journal's end is of no era.
        head = await house.authority.head(channel.org)
        yield Piece((), since) if head.era == era and head.n >= since else None
        return
    remembered = channel.since(since)
    if remembered is not None:
        for piece in pieces(remembered, upto):
            yield piece
        return
    if after == upto or upto - after > MOST_ENTRIES:
        yield Piece((), upto) if after == upto else None
        return
    while after < upto:
        stretch = await house.feed.read(channel.org, after, min(BATCH, upto - after))
        whole = stretch.after == after and stretch.entries == stretch.upto - after
        if stretch.era != era or not whole or stretch.upto <= after:
            yield None
            return
        after = stretch.upto
        for piece in pieces([packet(one) for one in stretch.announcements], after):
            yield piece


def pieces(packets: Sequence[Packet], upto: int) -> Iterator[Piece]:
    """In pieces that are not too large; the frames of one entry, which have one number, stay together."""
    piece, size = list[Packet](), 0
    for one in packets:
        if size > PIECE and piece[-1].n < one.n <= upto:
            yield Piece(piece, piece[-1].n)
            piece, size = [], 0
        piece.append(one)
        size += len(one.text)
    yield Piece(piece, upto)
