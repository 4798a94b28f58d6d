"""Facts and their canonical bytes: what the journal is made of must be spelled in one way only."""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.kernel import Actor, Entry, Fact, Role, Severity, canonical

ORG, WHO, ID, ON = (UUID(int=n) for n in range(1, 5))
AT = datetime(2026, 3, 16, 9, 0, 0, 123456, tzinfo=UTC)
ACTOR = Actor(org=ORG, account=WHO, role=Role.PROVIDER, ip="hash")


class Something(Fact, frozen=True, kw_only=True):
    """Something happened."""

    kind: ClassVar[str] = "SOMETHING_HAPPENED"
    action: ClassVar[str] = "DO"
    severity: ClassVar[Severity] = Severity.WARNING

    word: Any = None
    code: str | None = None


def spelled(fact: Fact) -> bytes:
    return canonical(fact, id=ID, actor=ACTOR, at=AT, session=None)


def test_the_bytes_are_these() -> None:
    """Typed by hand: if this changes, every hash in every journal does."""
    assert (
        spelled(Something(subject=ON, word="Größe", code="why"))
        == (
            '{"action":"DO","actor":{"id":"00000000-0000-0000-0000-000000000002","ip":"hash","role":"provider",'
            '"session":null},"at":"2026-03-16T09:00:00.123456Z","code":"why","consultation":null,'
            '"id":"00000000-0000-0000-0000-000000000003","kind":"SOMETHING_HAPPENED",'
            '"on":{"id":"00000000-0000-0000-0000-000000000004","kind":"consultation"},'
            '"org":"00000000-0000-0000-0000-000000000001","outcome":"success","patient":null,"purpose":"TREAT",'
            '"refs":{"word":"Größe"},"severity":"warning","v":1}'
        ).encode()
    )


values = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.uuids(),
    lambda inner: st.lists(inner, max_size=4).map(tuple),
    max_leaves=8,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(values)
def test_an_entry_reads_back_and_is_spelled_the_same_again(value: Any) -> None:
    try:
        raw = spelled(Something(subject=ON, word=value))
    except UnicodeEncodeError:
        return  # half a character is no text
    again = json.dumps(json.loads(raw), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again.encode() == raw
    entry = Entry.read(raw)
    assert (entry.id, entry.org, entry.actor["id"], entry.action) == (ID, ORG, str(WHO), "DO")


@pytest.mark.parametrize("value", [1.5, b"bytes", {"a": 1}, object(), float("nan")])
def test_what_has_no_one_spelling_is_not_put_on_record(value: object) -> None:
    with pytest.raises(TypeError):
        spelled(Something(subject=ON, word=value))


def test_what_is_not_known_is_left_out_of_the_refs() -> None:
    assert json.loads(spelled(Something(subject=ON)))["refs"] == {}
