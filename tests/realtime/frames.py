"""Frames as nobody should send them, each from a seed: mangled good ones, and well-formed ones full of odd values."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from bedside.realtime.effects import Judge, Perform, Replay, Send, Shut
from bedside.realtime.interfaces import Heard
from bedside.realtime.protocol import Conversation, State
from bedside.realtime.wire import Close

VISIT = "consultation.00000000-0000-0000-0000-000000000005"
ID = "00000000-0000-0000-0000-000000000001"
GOOD = [
    '{"t":"hello","device":"d","since":{"era":"00000000-0000-0000-0000-000000000064","n":41},"topics":["a.b"]}',
    '{"t":"sub","r":1,"topic":"queue.x"}',
    '{"t":"unsub","r":2,"topic":"queue.x"}',
    '{"t":"beat"}',
    '{"t":"do","id":"00000000-0000-0000-0000-000000000001","op":"send","consultation":"c","content":"hej"}',
    '{"t":"sig","r":3,"kind":"offer","body":{"sdp":"v=0"}}',
    '{"t":"renew","r":4}',
]
BITS = ['"', "\\", "{", "}", "[", "]", ",", ":", "\0", "\\ud800", "\ud800", "1e999", "NaN", "-0", "null", "é",
        "\\u0000", "\ufeff", "\u202e", "\u2028", "9" * 5000, "[" * 40, '"t":"beat",']  # fmt: skip
MEMBERS = ["t", "r", "id", "op", "topic", "topics", "device", "since", "era", "n", "consultation", "content", "upTo",
           "message", "body", "kind", "to", "conn", "", "__proto__", "t\0"]  # fmt: skip
WORDS = ["", "hello", "beat", "do", "sub", "unsub", "sig", "renew", "send", "edit", "delete", "read", "enter", "leave",
         "typing", ID, VISIT, "queue.*", "\0", "\ud800", "\udfff\ud800", "\ufeff", "\u202e<script>", "é" * 300,
         "x" * 5000, "'; drop table message; --", "${jndi:x}", "\r\n{\"level\":\"error\"}", "\x1b[31m"]  # fmt: skip
NUMBERS = [0, -1, 1.5, 1e308, -0.0, 2**53, 2**63, 2**64, 10**400, float("inf"), float("nan"), True, False, None]
CODES = {Close.BAD_FRAME, Close.TOO_LARGE, Close.RATE, Close.SLOW}


def hostile(chance: Random) -> str:
    """One frame."""
    return mangled(chance) if chance.random() < 0.5 else shaped(chance)


def mangled(chance: Random) -> str:
    """A good frame, cut, doubled, spliced."""
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


def shaped(chance: Random) -> str:
    """Known members, and what should not be in them."""
    members = {name: odd(chance, 3) for name in chance.sample(MEMBERS, chance.randrange(1, 9))}
    if chance.random() < 0.9:
        members["t"] = chance.choice(("hello", "do", "do", "do", "sub", "unsub", "beat", "sig", "renew"))
        members |= {"id": ID, "r": 1} if chance.random() < 0.7 else {}
        members["op"] = chance.choice(WORDS) if chance.random() < 0.4 else chance.choice(("send", "read", "enter"))
    text = json.dumps(members, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.1:  # a member twice
        text = text[:-1] + ',"' + chance.choice(MEMBERS) + '":1}'
    return text


def odd(chance: Random, depth: int) -> Any:
    """Any value."""
    roll = chance.random()
    if roll < 0.2 and depth:
        return [odd(chance, depth - 1) for _ in range(chance.randrange(4))]
    if roll < 0.4 and depth:
        return {chance.choice(MEMBERS): odd(chance, depth - 1) for _ in range(chance.randrange(4))}
    return chance.choice(WORDS if roll < 0.8 else NUMBERS)


def fed(talk: Conversation, text: str, ticks: float) -> list[Perform]:
    """Give the conversation a frame, answer as hub and authority would, and hold what it says to the rules."""
    acts = list[Perform]()
    waiting = talk.heard(text, ticks)
    while waiting:
        one = waiting.pop(0)
        match one:
            case Judge(topics, r):
                waiting += talk.judged({topic: Heard(ok=False, canonical=topic) for topic in topics}, r)
            case Replay():
                waiting += talk.replayed(None)
            case Perform():
                acts.append(one)
            case Send(said, _):
                said.encode()
                json.loads(said)
            case Shut(code):
                assert code in CODES
                assert talk.state is State.CLOSED
            case _:
                pass
    return acts


def heavy() -> list[str]:
    """Frames of 64 KiB that cost the most, each for its own reason."""
    size = 64 * 1024
    pieces = ["[]", "{}", '"ab"', '"é"', "1.5", "999", '{"ab":1}', '{"é":[1.5]}', "true", "1e-300", "9" * 4000, "[[1]]"]
    lists = ['{"t":"beat","x":[' + (piece + ",") * (size // (len(piece.encode()) + 1) - 8) + "0]}" for piece in pieces]
    keyed = '{"t":"beat",' + ",".join(f'"{at:x}":{at}' for at in range(5200)) + "}"
    quotes = ['"\\"' * (size // 3 - 1), '"' + '\\"' * (size // 2 - 20), '""' * (size // 2 - 10), "[" * 17 + '"' * 65000]
    odd_ones = ['{"":' * 16000, "," * size, '{"t":"beat","x":"' + "\\u0000[" * 9000, "[" * 30000 + "]" * 30000]
    words = ['{"t":"beat","x":"' + "\\ud83d\\udc4b" * 5400 + '"}', '{"t":"beat","x":"' + "x" * 65000 + '"}']
    fits = [
        f'{{"t":"beat","x":[{",".join(["[[[1.5]]]"] * 250)}]}}',
        f'{{"t":"beat","x":[{",".join(["1.5"] * 950)}]}}',
    ]
    members = ['{"t":"beat",' + ",".join(f'"{at:04x}":{at}.5' for at in range(650)) + "}"]
    return [text[:size] for text in [*lists, keyed, *quotes, *odd_ones, *words, *fits, *members]]
