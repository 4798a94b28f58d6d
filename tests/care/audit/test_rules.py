"""How the journal reads to a patient: pure, entries in, lines out."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.care.audit.model import Glance
from bedside.care.audit.rules import glances, together
from bedside.kernel import Entry

ZONE = "Europe/Vienna"
NURSE, OSEI, AMARA, VISIT = uuid4(), uuid4(), uuid4(), uuid4()
AT = datetime(2026, 3, 28, 20, tzinfo=UTC)


def entry(kind: str = "PHI_DISCLOSED", *, by: UUID = NURSE, role: str = "nurse", **more: Any) -> Entry:
    given: dict[str, Any] = {
        "v": 1, "id": uuid4(), "org": uuid4(), "at": AT.isoformat(), "kind": kind, "on": {},
        "actor": {"id": str(by), "role": role}, "action": "VIEW", "outcome": "success", "purpose": "TREAT",
        "severity": "info", "consultation": None,
    }  # fmt: skip
    return Entry(**given | more)


@pytest.mark.parametrize(
    ("seen", "what"),
    [
        (entry(consultation=VISIT), "visit"),
        (entry(consultation=VISIT, purpose="PATRQT", role="patient"), "visit"),
        (entry(), "list"),
        (entry(purpose="HOPERAT"), "books"),
        (entry(purpose="HOPERAT", role="system"), "birth-date"),
        (entry(purpose="HCOMPL"), "question"),
        (entry(purpose="BTG"), "emergency"),
        (entry("PHI_MESSAGE_READ", consultation=VISIT), "messages"),
    ],
)
def test_what_was_seen_has_a_plain_name(seen: Entry, what: str) -> None:
    assert [(one.account, one.what, one.times) for one in glances(seen, 3, {})] == [(NURSE, what, 3)]


def test_words_are_seen_by_whom_they_were_shown_and_not_by_whom_they_are() -> None:
    told = [str(AMARA), str(OSEI), str(NURSE)]
    said = entry("PHI_MESSAGE_SENT", by=AMARA, role="patient", consultation=VISIT, refs={"told": told})
    seen = glances(said, 1, {(VISIT, OSEI): "provider", (VISIT, NURSE): "nurse"})
    assert [(one.account, one.role) for one in seen] == [(OSEI, "provider"), (NURSE, "nurse")]


glance = st.builds(
    Glance,
    entry=st.uuids(),
    at=st.integers(0, 3 * 24 * 60).map(lambda minutes: AT + timedelta(minutes=minutes)),
    account=st.sampled_from([NURSE, OSEI]),
    role=st.just("nurse"),
    what=st.sampled_from(["visit", "list"]),
    visit=st.sampled_from([VISIT, None]),
    times=st.integers(1, 5),
)


@given(st.lists(glance, max_size=30, unique_by=lambda one: one.entry))
def test_no_look_is_lost_and_none_counted_twice_also_where_the_clocks_change(seen: list[Glance]) -> None:
    lines = together(seen, ZONE)
    assert sorted(e for line in lines for e in line.entries) == sorted(one.entry for one in seen)
    assert sum(line.times for line in lines) == sum(one.times for one in seen)
    by_entry = {one.entry: one for one in seen}
    for line in lines:
        of = [by_entry[e] for e in line.entries]
        assert {(one.account, one.what, one.visit) for one in of} == {(line.account, line.what, line.visit)}
        assert (line.first, line.last) == (min(one.at for one in of), max(one.at for one in of))
        assert line.entry == line.entries[0]
    names = [(line.account, line.what, line.visit, line.day) for line in lines]
    assert len(names) == len(set(names))
    assert [line.last for line in lines] == sorted((line.last for line in lines), reverse=True)
