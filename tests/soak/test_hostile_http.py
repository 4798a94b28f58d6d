"""The hostile requests of tests/fuzz and tests/cli, a hundred thousand of them.

BEDSIDE_REQUESTS says how many.
"""

import os
import time
from collections import Counter
from random import Random

import pytest

from cli.test_guarded import echo, pipelined
from clinic import Clinic
from fuzz.test_api import asked
from journeys.house import doors
from soak.report import Figure, keep

pytestmark = pytest.mark.soak
REQUESTS = int(os.environ.get("BEDSIDE_REQUESTS", "100000"))
EACH, TIMES = 25, 3
"""Requests of a kind in one round, and how often each is made, of visits in other states: to draw one takes the
generator longer than to answer it takes the clinic."""


async def test_a_hundred_thousand_requests(clinic: Clinic) -> None:
    """From the API's own description, as patient, clinician and front desk; no bug and no undescribed answer."""
    began, statuses, wrong, number = time.monotonic(), Counter[int](), list[str](), 100
    while statuses.total() < REQUESTS:
        more, bad = await asked(clinic, each=EACH, number=number, times=TIMES)
        statuses, wrong, number = statuses + more, wrong + bad, number + 1
        print(f"{statuses.total()} requests, {len(wrong)} wrong answers")
    kinds = ", ".join(f"{status}: {times:,}" for status, times in sorted(statuses.items()))
    keep(
        Figure("hostile HTTP: wrong answers", len(wrong), "answers", "0", met=not wrong, runs=statuses.total()),
        "Requests made from the API's own description, well formed and not, as a patient, a clinician, the front desk "
        "and nobody. Wrong is an unhandled error, an answer that the description does not name, a refusal that is no "
        f"problem object or that tells of the inside, and nonsense that is taken. The answers by status: {kinds}.",
        minutes=(time.monotonic() - began) / 60,
    )
    assert not wrong, "\n".join(sorted(set(wrong))[:20])


async def test_a_hundred_thousand_questions_on_one_line() -> None:
    """Pipelined and cut anywhere: each gets its own answer."""
    began = time.monotonic()
    async with doors(echo) as url:
        await pipelined(int(url.rpartition(":")[2]), questions=REQUESTS, chance=Random(9))
    keep(
        Figure("pipelined HTTP: crossed answers", 0, "answers", "0", met=True, runs=REQUESTS),
        "Requests sent one behind the other on a single connection, with and without bodies, cut into pieces of any "
        "size. An answer that belongs to another request ends the run.",
        minutes=(time.monotonic() - began) / 60,
    )
