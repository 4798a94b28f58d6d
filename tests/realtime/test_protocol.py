"""Frames in, effects out: the conversation without any I/O."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bedside.kernel.refusal import NotFound
from bedside.realtime import Cursor, Ended, Heard, Principal
from bedside.realtime.effects import (
    Effect,
    Join,
    Judge,
    Part,
    Perform,
    Present,
    Purge,
    Replay,
    Room,
    Seat,
    Send,
    Shut,
    Standing,
    Touch,
    Whisper,
)
from bedside.realtime.interfaces import Announcement
from bedside.realtime.packet import Packet, packet
from bedside.realtime.past import Piece
from bedside.realtime.protocol import Conversation, State
from bedside.realtime.wire import Close
from realtime.world import NINE, ORG, explain

AMARA = Principal(ORG, UUID(int=7), "patient", UUID(int=8), NINE + timedelta(minutes=30), NINE + timedelta(hours=24), 0)
ERA = UUID(int=100)
VISIT = f"consultation.{UUID(int=5)}"
LINE = f"line.{UUID(int=6)}"


def a_conversation() -> Conversation:
    return Conversation(UUID(int=9), AMARA, ticks=0, explain=explain)


def said(effects: list[Effect]) -> list[dict[str, Any]]:
    return [json.loads(one.text) for one in effects if isinstance(one, Send)]


def hello(since: int | None, *topics: str, era: UUID = ERA) -> str:
    at = None if since is None else {"era": str(era), "n": since}
    return json.dumps({"t": "hello", "device": "d", "since": at, "topics": list(topics)})


def heard(topic: str, *, ok: bool = True) -> Heard:
    return Heard(ok, topic, None, content=True)


def news(n: int, topic: str = VISIT, **frame: Any) -> Packet:
    to = frame.pop("to", None)
    return packet(Announcement(n, topic, {"t": "n", "kind": "STATUS_UPDATED", **frame}, None, to))


def live(*topics: str) -> Conversation:
    talk = a_conversation()
    talk.heard(hello(None, *topics), 0)
    talk.judged({topic: heard(topic) for topic in topics}, None)
    talk.joined(Cursor(ERA, 50), None, topics)
    assert talk.state is State.LIVE
    return talk


def test_hello_asks_who_may_hear_and_joins_only_that() -> None:
    talk = a_conversation()
    assert talk.heard(hello(None, VISIT, "x.y"), 0) == [Present(), Judge((VISIT, "x.y"))]
    assert talk.judged({VISIT: heard(VISIT), "x.y": heard("x.y", ok=False)}, None) == [Join((VISIT,), None)]
    (welcome,) = said(talk.joined(Cursor(ERA, 50), None, (VISIT,)))
    assert welcome == {
        "t": "welcome",
        "conn": str(UUID(int=9)),
        "era": str(ERA),
        "n": 50,
        "resumed": False,
        "topics": {VISIT: "ok", "x.y": "not-found"},
        "beat": 30,
    }


def test_resume_joins_first_then_replays_then_goes_live() -> None:
    talk = a_conversation()
    talk.heard(hello(41, VISIT), 0)
    talk.judged({VISIT: heard(VISIT)}, None)
    assert talk.joined(Cursor(ERA, 50), None, (VISIT,)) == [Replay(41, 50)]
    assert talk.news(news(51)) == []  # came while the past was being fetched
    past = [news(41), news(44), news(45, "queue.other"), news(50), news(51)]
    frames = said(talk.replayed(Piece(past, 50)))
    assert frames[0]["resumed"] is True
    assert [(f["t"], f["n"]) for f in frames[1:]] == [("n", 44), ("n", 50), ("beat", 50), ("n", 51)]


def test_a_long_past_comes_in_pieces_each_from_where_the_last_one_ended() -> None:
    talk = a_conversation()
    talk.heard(hello(41, VISIT), 0)
    talk.judged({VISIT: heard(VISIT)}, None)
    talk.joined(Cursor(ERA, 50), None, (VISIT,))
    first = said(talk.replayed(Piece([news(42), news(43)], 44)))
    assert [(f["t"], f["n"]) for f in first] == [("welcome", 50), ("n", 42), ("n", 43), ("beat", 44)]
    assert talk.news(news(51)) == []
    assert [(f["t"], f["n"]) for f in said(talk.replayed(Piece([news(50)], 50)))] == [
        ("n", 50), ("beat", 50), ("n", 51),
    ]  # fmt: skip


def test_who_was_welcomed_hears_of_a_break_and_of_a_right_that_ends() -> None:
    talk = a_conversation()
    talk.heard(hello(41, VISIT, "queue.a"), 0)
    talk.judged({VISIT: heard(VISIT), "queue.a": heard("queue.a")}, None)
    talk.joined(Cursor(ERA, 50), None, (VISIT, "queue.a"))
    talk.replayed(Piece([news(42)], 44))
    assert [f["t"] for f in said(talk.rejudged("queue.a", Heard(ok=False, canonical="queue.a")))] == ["gone"]
    [resync] = said(talk.replayed(None))
    assert (resync["t"], resync["n"], resync["topics"]) == ("resync", 50, [VISIT])
    assert [f["n"] for f in said(talk.news(news(51)))] == [51]


def test_frames_at_the_cursor_are_repeated_only_if_there_were_several() -> None:
    talk = a_conversation()
    talk.heard(hello(41, VISIT, "queue.a"), 0)
    talk.judged({VISIT: heard(VISIT), "queue.a": heard("queue.a")}, None)
    talk.joined(Cursor(ERA, 50), None, (VISIT, "queue.a"))
    frames = said(talk.replayed(Piece([news(41), news(41, "queue.a")], 50)))
    assert [f["topic"] for f in frames[1:-1]] == [VISIT, "queue.a"]


def test_whoever_waits_in_line_looks_again_after_coming_back() -> None:
    talk = a_conversation()
    talk.heard(hello(41, LINE), 0)
    talk.judged({LINE: heard(LINE)}, None)
    talk.joined(Cursor(ERA, 50), None, (LINE,))
    kinds = [f.get("kind") for f in said(talk.replayed(Piece([news(43, LINE, kind="LINE_MOVED")], 50)))]
    assert kinds == [None, "LINE_MOVED", None]


@pytest.mark.parametrize("why", ["another era", "cannot be had whole"])
def test_never_a_part_else_resync(why: str) -> None:
    talk = a_conversation()
    talk.heard(hello(41, VISIT, era=uuid4() if why == "another era" else ERA), 0)
    talk.judged({VISIT: heard(VISIT)}, None)
    effects = talk.joined(Cursor(ERA, 50), None, (VISIT,))
    if why == "cannot be had whole":
        effects = talk.replayed(None)
    welcome, resync = said(effects)
    assert (welcome["resumed"], resync["t"], resync["n"], resync["topics"]) == (False, "resync", 50, [VISIT])


def test_a_broken_stream_during_replay_is_a_resync_too() -> None:
    talk = a_conversation()
    talk.heard(hello(41, VISIT), 0)
    talk.judged({VISIT: heard(VISIT)}, None)
    talk.joined(Cursor(ERA, 50), None, (VISIT,))
    talk.news(news(51))
    other = UUID(int=101)
    frames = said(talk.resync(Cursor(other, 12)))
    assert [f["t"] for f in frames] == ["welcome", "resync"]
    assert frames[0]["era"] == str(other)
    assert talk.replayed(Piece([news(44)], 50)) == []


def test_sub_unsub_and_what_is_not_ours_is_not_found() -> None:
    talk = live(VISIT)
    assert talk.heard('{"t":"sub","r":1,"topic":"alias"}', 1) == [Judge(("alias",), 1)]
    assert talk.judged({"alias": Heard(True, "queue.q")}, 1) == [Join(("queue.q",), 1)]
    assert said(talk.joined(Cursor(ERA, 58), 1, ("queue.q",))) == [{"t": "re", "r": 1, "topic": "queue.q", "n": 58}]
    refusal = said(talk.judged({"other": heard("other", ok=False)}, 2))
    assert refusal[0]["problem"]["type"] == NotFound.slug
    effects = talk.heard('{"t":"unsub","r":3,"topic":"queue.q"}', 1)
    assert effects[:2] == [Part("queue.q"), Purge("queue.q")]
    assert talk.news(news(60, "queue.q")) == []


def test_content_goes_only_to_those_it_was_disclosed_to() -> None:
    talk = live(VISIT)
    assert talk.news(news(51, t="m", to=frozenset({UUID(int=99)}))) == []
    assert len(talk.news(news(51, t="m", to=frozenset({AMARA.account})))) == 1
    talk.topics[VISIT] = Heard(True, VISIT, content=False)
    assert talk.news(news(52, t="m", to=frozenset({AMARA.account}))) == []


def test_an_act_is_performed_once_and_answered_after_commit() -> None:
    talk, id = live(VISIT), uuid4()
    frame = json.dumps({"t": "do", "id": str(id), "op": "send", "consultation": "c", "content": "hello"})
    perform, touch = talk.heard(frame, 21)[1:]
    assert isinstance(perform, Perform)
    assert perform.body == {"consultation": "c", "content": "hello", "conn": str(talk.conn), "device": "d"}
    assert touch == Touch()
    assert talk.heard(frame, 22) == []
    assert said(talk.done(id, {"entry": "e"})) == [{"t": "done", "entry": "e", "id": str(id)}]
    assert any(isinstance(one, Perform) for one in talk.heard(frame, 23))  # the domain knows the first answer


def test_a_refusal_is_worded_and_an_outage_is_unavailable() -> None:
    talk, id = live(VISIT), uuid4()
    assert said(talk.refused(id, NotFound()))[0]["problem"]["type"] == "not-found"
    assert said(talk.refused(id, ConnectionError("db")))[0]["problem"]["type"] == "unavailable"
    nul = json.dumps({"t": "do", "id": str(id), "op": "send", "content": "a\0b"})
    assert said(talk.heard(nul, 1))[0]["problem"]["type"] == "text-not-valid"
    verb = json.dumps({"t": "do", "id": str(id), "op": "call-in"})
    assert said(talk.heard(verb, 1))[0]["problem"]["type"] == "not-served"


def test_entering_and_typing_are_shown_to_the_others() -> None:
    talk = live(VISIT)
    for op in ("enter", "typing"):
        id, visit = uuid4(), VISIT.removeprefix("consultation.")
        talk.heard(json.dumps({"t": "do", "id": str(id), "op": op, "consultation": visit}), 1)
        follows = talk.done(id, {})[1]
        assert follows == Room(VISIT, True) if op == "enter" else isinstance(follows, Whisper)


def test_more_than_a_person_says_is_slowed_and_more_than_a_program_says_is_ended() -> None:
    talk = live(VISIT)
    one = '{"t":"do","id":"%s","op":"send"}'
    answers = [said(talk.heard(one % uuid4(), 1)) for _ in range(25)]
    assert sum(bool(a) and a[0]["problem"]["type"] == "slow-down" for a in answers) == 5
    assert answers[-1][0]["problem"]["after"] > 0
    effects = [talk.heard('{"t":"beat"}', 1) for _ in range(300)]
    assert talk.state is State.CLOSED
    assert effects.count([Shut(Close.RATE)]) == 1


def test_beats_silence_and_hello_in_time() -> None:
    talk = live(VISIT)
    assert talk.tick(29, NINE, 60) == []
    assert said(talk.tick(30, NINE, 60)) == [{"t": "beat", "n": 60}]
    assert talk.heard('{"t":"beat"}', 31) == [Present()]
    assert talk.heard('{"t":"beat"}', 40) == []
    assert talk.tick(115, NINE, 60) != [Shut(Close.QUIET)]
    assert talk.tick(115.1, NINE, 60) == [Shut(Close.QUIET)]
    assert a_conversation().tick(11, NINE, 0) == [Shut(Close.QUIET)]


def test_the_session_limits_run_on_the_socket() -> None:
    talk = live(VISIT)
    late = NINE + timedelta(minutes=30)
    assert talk.tick(1, late, 0) == [Standing()]
    assert talk.stands(AMARA, late) == [Shut(Close.IDLE)]
    talk = live(VISIT)
    assert talk.stands(AMARA, NINE + timedelta(hours=24)) == [Shut(Close.SESSION_ENDED)]
    codes = [live(VISIT).stands(ended, NINE) for ended in Ended]
    assert codes == [[Shut(Close(code))] for code in (4100, 4101, 4102, 4201, 4203)]


def test_a_right_that_ends_is_a_barrier_and_the_last_one_ends_the_socket() -> None:
    talk = live(VISIT, "queue.a")
    effects = talk.rejudged(VISIT, heard(VISIT, ok=False))
    assert effects[:2] == [Part(VISIT), Purge(VISIT)]
    assert said(effects)[0]["t"] == "gone"
    assert talk.news(news(51)) == []
    assert talk.rejudged("queue.a", heard("queue.a", ok=False))[-1] == Shut(Close.ACCESS_WITHDRAWN)


def test_whoever_begins_to_take_part_is_seen_and_whoever_ceases_is_not() -> None:
    talk = live(VISIT)
    only_moves = Heard(True, VISIT, content=False)
    assert talk.rejudged(VISIT, only_moves) == [Seat(VISIT, False)]
    assert talk.rejudged(VISIT, only_moves) == []
    assert talk.rejudged(VISIT, heard(VISIT)) == [Seat(VISIT, True)]


def test_what_is_unknown_is_ignored_and_what_is_wrong_ends() -> None:
    talk = live(VISIT)
    assert talk.heard('{"t":"sing","song":1}', 1) == []
    assert said(talk.heard('{"t":"sig","r":3,"kind":"offer"}', 1))[0]["problem"]["type"] == "not-served"
    assert talk.heard(hello(None), 1) == [Shut(Close.BAD_FRAME)]
    assert talk.heard('{"t":"beat"}', 2) == []
    assert a_conversation().heard('{"t":"sub","r":1,"topic":"x"}', 0) == [Shut(Close.BAD_FRAME)]
