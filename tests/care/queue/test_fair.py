"""Nobody is passed by someone who came later by more than the difference of their credits. Emergencies and moves by
hand are apart, and each of those has a hand and a reason."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.care.consultation import Consultation, Priority, ReasonNeeded, Times, rank
from bedside.care.queue import rules
from bedside.care.queue.model import Key, LineChange
from bedside.kernel import Party

NINE = datetime(2026, 3, 16, 9, tzinfo=UTC)
MOST = timedelta(minutes=45)
DEPARTMENT, OSEI, DESK = UUID(int=1), UUID(int=2), UUID(int=3)
people = st.lists(st.tuples(st.integers(0, 7200), st.sampled_from(list(Priority))), min_size=2, max_size=25)


def waiting(number: int, second: int, priority: str) -> Consultation:
    """Somebody who has waited since that second of the morning, and a moment that is theirs alone."""
    since = NINE + timedelta(seconds=second, milliseconds=30 * number)
    id = UUID(int=100 + number)
    return Consultation(
        id=id, appointment=id, patient=id, provider=OSEI, department=DEPARTMENT, starts_at=NINE, minutes=20, zone="UTC",
        record_key=id, transient_key=id, queue_entry=id, state="waiting", priority=priority,
        checked_in_at=since, waiting_since=since, rank_at=rank(since, priority, Times()),
    )  # fmt: skip


def key(visit: Consultation) -> Key:
    """Where they stand."""
    assert visit.rank_at is not None
    return Key(0 if visit.priority == "emergency" else 1, visit.rank_at, visit.id)


def since(visit: Consultation) -> datetime:
    """When they came."""
    assert visit.waiting_since is not None
    return visit.waiting_since


@pytest.mark.spec("U2")
@settings(max_examples=100, derandomize=True, deadline=None)
@given(people)
def test_nobody_is_passed_by_someone_who_came_much_later(came: list[tuple[int, Priority]]) -> None:
    line = sorted((waiting(n, second, priority) for n, (second, priority) in enumerate(came)), key=key)
    for first, second in combinations(line, 2):
        if first.priority == "emergency":
            continue
        passed_by = since(first) - since(second)
        credits = Times().credit_of(first.priority) - Times().credit_of(second.priority)
        assert passed_by <= max(credits, timedelta(0)) <= MOST


def hand(number: int) -> rules.Hand:
    """The desk's hand."""
    at = NINE + timedelta(hours=3, seconds=number)
    return rules.Hand(by={Party.DESK}, actor=DESK, at=at, times=Times(), change=UUID(int=9000 + number))


@pytest.mark.spec("U2")
@settings(max_examples=60, derandomize=True, deadline=None)
@given(people, st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=12))
def test_a_move_stands_where_it_was_put_and_whoever_it_passes_may_see_why(
    came: list[tuple[int, Priority]], moves: list[tuple[int, int]]
) -> None:
    visits = {v.id: v for v in (waiting(n, second, priority) for n, (second, priority) in enumerate(came))}
    ids = list(visits)
    for number, (one, other) in enumerate(moves):
        moved, before = visits[ids[one % len(ids)]], visits[ids[other % len(ids)]]
        if moved is before or key(moved).band != key(before).band:
            continue
        keys = [key(v) for v in visits.values()]
        outcome = rules.move_in_line(moved, keys, hand(number), before=before.id, reason="interpreter")
        placed, told = outcome.changes[0], [c for c in outcome.changes if isinstance(c, LineChange)]
        assert isinstance(placed, Consultation)
        after = sorted([*(k for k in keys if k.id != moved.id), key(placed)])
        order = [k.id for k in after]
        assert order.index(placed.id) + 1 == order.index(before.id), "right before the one that was named"
        passed = [k for k in keys if k.id != moved.id and k < key(moved) and k > key(placed)]
        for k in passed:
            assert [c for c in told if c.before > k > c.after], "whoever was passed may see the reason"
        assert outcome.facts[0].refs()["code"] == "interpreter"
        assert since(placed) == since(moved), "nobody's waiting time is rewritten"
        visits[moved.id] = placed


def test_without_a_reason_out_of_the_list_nothing_moves() -> None:
    visit = waiting(0, 0, "normal")
    for reason in ("", "because", "undo"):
        with pytest.raises(ReasonNeeded):
            rules.change_priority(visit, hand(0), priority="urgent", reason=reason)
        with pytest.raises(ReasonNeeded):
            rules.move_in_line(visit, [], hand(0), before=None, reason=reason)
        with pytest.raises(ReasonNeeded):
            rules.transfer(visit, hand(0), provider=OSEI, department=DEPARTMENT, reason=reason)
