"""Whatever comes in, the answer is an effect or a close of the protocol: never an exception or a stall."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.realtime.protocol import State
from bedside.realtime.wire import FRAME_BYTES, FRAME_MARKS, BadFrame, parse
from realtime.frames import ID, fed, heavy, hostile
from realtime.test_protocol import VISIT, a_conversation, live, said


def _nested(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inside, max_size=5) | st.dictionaries(st.text(), inside, max_size=5)


@pytest.mark.parametrize("seed", range(20))
def test_hostile_frames_are_answered_or_closed(seed: int) -> None:
    """20,000 frames; a million in `make soak`."""
    chance, acts, closed = Random(seed), 0, 0
    talk = a_conversation()
    for turn in range(1000):
        if talk.state is State.CLOSED or turn % 10 == 0:
            talk = live(VISIT) if turn % 2 else a_conversation()
        acts += len(fed(talk, hostile(chance), float(turn)))
        closed += talk.state is State.CLOSED
    assert acts > 5, "nothing came through to be done: the frames are too odd to try anything"
    assert closed > 100


@pytest.mark.slow
@given(values=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), _nested), op=st.text())
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_whatever_a_frame_holds_it_is_read_or_refused(values: Any, op: str) -> None:
    talk = live(VISIT)
    for text in (
        json.dumps({"t": "do", "id": ID, "op": op, "content": values}, ensure_ascii=False),
        json.dumps({"t": "hello", "device": op, "topics": values}),
        json.dumps(values),
    ):
        fed(talk, text, 1.0)


def test_the_heaviest_frames_are_refused_before_they_are_built() -> None:
    """Counted, not timed: a parser never gets more parts or depth than the wire allows."""
    refused = 0
    for text in heavy():
        try:
            parse(text)
        except BadFrame:
            refused += 1
        else:
            assert len([mark for mark in text if mark in ',"[{']) <= FRAME_MARKS * 2
    assert refused >= 15


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 4300),
        ("null", 4300),
        ("[]", 4300),
        ('"x"', 4300),
        ("{}", 4300),
        ('{"t":1}', 4300),
        ('{"t":"beat","t":"beat"}', 4300),
        ('{"t":"do","id":"00000000-0000-0000-0000-000000000001","op":"send","x":{"a":1,"a":2}}', 4300),
        ('{"t":"beat","x":NaN}', 4300),
        ('{"t":"beat","x":1e400}', 4300),
        ('{"t":"beat","x":' + "9" * 100_000 + "}", 4301),
        ('{"t":"beat","x":[' + "1," * 9000 + "1]}", 4300),
        ('{"t":"beat","x":Infinity}', 4300),
        ('{"t":"beat","x":"\\ud800"}', 4300),
        ('{"t":"beat","\\udfff":1}', 4300),
        ('{"t":"beat","x":"\ud800"}', 4300),
        ('{"t":"beat"} {"t":"beat"}', 4300),
        ('\ufeff{"t":"beat"}', 4300),
        ('{"t":"sub","r":"1","topic":"x"}', 4300),
        ('{"t":"sub","r":1.0,"topic":"x"}', 4300),
        ('{"t":"sub","r":-1,"topic":"x"}', 4300),
        ('{"t":"sub","r":99999999999999999999,"topic":"x"}', 4300),
        ('{"t":"sub","r":1,"topic":""}', 4300),
        ('{"t":"do","id":"not-a-uuid","op":"send"}', 4300),
        ('{"t":"hello","device":"d","topics":["a"],"since":{"era":"x","n":1}}', 4300),
        ('{"t":"hello","device":"d","topics":' + json.dumps(["a"] * 65) + "}", 4300),
        ('{"t":"beat","x":' + "9" * 5000 + "}", 4300),
        ('{"t":"beat","x":' + "[" * 16 + "]" * 16 + "}", 4300),
        ("[" * 30000 + "]" * 30000, 4300),
        ('{"t":"beat","x":"' + "é" * (FRAME_BYTES // 2) + '"}', 4301),
    ],
)
def test_each_rule_of_the_wire_has_its_close(text: str, code: int) -> None:
    with pytest.raises(BadFrame) as no:
        parse(text)
    assert no.value.code == code
    assert text == "" or text not in str(no.value)


def test_the_limits_let_through_what_is_just_within_them() -> None:
    assert parse('{"t":"beat","x":' + "[" * 15 + "]" * 15 + "}") is not None
    assert parse('{"t":"beat","x":"' + "[{" * 1000 + '"}') is not None
    room = FRAME_BYTES - len('{"t":"beat","x":""}')
    assert parse('{"t":"beat","x":"' + "x" * room + '"}') is not None
    assert parse('{"t":"someday","r":"whatever"}') is None


def test_markup_is_carried_as_text() -> None:
    talk = live(VISIT)
    id = UUID(int=1)
    bad = "<script>alert(1)</script>\u202e\u2028"
    talk.heard(json.dumps({"t": "do", "id": str(id), "op": "send", "content": bad}), 1)
    assert said(talk.done(id, {"echo": bad}))[0]["echo"] == bad
