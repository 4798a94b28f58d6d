"""A million hostile frames through decode and dispatch, and what the heaviest of them cost."""

import os
import time
import tracemalloc
from contextlib import suppress
from random import Random

import pytest

from bedside.realtime.protocol import State
from bedside.realtime.wire import BadFrame, parse
from realtime.frames import VISIT, fed, heavy, hostile
from realtime.test_protocol import a_conversation, live
from soak.report import Figure, keep

pytestmark = pytest.mark.soak
FRAMES = int(os.environ.get("BEDSIDE_FRAMES", "1000000"))
MOST_MS, MOST_MIB = 5.0, 1.0


def test_no_frame_is_a_mistake() -> None:
    began, chance, wrong = time.monotonic(), Random(20_260_316), list[str]()
    talk, acts = a_conversation(), 0
    for turn in range(FRAMES):
        if talk.state is State.CLOSED or turn % 10 == 0:
            talk = live(VISIT) if turn % 2 else a_conversation()
        try:
            acts += len(fed(talk, hostile(chance), float(turn)))
        except Exception as mistake:  # noqa: BLE001 - this is what is being looked for
            wrong.append(f"frame {turn}: {type(mistake).__name__}")
    says = (
        f"{FRAMES:,} frames, mangled or well-formed and full of odd values, each from a seed, were given to the "
        "socket's protocol. Each was answered, ignored, or ended its socket with a code of the wire; "
        f"{acts:,} came through as something to be done. {wrong[:3] or ''}"
    )
    figure = Figure("frames: mistakes", len(wrong), "mistakes", "0", met=not wrong, runs=FRAMES)
    keep(figure, says, minutes=(time.monotonic() - began) / 60)
    assert not wrong


def test_what_a_heavy_frame_costs() -> None:
    """In time and memory, at most; the best of some tries, as the machine has other things to do too."""
    took, peak = dict[int, float](), dict[int, float]()
    for at, text in enumerate(heavy()):
        took[at] = min(_milliseconds(text) for _ in range(20))
        tracemalloc.start()
        _read(text)
        peak[at] = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
    slowest, largest = max(took.values()), max(peak.values())
    says = f"{len(took)} frames of 64 KiB, each heavy in its own way: nested, made of many parts, escaped, without end."
    keep(Figure("frames: slowest of 64 KiB", round(slowest, 2), "ms", "<= 5 ms", met=slowest <= MOST_MS,
                runs=len(took) * 20), says)  # fmt: skip
    keep(Figure("frames: memory for one of 64 KiB, at most", round(largest, 2), "MiB", "<= 1 MiB",
                met=largest <= MOST_MIB, runs=len(took)), says)  # fmt: skip
    assert slowest <= MOST_MS
    assert largest <= MOST_MIB


def _read(text: str) -> None:
    with suppress(BadFrame):
        parse(text)


def _milliseconds(text: str) -> float:
    began = time.perf_counter()
    _read(text)
    return (time.perf_counter() - began) * 1000
