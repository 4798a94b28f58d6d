"""Requests made from the API's description: every answer is one that the description names. Never a bug."""

from collections import Counter
from random import Random

import pytest

from clinic import Clinic
from fuzz.api import Stage, cases, schema_of

EACH, RENEW = 10, 40


async def asked(clinic: Clinic, *, each: int, number: int, times: int = 1) -> tuple[Counter[int], list[str]]:
    """The answers by status, and what was wrong with them. Each request so many times, of other visits."""
    chance = Random(number)
    stage, wrong = await Stage.open(clinic, chance), list[str]()
    made = list(cases(await schema_of(clinic), each=each, number=number)) * times
    chance.shuffle(made)
    for at, case in enumerate(made):
        if at % RENEW == 0:
            await stage.renew()
        wrong += await stage.ask(case)
    return stage.statuses, wrong


@pytest.mark.slow
async def test_whatever_is_asked_the_answer_is_a_described_one(clinic: Clinic) -> None:
    """As patient, clinician, front desk and nobody; right, wrong and half wrong."""
    statuses, wrong = await asked(clinic, each=EACH, number=1)
    print(f"\n{statuses.total()} requests, {dict(statuses)}, {len(wrong)} wrong answers")
    assert statuses.total() >= 2000
    assert statuses[200] + statuses[201] + statuses[204] > 300
    assert min(statuses[status] for status in (401, 403, 404, 409, 422)) > 5
    assert not wrong, "\n".join(sorted(wrong)[:12])
