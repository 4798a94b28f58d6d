"""Whatever comes in, the answer is an effect or a close of the protocol: never an exception or a stall."""

from __future__ import annotations

import json
import time
from random import Random
from uuid import UUID

import pytest

from bedside.realtime.effects import Judge, Send, Shut
from bedside.realtime.protocol import State
from bedside.realtime.wire import FRAME_BYTES, BadFrame, Close, parse
from realtime.test_protocol import VISIT, a_conversation, heard, live, said

GOOD = [
    '{"t":"hello","device":"d","since":{"era":"00000000-0000-0000-0000-000000000064","n":41},"topics":["a.b"]}',
    '{"t":"sub","r":1,"topic":"queue.x"}',
    '{"t":"unsub","r":2,"topic":"queue.x"}',
    '{"t":"beat"}',
    '{"t":"do","id":"00000000-0000-0000-0000-000000000001","op":"send","consultation":"c","content":"hej"}',
    '{"t":"sig","r":3,"kind":"offer","body":{"sdp":"v=0"}}',
    '{"t":"renew","r":4}',
]
BITS = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\0",
    "\\ud800",
    "\ud800",
    "1e999",
    "NaN",
    "-0",
    "null",
    "é",
    "\\u0000",
]


def mangled(chance: Random) -> str:
    text = chance.choice(GOOD)
    for _ in range(chance.randrange(1, 6)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        way = chance.randrange(4)
        if way == 0:
            text = text[:at] + chance.choice(BITS) + text[at:]
        elif way == 1:
            text = text[:at] + text[to:]
        elif way == 2:
            text = text[:at] + text[at:to] * chance.randrange(2, 9) + text[to:]
        else:
            other = chance.choice(GOOD)
            text = text[:at] + other[chance.randrange(len(other)) :]
    return text


@pytest.mark.parametrize("seed", range(8))
def test_mangled_frames_are_answered_or_closed(seed: int) -> None:
    chance = Random(seed)
    for turn in range(1000):
        talk = live(VISIT) if turn % 2 else a_conversation()
        for one in talk.heard(mangled(chance), float(turn)):
            if isinstance(one, Judge):
                talk.judged({topic: heard(topic, ok=False) for topic in one.topics}, one.r)
            if isinstance(one, Send):
                one.text.encode()
            if isinstance(one, Shut):
                assert one.code in (Close.BAD_FRAME, Close.TOO_LARGE)
                assert talk.state is State.CLOSED


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


def test_hostile_brackets_and_quotes_cost_no_more_than_others() -> None:
    worst = ['"\\"' * (FRAME_BYTES // 3 - 1), '"' + '\\"' * (FRAME_BYTES // 2 - 20), "[" * 17 + '"' * 65000]
    worst += ['{"":' * 16000, '{"t":"beat","x":"' + "\\u0000[" * 9000]
    began = time.perf_counter()
    for text in worst:
        with pytest.raises(BadFrame) as no:
            parse(text[:FRAME_BYTES])
        assert no.value.code == Close.BAD_FRAME
    assert time.perf_counter() - began < 1


def test_markup_is_carried_as_text() -> None:
    talk = live(VISIT)
    id = UUID(int=1)
    bad = "<script>alert(1)</script>\u202e\u2028"
    talk.heard(json.dumps({"t": "do", "id": str(id), "op": "send", "content": bad}), 1)
    assert said(talk.done(id, {"echo": bad}))[0]["echo"] == bad
