"""What counts as consent: the latest decision of a type, unless it has run out. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bedside.care.consent import DATA_SHARING, RECORDING, TELEHEALTH, Consents, Decision
from bedside.care.consent import rules as consent_rules
from bedside.care.consent.model import ConsentGiven, ConsentRefused, ConsentRevoked

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TYPES = (TELEHEALTH, DATA_SHARING, RECORDING)
YES = Decision(
    id=UUID(int=1),
    patient=UUID(int=2),
    type=TELEHEALTH,
    granted=True,
    text_sha256=b"s" * 32,
    version=3,
    language="en",
    signer=UUID(int=4),
    capacity="patient",
    method="screen",
    at=AT,
)
NO = replace(YES, id=UUID(int=9), granted=False, at=AT + timedelta(minutes=5))


@pytest.mark.spec("S98..S100")
@pytest.mark.parametrize("type", TYPES)
def test_each_type_counts_for_itself(type: str) -> None:
    consents = Consents.replayed([replace(YES, type=type)])
    assert {other: consents.cover(other, at=AT) for other in TYPES} == {other: other == type for other in TYPES}


@pytest.mark.spec("S110", "S111", "S112")
@pytest.mark.parametrize(
    ("decisions", "covered"),
    [
        ([], False),
        ([YES], True),
        ([NO], False),
        ([YES, NO], False),
        ([YES, NO, replace(YES, at=NO.at)], True),
        ([YES, replace(NO, type=RECORDING)], True),
        ([replace(YES, expires_at=AT + timedelta(minutes=10))], False),  # the very moment at which it ends
        ([replace(YES, expires_at=AT + timedelta(minutes=11))], True),
        ([replace(YES, expires_at=AT)], False),
    ],
)
def test_nothing_a_no_and_a_lapse_are_all_no(decisions: list[Decision], covered: bool) -> None:
    assert Consents.replayed(decisions).cover(TELEHEALTH, at=AT + timedelta(minutes=10)) is covered


def test_any_moment_of_the_past_can_be_replayed() -> None:
    history = [YES, NO]
    at = {minute: AT + timedelta(minutes=minute) for minute in (0, 4, 5, 6)}
    allowed = {
        minute: Consents.replayed(d for d in history if d.at <= then).cover(TELEHEALTH, at=then)
        for minute, then in at.items()
    }
    assert allowed == {0: True, 4: True, 5: False, 6: False}


@pytest.mark.parametrize(
    ("decision", "before", "told"),
    [
        (YES, [], ConsentGiven),
        (YES, [YES], ConsentGiven),
        (NO, [YES], ConsentRevoked),
        (NO, [], ConsentRefused),
        (NO, [replace(YES, type=RECORDING)], ConsentRefused),
    ],
)
def test_a_no_after_a_yes_takes_it_back(decision: Decision, before: list[Decision], told: type) -> None:
    outcome = consent_rules.decide(decision, Consents.replayed(before))
    assert outcome.changes == (decision,)
    assert [type(fact) for fact in outcome.facts] == [told]
