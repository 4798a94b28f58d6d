"""How the SDK waits: longer each time, never all at once, and never longer than it should."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside_client import Backoff


@pytest.mark.spec("S381")
@given(st.integers(), st.floats(0.01, 1), st.floats(1, 60), st.integers(1, 40))
def test_pauses_double_up_to_the_longest_and_are_random_within(seed: int, first: float, longest: float, tries: int):
    pauses = Backoff(first, longest, chance=Random(seed).random)
    limit = first
    for _ in range(tries):
        assert 0 <= pauses.pause() <= limit <= longest
        limit = min(longest, limit * 2)
    pauses.reset()
    assert pauses.pause() <= first
    assert Backoff(first, longest, chance=lambda: 0.0).pause(at_least=2) == 2


@pytest.mark.spec("S381")
def test_a_thousand_programs_do_not_come_back_at_once():
    """After an outage their first tries are spread over the whole pause: no tenth of it sees a fifth of them."""
    chance = Random(7)
    crowd = [Backoff(chance=chance.random) for _ in range(1000)]
    came = sorted(each.pause() for each in crowd)
    tenths = [sum(at / 40 <= moment < (at + 1) / 40 for moment in came) for at in range(10)]
    assert sum(tenths) == 1000 and max(tenths) < 200
