"""What was announced while a client was away: from memory if it reaches back, else from the journal."""

from __future__ import annotations

from bedside.realtime.house import House
from bedside.realtime.hub import Channel
from bedside.realtime.packet import Packet, packet

MOST_ENTRIES = 5000
BATCH = 1000


async def past(house: House, channel: Channel, since: int, upto: int) -> list[Packet] | None:
    """Everything with since ≤ n ≤ upto; None if it cannot be had whole (too far back, broken numbers)."""
    era = channel.era
    if since > upto:
        # A page may know more than this node has published. A number beyond the journal's end is of no era.
        head = await house.authority.head(channel.org)
        return [] if head.era == era and head.n >= since else None
    remembered = channel.since(since)
    if remembered is not None:
        return remembered
    after, found = max(0, since - 1), list[Packet]()
    if upto - after > MOST_ENTRIES:
        return None
    while after < upto:
        stretch = await house.feed.read(channel.org, after, min(BATCH, upto - after))
        whole = stretch.after == after and stretch.entries == stretch.upto - after
        if stretch.era != era or not whole or stretch.upto <= after:
            return None
        found += [packet(one) for one in stretch.announcements]
        after = stretch.upto
    return found
