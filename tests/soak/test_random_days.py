"""The random days of tests/journeys, a hundred of them; BEDSIDE_DAYS says how many."""

import os
import time
from pathlib import Path

import pytest

from clinic import open_clinic
from conftest import PASSWORDS, SWEEP
from journeys.test_random_days import STEPS, a_random_day
from soak.report import Figure, keep

pytestmark = pytest.mark.soak
DAYS = int(os.environ.get("BEDSIDE_DAYS", "100"))


async def test_a_hundred_random_days(database: str, tmp_path: Path) -> None:
    """Each from a number, each in a clinic of its own."""
    began, wrong, done = time.monotonic(), list[str](), 0
    for seed in range(1000, 1000 + DAYS):
        async with open_clinic(database, tmp_path / f"{seed}", PASSWORDS) as clinic:
            try:
                done += await a_random_day(clinic, seed)
            except AssertionError as broken:
                wrong.append(f"{seed}: {str(broken)[:300]}")
                print(wrong[-1])
            await clinic.owner.execute(SWEEP)
    keep(
        Figure("random days: promises broken", len(wrong), "days", "0", met=not wrong, runs=DAYS),
        f"Days on which two clinicians, the desk and five patients do anything, {STEPS} steps each, most of it in "
        f"vain; {done:,} were done. Only arrows of the table, one entry for each visit, nobody lost, the line in its "
        "order, a journal without a gap.",
        minutes=(time.monotonic() - began) / 60,
    )
    assert not wrong
    assert done > DAYS * STEPS / 8, "nothing was tried"
