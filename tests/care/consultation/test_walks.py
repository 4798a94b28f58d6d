"""Random walks over the machine: whatever people do, in whatever order, some things always hold."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.care.consultation.model import Consultation
from bedside.kernel import Refused
from care.consultation.table import PARTIES, STARTS_AT, VERBS, Cell, around, cells, perform, standing
from laws.arrows import QUEUE_ARROWS, QUEUE_STATUS

ARRIVED = ("checked-in", "waiting", "connecting", "in-progress", "wrapping-up", "completed")
ARROWS = {(cell.row.rstrip("+-"), cell.verb, cell.verdict) for cell in cells() if cell.leads}

Choice = tuple[str, str, int, dict[str, Any]]
choices = st.tuples(
    st.sampled_from(VERBS),
    st.sampled_from(PARTIES),
    st.integers(0, 20),
    st.fixed_dictionaries(
        {},
        optional={
            "consented": st.booleans(),
            "patient-here": st.booleans(),
            "patient-in-room": st.booleans(),
            "provider-in-room": st.booleans(),
            "load": st.integers(0, 1),
        },
    ),
)


def stepped(before: Consultation, choice: Choice, minute: int) -> Consultation:
    """The visit after somebody tried something: the same visit if it was refused."""
    verb, party, _, changed = choice
    now = STARTS_AT + timedelta(minutes=minute)
    row = f"{before.state}{'+' if before.queue_entry else '-'}"
    _, s, check = around(verb, row, party, changed)
    moved = {"now": now, "said": replace(s.said, new_time=now if s.said.new_time else None)}
    moved |= {"provider_left_at": s.provider_left_at and now - (s.now - s.provider_left_at)}
    moved |= {"room_empty_since": s.room_empty_since and now - (s.now - s.room_empty_since)}
    try:
        outcome = perform(verb, before, replace(s, **moved), party, check)
    except Refused:
        return before
    after = outcome.changes[0]
    assert isinstance(after, Consultation)
    assert (before.state, verb, after.state) in ARROWS
    fact = outcome.facts[0].refs()
    assert (fact["before"], fact["state"], fact["version"]) == (before.state, after.state, after.version)
    assert {deadline.version for deadline in outcome.deadlines} == {after.version}
    return after


def must_hold(before: Consultation, after: Consultation) -> None:
    """The promises that no sequence of steps may break."""
    assert before.state != "completed" or after is before, "completed is terminal"
    if after is before:
        return
    assert (after.version, after.epoch) == (before.version + 1, before.epoch + 1), "one version for each step"
    if before.queue_entry:
        assert after.queue_entry == before.queue_entry, "an entry keeps its id"
        then, now = (QUEUE_STATUS[str(v.state)] for v in (before, after))
        assert then == now or (then, now) in QUEUE_ARROWS, "the entry moves along the ledger's arrows only"
    else:
        assert (after.queue_entry is not None) == (after.state == "checked-in"), "an entry is born at check-in"
    assert after.queue_entry is not None or after.state not in ARRIVED
    if after.state == "waiting":
        assert after.waiting_since, "who waits has waited since a time"
        assert after.rank_at, "who waits has a place"
        assert before.waiting_since in (None, after.waiting_since), "who waits again waits since the first time"
    assert (after.closed_at is not None) == (after.state in ("completed", "cancelled", "no-show"))
    assert (after.id, after.patient, after.appointment) == (before.id, before.patient, before.appointment)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(choices, max_size=40))
def test_no_sequence_of_steps_breaks_a_promise(walk: list[Choice]) -> None:
    visit, minute = standing("scheduled", STARTS_AT), 0
    for choice in walk:
        minute += choice[2]
        after = stepped(visit, choice, minute)
        must_hold(visit, after)
        visit = after


def test_long_walks_go_along_every_arrow() -> None:
    """The walks are worth something only if they come everywhere: this one is steered along what would succeed."""
    chance = random.Random(20260316)
    leading: list[Cell] = [cell for cell in cells() if cell.leads]
    walked: set[tuple[str, str, str]] = set()
    for _ in range(120):
        visit, minute = standing("scheduled", STARTS_AT), 0
        for _ in range(25):
            here = [c for c in leading if c.row in (visit.state, f"{visit.state}{'+' if visit.queue_entry else '-'}")]
            if not here:
                break
            verb = chance.choice(sorted({cell.verb for cell in here}))
            cell = chance.choice([cell for cell in here if cell.verb == verb])
            minute += chance.randrange(3)
            after = stepped(visit, (cell.verb, cell.party, 0, {}), minute)
            must_hold(visit, after)
            if after is not visit:
                walked.add((str(visit.state), cell.verb, str(after.state)))
            visit = after
    assert walked == ARROWS
