"""Who does not take what they are sent is let go, and nobody else waits for them."""

from __future__ import annotations

from bedside.realtime.outlet import MOST_UNSENT
from realtime.test_gateway import AMARA, OSEI, VISIT, a_node, come, frames
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
