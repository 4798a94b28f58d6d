"""The simulator's seeds: every run ends with everything, once and in order; and it sees a fault that is planted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bedside.realtime import protocol
from bedside.realtime.effects import Effect
from bedside.realtime.packet import Packet
from bedside.realtime.protocol import Conversation, State
from bedside.realtime.resume import replay
from bedside_client import Cursor, Follower
from realtime.pages import Node
from realtime.simulator import check, played

SEEDS, BATCHES = 320, 10


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    opened = Node()
    yield opened
    opened.close()


@pytest.mark.parametrize("batch", [0, *(pytest.param(at, marks=pytest.mark.slow) for at in range(1, BATCHES))])
async def test_everybody_ends_with_everything_once_and_in_order(batch: int, node: Node) -> None:
    for seed in range(batch * SEEDS // BATCHES, (batch + 1) * SEEDS // BATCHES):
        world = await played(seed, node)
        try:
            check(world)
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}") from wrong


async def test_a_run_is_one_integer(node: Node) -> None:
    for seed in (3, 270):
        stories = {(await played(seed, node)).story for _ in range(3)}
        assert len(stories) == 1, f"seed {seed} is told in {len(stories)} ways"


async def test_a_lost_wake_up_is_repaired_within_two_seconds(node: Node) -> None:
    lost, heard = 0, 0
    for seed in range(40):
        world = await played(seed, node, deaf=True)
        check(world)
        lost, heard = lost + world.lost_wakes, heard + len(world.lags)
    assert lost > 300
    assert heard > 3000


def _nothing_waits(talk: Conversation, one: Packet) -> list[Effect]:
    """A server that is live before the past was sent: what came meanwhile is lost."""
    return [] if talk.state is State.REPLAYING else _news(talk, one)


def _cursor_at_welcome(follower: Follower, frame: dict[str, Any]) -> None:
    """A client that believes the head before it has heard what lies before it."""
    _welcome(follower, frame)
    follower.cursor = Cursor(frame["era"], frame["n"])


_news, _welcome = Conversation.news, Follower._welcome


@pytest.mark.parametrize("fault", ["nothing waits", "no repeat at the cursor", "cursor at welcome"])
async def test_the_simulator_sees_a_fault_that_is_planted(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if fault == "nothing waits":
        monkeypatch.setattr(Conversation, "news", _nothing_waits)
    elif fault == "no repeat at the cursor":
        monkeypatch.setattr(
            protocol,
            "replay",
            lambda packets, *, since, **rest: replay([one for one in packets if one.n != since], since=since, **rest),
        )
    else:
        monkeypatch.setattr(Follower, "_welcome", _cursor_at_welcome)
    for seed in range(SEEDS):
        world = await played(seed)
        try:
            check(world)
        except AssertionError:
            return
    raise AssertionError(f"not seen in {SEEDS} runs")
