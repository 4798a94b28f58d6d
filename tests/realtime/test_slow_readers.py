"""Who does not take what they are sent is let go, and nobody else waits for them."""

from __future__ import annotations

import pytest

from bedside.realtime.outlet import MOST_UNSENT
from realtime.node import AMARA, OSEI, VISIT, a_node, come, frames
from realtime.world import Clinic


async def test_one_slow_reader_is_let_go_and_nobody_else_waits() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        slow, quick = [await come(clinic, node, who, VISIT) for who in (AMARA, OSEI)]
        slow.blocked.clear()
        for _ in range(MOST_UNSENT // 100):
            clinic.announce(VISIT)
        await clinic.time.run(1)
        assert len(frames(quick, "n")) == MOST_UNSENT // 100
        await clinic.time.run(3)
        slow.blocked.set()
        await clinic.time.run(3)
        assert len(node.connections()) == 1
        assert not frames(slow, "n")[1:]


async def test_a_reader_that_stalls_for_ten_seconds_is_let_go() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        slow = await come(clinic, node, AMARA, VISIT)
        slow.blocked.clear()
        clinic.announce(VISIT)
        await clinic.time.run(9)
        assert len(node.connections()) == 1
        await clinic.time.run(6)
        assert node.connections() == []


@pytest.mark.parametrize("remembered", [True, False])
async def test_however_much_was_missed_arrives_whole(remembered: bool) -> None:
    """Five times what may lie unsent in one socket: it comes in pieces, each once there is room for it."""
    clinic = Clinic()
    async with a_node(clinic) as node:
        if remembered:
            await come(clinic, node, OSEI, VISIT)
        for _ in range(1500):
            clinic.announce(VISIT, words="x" * 800)
        await clinic.time.run(5)
        pipe = await come(clinic, node, AMARA, VISIT, since=1)
        await clinic.time.run(5)
        assert sum(map(len, pipe.sent)) > 4 * MOST_UNSENT
        assert [one["n"] for one in frames(pipe, "n")] == list(range(2, 1501))
        assert frames(pipe, "welcome")[0]["resumed"] is True
        assert frames(pipe, "resync") == []
