"""What a step changes and what it leaves alone: pure, without a database."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.care.consultation import rules
from bedside.care.consultation.model import Said, Situation, Times
from bedside.kernel import NotFromHere, Party, Refused
from care.consultation.table import (
    ENTRY,
    OSEI,
    STARTS_AT,
    WHERE,
    GuardCase,
    actor,
    after,
    around,
    guard_cases,
    perform,
    standing,
    state_of,
    step,
)

MINUTE = timedelta(minutes=1)


# --- guards


@pytest.mark.parametrize("case", list(guard_cases()), ids=str)
def test_each_guard_refuses_and_lets_pass(case: GuardCase) -> None:
    visit, situation, check = around(case.verb, case.row, case.party, dict(case.given))
    if case.refusal is None:
        assert perform(case.verb, visit, situation, case.party, check).facts
        return
    with pytest.raises(Refused) as refused:
        perform(case.verb, visit, situation, case.party, check)
    assert refused.value.slug == case.refusal


def test_a_refusal_says_where_the_visit_is_and_what_is_possible() -> None:
    visit, s, check = around("check-in", "scheduled", "patient", {"now-minutes": -40})
    with pytest.raises(Refused) as early:
        perform("check-in", visit, s, "patient", check)
    assert early.value.facts["opens"] == (STARTS_AT - 30 * MINUTE).isoformat()
    assert early.value.facts["closes"] == (STARTS_AT + 60 * MINUTE).isoformat()
    assert early.value.facts["state"] == "scheduled"
    visit, s, check = around("end", "waiting", "provider", {})
    with pytest.raises(NotFromHere) as refused:
        perform("end", visit, s, "provider", check)
    assert refused.value.can == ("call_in", "give_up", "cancel")


@pytest.mark.parametrize(
    ("now", "same_day"),
    [
        ("2026-03-15T23:00:00Z", True),  # midnight in Vienna, while the day of UTC is still the day before
        ("2026-03-15T22:59:59Z", False),
        ("2026-03-16T22:59:59Z", True),
        ("2026-03-16T23:00:00Z", False),  # the next day in Vienna, the same day of UTC
    ],
)
@pytest.mark.spec("S46")
def test_the_same_day_is_the_clinics_day(now: str, same_day: bool) -> None:
    at = datetime.fromisoformat(now)
    visit = replace(standing("cancelled+", at), closed_at=at)
    if same_day:
        assert step("reschedule", visit, by="patient", at=at).state == "checked-in"
        return
    with pytest.raises(Refused) as refused:
        step("reschedule", visit, by="patient", at=at)
    assert refused.value.slug == "another-day"


# --- the place in line


@pytest.mark.spec("S43")
@pytest.mark.parametrize("row", ["connecting", "in-progress"])
def test_who_is_sent_back_keeps_the_place(row: str) -> None:
    before = standing(row, STARTS_AT)
    back = step("send-back", before, at=STARTS_AT)
    assert (back.waiting_since, back.rank_at, back.queue_entry) == (before.waiting_since, before.rank_at, ENTRY)
    assert back.room_until is None


@pytest.mark.spec("S45")
def test_who_comes_back_keeps_the_place() -> None:
    before = standing("no-show+", STARTS_AT)
    back = step("come-back", before, by="patient", at=STARTS_AT)
    assert (back.waiting_since, back.rank_at, back.queue_entry) == (before.waiting_since, before.rank_at, ENTRY)
    assert (back.closed_at, back.close_reason, back.called_in_vain_at) == (None, None, None)


@pytest.mark.spec("S46")
def test_who_had_cancelled_takes_a_new_place_under_the_same_entry() -> None:
    again = step("reschedule", standing("cancelled+", STARTS_AT), by="patient", at=STARTS_AT)
    assert (again.queue_entry, again.waiting_since, again.rank_at) == (ENTRY, None, None)
    waits = step("device-check", again, by="patient", at=STARTS_AT + MINUTE)
    assert waits.waiting_since == STARTS_AT + MINUTE


def test_who_takes_over_becomes_the_provider() -> None:
    called = step("call-in", standing("waiting", STARTS_AT), by="colleague", at=STARTS_AT)
    assert called.provider != OSEI
    assert called.room_until == STARTS_AT + 3 * MINUTE


# --- a minute


def quiet(now: datetime = STARTS_AT) -> Situation:
    return Situation(now=now, times=Times(), consented=True, said=Said())


def test_a_minute_may_be_asked_once_for_each_call() -> None:
    called = step("call-in", standing("waiting", STARTS_AT), at=STARTS_AT)
    longer = after(rules.ask_for_a_minute(called, quiet()))
    assert longer.room_until == STARTS_AT + 8 * MINUTE
    assert (longer.state, longer.version) == ("connecting", called.version + 1)
    with pytest.raises(NotFromHere):
        rules.ask_for_a_minute(longer, quiet())
    back = step("send-back", longer, at=STARTS_AT + 9 * MINUTE)
    again = step("call-in", back, at=STARTS_AT + 10 * MINUTE)
    assert after(rules.ask_for_a_minute(again, quiet())).minute_asked


@pytest.mark.parametrize("row", ["scheduled", "checked-in", "waiting", "in-progress", "wrapping-up", "completed"])
def test_a_minute_is_for_who_is_being_called(row: str) -> None:
    with pytest.raises(NotFromHere):
        rules.ask_for_a_minute(standing(row, STARTS_AT), quiet())


# --- how long it took


@pytest.mark.spec("S155")
@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (59, 1), (60, 1), (61, 2), (18 * 60, 18), (18 * 60 + 1, 19)])
def test_a_visit_lasts_whole_minutes_begun(seconds: int, minutes: int) -> None:
    visit = standing("in-progress", STARTS_AT)
    assert visit.started_at is not None
    assert visit.minutes_lasted is None
    ended = step("end", visit, at=visit.started_at + timedelta(seconds=seconds))
    assert ended.minutes_lasted == minutes
    _, s, check = around("complete", "wrapping-up", "provider", {})
    told = perform("complete", ended, s, "provider", check).facts[0]
    assert told.refs()["minutes"] == minutes


def test_what_was_ended_too_early_goes_on_from_its_first_beginning() -> None:
    visit = standing("in-progress", STARTS_AT)
    ended = step("end", visit, at=STARTS_AT)
    again = step("call-back", ended, at=STARTS_AT + MINUTE)
    assert (again.started_at, again.ended_at, again.called_at) == (visit.started_at, None, STARTS_AT + MINUTE)


# --- the line


@pytest.mark.spec("S24", "S25", "S26")
@pytest.mark.parametrize(("priority", "credit"), [("urgent", 30), ("normal", 0), ("follow-up", -15)])
def test_a_priority_is_a_credit_of_waiting_time(priority: str, credit: int) -> None:
    visit = replace(standing("checked-in", STARTS_AT), priority=priority)
    waits = step("device-check", visit, by="patient", at=STARTS_AT)
    assert waits.rank_at == STARTS_AT - credit * MINUTE


ranked = st.tuples(st.sampled_from(["urgent", "normal", "follow-up"]), st.integers(0, 600))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(ranked, ranked)
def test_nobody_is_passed_by_who_came_much_later(one: tuple[str, int], other: tuple[str, int]) -> None:
    def place(who: tuple[str, int]) -> datetime:
        return rules.rank(STARTS_AT + who[1] * MINUTE, who[0], Times())

    if other[1] - one[1] > 45:
        assert place(one) < place(other)
    if one[0] == other[0] and one[1] < other[1]:
        assert place(one) < place(other)


# --- who somebody is to a visit


def test_who_does_not_act_for_the_patient_is_nobody_here() -> None:
    visit = standing("waiting", STARTS_AT)
    for party in ("patient", "guardian", "proxy"):
        assert rules.parties(actor(party), visit, acts_for=False) == frozenset()
    assert rules.parties(actor("provider"), replace(visit, provider=None), acts_for=False) == {Party.COLLEAGUE}
    assert rules.parties(actor("administrator"), visit, acts_for=False) == {Party.DESK, Party.ADMINISTRATOR}


def test_the_place_is_kept_with_the_arrival() -> None:
    visit, s, check = around("check-in", "scheduled", "patient", {})
    assert perform("check-in", visit, s, "patient", check).changes[1] == WHERE
    assert state_of("cancelled+") == "cancelled"
