"""The simulator for long: BEDSIDE_SEEDS runs, and lost wake-ups by the hundred thousand. A failure names its seed."""

import os
import time

import pytest

from realtime.pages import Node
from realtime.simulator import World, check, played
from soak.report import Figure, keep

pytestmark = pytest.mark.soak
SEEDS = int(os.environ.get("BEDSIDE_SEEDS", "10000"))
FIRST = 1_000  # the seeds before are tried by every test run


async def test_whatever_the_network_does_nobody_misses_anything() -> None:
    began, node, broken = time.monotonic(), Node(), list[int]()
    frames = resumes = resyncs = 0
    for seed in range(FIRST, FIRST + SEEDS):
        world = await played(seed, node)
        broken += [] if holds(world) else [seed]
        frames, resumes = frames + world.frames, resumes + world.resumes
        resyncs += sum(client.resyncs for client in world.clients)
    node.close()
    says = (
        f"{SEEDS:,} simulated quarter-minutes of two tabs of one person and a browser's page (the SDK's follower, "
        "and live.js itself in node): lines cut, stalled and doubled, servers restarted, backups restored, rights "
        f"taken and given back, the database slow or away. {frames:,} frames were told, {resumes:,} times a "
        f"client came back and went on where it had stopped, {resyncs:,} times it was told to look anew. "
        + (f"These seeds fail: {broken}." if broken else "Each run can be repeated from its number.")
    )
    figure = Figure("resume: runs in which somebody missed, doubled or misordered something", len(broken), "runs", "0",
                    met=not broken, runs=SEEDS)  # fmt: skip
    keep(figure, says, minutes=(time.monotonic() - began) / 60)
    assert not broken


async def test_lost_wake_ups_are_repaired_in_time() -> None:
    began, wanted = time.monotonic(), SEEDS * 10
    lost, seed, slowest, late = 0, FIRST, 0.0, 0
    while lost < wanted:
        world = await played(seed, deaf=True, steps=200)
        lost, seed = lost + world.lost_wakes, seed + 1
        slowest, late = max(slowest, *world.lags), late + (not holds(world))
    says = (
        f"{lost:,} wake-ups from the database were dropped, others doubled, delayed and overtaken. What they would "
        "have told was found by looking; the figure is the longest that it took to leave for a client."
    )
    figure = Figure("resume: a lost wake-up repaired after, at most", round(slowest, 2), "s", "<= 2 s",
                    met=not late, runs=lost)  # fmt: skip
    keep(figure, says, minutes=(time.monotonic() - began) / 60)
    assert not late


def holds(world: World) -> bool:
    """Whether all is as it must be; what is not is printed beside its seed."""
    try:
        check(world)
    except AssertionError as wrong:
        print(f"seed {world.seed}: {wrong}")
        return False
    return True
