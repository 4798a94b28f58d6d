"""The line: what a patient's entry is called in each state, and the order in which people are seen."""

from collections.abc import Mapping

from bedside.care.consultation import State

QUEUE_STATUS: Mapping[str, str] = {
    State.CHECKED_IN: "checked-in",
    State.WAITING: "waiting",
    State.CONNECTING: "in-consultation",
    State.IN_PROGRESS: "in-consultation",
    State.WRAPPING_UP: "in-consultation",
    State.COMPLETED: "completed",
    State.CANCELLED: "cancelled",
    State.NO_SHOW: "no-show",
}
"""A function of the visit's state, not a second machine; the database generates the same column."""
