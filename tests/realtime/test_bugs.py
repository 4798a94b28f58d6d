"""A bug in one conversation ends that one; everybody else goes on hearing."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.realtime.protocol import Conversation
from realtime.node import AMARA, OSEI, VISIT, a_node, come, frames
from realtime.world import Clinic


async def test_a_bug_in_one_conversation_stops_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, well = Clinic(), Conversation.news

    def news(talk: Conversation, one: Any) -> Any:
        if talk.who.account == AMARA:
            raise KeyError("a bug")
        return well(talk, one)

    async with a_node(clinic) as node:
        amara, osei = [await come(clinic, node, who, VISIT) for who in (AMARA, OSEI)]
        monkeypatch.setattr(Conversation, "news", news)
        clinic.announce(VISIT)
        await clinic.time.run(3)
        assert amara.closed == 4004
        assert len(frames(osei, "n")) == 1


async def test_a_frame_that_is_no_json_is_a_resync_not_a_silence() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        clinic.announce(VISIT)
        clinic.entries[-1][0].frame["x"] = object()
        await clinic.time.run(1)
        clinic.announce(VISIT)
        await clinic.time.run(1)
        assert [one["t"] for one in frames(pipe, "resync", "n")] == ["resync", "n"]


async def test_a_beat_that_cannot_be_written_sends_nobody_away_and_the_next_one_is() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        beats = len(clinic.beats)
        clinic.fail.add("beat")
        await clinic.time.run(25)
        pipe.say('{"t":"beat"}')
        await clinic.time.run(25)
        assert (pipe.closed, len(clinic.beats)) == (None, beats)
        clinic.fail.discard("beat")
        pipe.say('{"t":"beat"}')
        await clinic.time.run(1)
        assert (pipe.closed, len(clinic.beats)) == (None, beats + 1)
