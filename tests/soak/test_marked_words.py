"""The sweep of tests/sweep with four times as many people."""

import time
from pathlib import Path

import pytest

from soak.report import Figure, keep
from sweep.marks import NEEDLES
from sweep.test_sweep import swept
from trials.machine import Machine

pytestmark = pytest.mark.soak


async def test_nothing_that_was_marked_is_found_outside(tmp_path: Path) -> None:
    """Nearly five hundred marked words; no hit."""
    began, machine = time.monotonic(), Machine(tmp_path / "data")
    try:
        day, sweep = await swept(machine, patients=60)
    finally:
        machine.discard()
    hits = len(sweep.where)
    keep(
        Figure("marked words: found outside", hits, "places", "0", met=not hits, runs=len(day.words)),
        f"Sixty patients with marked names, places, numbers and words went through whole visits and "
        f"{len(day.errors):,} refusals. {sweep.read / 1e6:,.0f} MB were then searched for {len(NEEDLES)} spellings of "
        "the marks: rows, the database's files, its write-ahead log and its log, the server's log, keystore, notices, "
        "refusals, metrics, and the command lines and environments of all processes. That a planted mark is found in "
        "each of these places is part of `make test`, and so is a browser's profile folder.",
        minutes=(time.monotonic() - began) / 60,
    )
    assert not sweep.where
