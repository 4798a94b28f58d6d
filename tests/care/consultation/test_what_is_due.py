"""What happens to a visit by itself, and when: a function of the visit, so that nothing is left over. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bedside.care.consultation import rules
from bedside.care.consultation.model import Consultation, Times
from care.consultation.table import STARTS_AT, VISIT, standing, step

MINUTE = timedelta(minutes=1)


def due(visit: Consultation, times: Times | None = None) -> dict[str, datetime | None]:
    """Each deadline's time; None where it is called off."""
    return {deadline.kind: deadline.due for deadline in rules.deadlines(visit, times or Times())}


NIGHT = datetime(2026, 3, 16, 23, 0, tzinfo=UTC)  # midnight in Vienna
DUE = {
    "scheduled": {"visit-missed": STARTS_AT + 60 * MINUTE},
    "checked-in": {
        "device-check-waits": STARTS_AT - 16 * MINUTE,
        "device-check-abandoned": STARTS_AT + 30 * MINUTE,
        "day-over": NIGHT,
    },
    "waiting": {"day-over": NIGHT},
    "connecting": {"connecting-over": STARTS_AT + 3 * MINUTE},
    "in-progress": {"room-empty": STARTS_AT - 10 * MINUTE + 5 * MINUTE},
    "wrapping-up": {"wrap-up-waits": STARTS_AT - MINUTE + 15 * MINUTE},
    "completed": {"forget-place": STARTS_AT},
    "cancelled+": {"forget-place": NIGHT},
    "cancelled-": {"forget-place": NIGHT},
    "no-show+": {"forget-place": NIGHT},
    "no-show-": {"forget-place": NIGHT},
}


@pytest.mark.parametrize("row", DUE)
def test_each_state_has_its_deadlines_and_calls_off_all_others(row: str) -> None:
    visit = standing(row, STARTS_AT)
    if row == "completed":
        visit = replace(visit, completed_at=STARTS_AT)
    found = due(visit)
    assert {kind: at for kind, at in found.items() if at} == DUE[row]
    assert found.keys() == {kind for kinds in DUE.values() for kind in kinds} | {"called-in-vain"}
    assert {(d.ref, d.version) for d in rules.deadlines(visit, Times())} == {(VISIT, visit.version)}


def test_the_device_checks_deadline_counts_from_the_later_of_arrival_and_appointment() -> None:
    early = replace(standing("checked-in", STARTS_AT), checked_in_at=STARTS_AT - 20 * MINUTE)
    late = replace(early, checked_in_at=STARTS_AT + 20 * MINUTE)
    assert due(early)["device-check-abandoned"] == STARTS_AT + 30 * MINUTE
    assert due(late)["device-check-abandoned"] == STARTS_AT + 50 * MINUTE
    moved = step(
        "reschedule",
        standing("cancelled+", STARTS_AT),
        by="patient",
        at=STARTS_AT,
        changed={"new-time-in-minutes": 120},
    )
    assert due(moved)["device-check-abandoned"] == STARTS_AT + 150 * MINUTE
    assert due(moved)["device-check-waits"] == STARTS_AT + (120 - 30 + 5) * MINUTE


def test_how_long_things_take_is_the_organizations_own_data() -> None:
    times = Times.of({"times": {"connecting": 5, "join_after": 30}})
    assert (times.connecting, times.join_after, times.grace) == (5 * MINUTE, 30 * MINUTE, 30 * MINUTE)
    assert due(standing("scheduled", STARTS_AT), times)["visit-missed"] == STARTS_AT + 30 * MINUTE
    assert Times.of({}) == Times()


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        ("2026-03-28T22:30:00Z", "2026-03-28T23:00:00Z"),
        ("2026-03-29T12:00:00Z", "2026-03-29T22:00:00Z"),  # the clocks went forward that morning
        ("2026-10-25T12:00:00Z", "2026-10-25T23:00:00Z"),  # and back
        ("2026-06-01T22:00:00Z", "2026-06-02T22:00:00Z"),  # at midnight it is the next one
    ],
)
def test_a_day_ends_at_midnight_on_the_clinics_wall(at: str, midnight: str) -> None:
    ends = rules.end_of_day(datetime.fromisoformat(at), "Europe/Vienna")
    assert ends == datetime.fromisoformat(midnight)


# --- called in vain


NOT_THERE = {"reason": "not-there"}


def test_a_call_to_which_nobody_comes_is_in_vain() -> None:
    vain = step("send-back", standing("connecting", STARTS_AT), at=STARTS_AT, changed=NOT_THERE)
    assert vain.called_in_vain_at == STARTS_AT
    assert due(vain)["called-in-vain"] == STARTS_AT + 15 * MINUTE
    by_itself = step("send-back", standing("connecting", STARTS_AT), by="system", at=STARTS_AT)
    assert by_itself.called_in_vain_at == STARTS_AT


def test_a_call_to_which_somebody_came_is_not() -> None:
    in_room = NOT_THERE | {"patient-in-room": True}
    came = step("send-back", standing("connecting", STARTS_AT), at=STARTS_AT, changed=in_room)
    broken_off = step("send-back", standing("connecting", STARTS_AT), at=STARTS_AT)
    talked = step("send-back", standing("in-progress", STARTS_AT), at=STARTS_AT, changed=NOT_THERE)
    assert {visit.called_in_vain_at for visit in (came, broken_off, talked)} == {None}


def test_a_second_call_that_is_answered_forgets_the_first() -> None:
    vain = step("send-back", standing("connecting", STARTS_AT), at=STARTS_AT, changed=NOT_THERE)
    called = step("call-in", vain, at=STARTS_AT + MINUTE)
    assert due(called)["called-in-vain"] is None
    met = step("connect", called, by="system", at=STARTS_AT + 2 * MINUTE)
    assert met.called_in_vain_at is None
