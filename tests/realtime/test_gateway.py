"""The sockets of a node, whole, in a world whose time is ours: slow readers, revocation, outages, ends."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from bedside.realtime import Ended
from realtime.node import AMARA, OSEI, QUEUE, VISIT, a_node, come, frames
from realtime.world import Clinic


async def test_what_is_announced_is_heard_within_the_poll_and_at_once_when_woken() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        clinic.announce(VISIT)
        await clinic.time.run(0.3)
        clinic.announce(QUEUE)
        clinic.announce(VISIT)
        node.tail.wake()
        await clinic.time.settle()
        assert [one["n"] for one in frames(pipe, "n")] == [1, 3]


async def test_a_gap_or_a_new_era_is_a_resync_for_everybody() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        clinic.announce(VISIT)
        await clinic.time.run(1)
        clinic.era, clinic.entries = UUID(int=101), []
        await clinic.time.run(1)
        assert frames(pipe, "resync") == [{"t": "resync", "era": str(clinic.era), "n": 0, "topics": [VISIT]}]
        clinic.announce(VISIT)
        await clinic.time.run(1)
        assert [one["n"] for one in frames(pipe, "n")] == [1, 1]


async def test_a_line_is_told_of_once_a_second_under_the_highest_number() -> None:
    clinic = Clinic()
    line = f"line.{UUID(int=6)}"
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, line)
        for _ in range(20):
            clinic.announce(line, kind="LINE_MOVED")
            await clinic.time.run(0.1)
        await clinic.time.run(2)
        moved = frames(pipe, "n")
        assert 3 <= len(moved) <= 4
        assert moved[-1]["n"] == 20
        assert set(moved[0]) == {"t", "n", "topic", "kind", "within"}


@pytest.mark.parametrize("seed", range(40))
async def test_after_the_barrier_nothing_of_the_topic_follows(seed: int) -> None:
    """Rights come and go while news flows; whatever leaves was allowed a second and a bit before."""
    chance, clinic = Random(seed), Clinic()
    topics = [f"consultation.{UUID(int=i)}" for i in range(3)] + [QUEUE]
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, *topics)
        withdrawn: dict[str, float] = {}
        gone: set[str] = set()
        leaks: list[dict[str, Any]] = []

        def check(text: str) -> None:
            one = json.loads(text)
            if one["t"] == "gone":
                gone.add(one["topic"])
            elif "topic" in one:
                late = clinic.time.ticks() - withdrawn.get(one["topic"], 1e9)
                if one["topic"] in gone or late > 1.01:
                    leaks.append(one)

        pipe.on_send = check
        for _ in range(40):
            clinic.announce(*chance.sample(topics, 2))
            if chance.random() < 0.1:
                topic = chance.choice(topics)
                clinic.withdraw(AMARA, topic)
                withdrawn.setdefault(topic, clinic.time.ticks())
            if chance.random() < 0.3:  # a reader that pauses: what waits for it must be purged
                pipe.blocked.clear()
            else:
                pipe.blocked.set()
            await clinic.time.run(chance.random())
        pipe.blocked.set()
        await clinic.time.run(3)
        assert leaks == []
        assert gone == set(withdrawn) or node.connections() == []


async def test_a_step_of_the_visit_drops_nobody() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        clinic.allow(AMARA, VISIT)
        clinic.announce(VISIT)
        await clinic.time.run(3)
        assert (frames(pipe, "gone"), pipe.closed, len(frames(pipe, "n"))) == ([], None, 1)


@pytest.mark.parametrize("what", ["epochs", "read", "may_hear"])
async def test_a_node_that_cannot_know_for_five_seconds_says_so(what: str) -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        await clinic.time.run(2)
        clinic.fail.add(what)
        clinic.allow(AMARA, QUEUE)
        await clinic.time.run(1.1)
        clinic.announce(VISIT)
        await clinic.time.run(2)
        assert pipe.closed is None
        await clinic.time.run(5)
        assert pipe.closed == 4004
        assert what == "epochs" or frames(pipe, "n") == []


@pytest.mark.parametrize(("ended", "code"), [(Ended.SESSION, 4100), (Ended.ACCOUNT, 4201)])
async def test_a_session_that_ends_ends_the_socket(ended: Ended, code: int) -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        clinic.ended[AMARA] = ended
        clinic.account_epoch[AMARA] += 1
        await clinic.time.run(2)
        assert pipe.closed == code


async def test_idle_ends_the_socket_unless_the_limit_has_moved() -> None:
    clinic = Clinic(idle_minutes=0.5)
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        await clinic.time.run(29)
        assert pipe.closed is None
        await clinic.time.run(4)
        assert pipe.closed == 4101


async def test_acts_are_done_in_order_and_once() -> None:
    clinic = Clinic()
    ids = [uuid4() for _ in range(10)]
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        for id in [*ids, *ids[:3]]:
            pipe.say(json.dumps({"t": "do", "id": str(id), "op": "send", "content": "x"}))
        await clinic.time.settle()
        assert clinic.acts == [("send", id) for id in ids]
        assert [one["id"] for one in frames(pipe, "done")][:10] == [str(id) for id in ids]


async def test_people_of_a_visit_see_one_another() -> None:
    clinic = Clinic()
    visit = VISIT.removeprefix("consultation.")
    async with a_node(clinic) as node:
        amara = await come(clinic, node, AMARA, VISIT)
        await come(clinic, node, AMARA, VISIT)
        osei = await come(clinic, node, OSEI, VISIT)
        assert [(p["id"], p["devices"]) for p in frames(amara, "here")[-1]["present"]] == [
            (str(AMARA), 2),
            (str(OSEI), 1),
        ]
        osei.say(json.dumps({"t": "do", "id": str(uuid4()), "op": "enter", "consultation": visit}))
        await clinic.time.settle()
        assert frames(amara, "here")[-1]["present"][1]["inRoom"] is True
        osei.say(json.dumps({"t": "do", "id": str(uuid4()), "op": "typing", "consultation": visit}))
        await clinic.time.settle()
        assert frames(amara, "typing")[0]["sender"]["id"] == str(OSEI)
        assert frames(osei, "typing") == []
        osei.say(None)
        await clinic.time.settle()
        assert [p["id"] for p in frames(amara, "here")[-1]["present"]] == [str(AMARA)]
        assert len(clinic.left) == 1


async def test_eight_sockets_an_account_and_a_dead_one_yields() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipes = [await come(clinic, node, AMARA, VISIT) for _ in range(9)]
        assert [pipe.closed for pipe in pipes] == [None] * 8 + [4303]
        await clinic.time.run(20)
        for pipe in pipes[1:8]:
            pipe.say('{"t":"beat"}')
        await clinic.time.run(20)
        late = await come(clinic, node, AMARA, VISIT)
        assert (pipes[0].closed, late.closed) == (4001, None)


async def test_a_restart_is_announced_with_a_moment_of_chance() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        await node.stop()
        await clinic.time.run(1)
        assert frames(pipe, "bye")[0]["code"] == pipe.closed == 4002
        assert 0 <= frames(pipe, "bye")[0]["after"] < 2000
        assert (await come(clinic, node, OSEI, VISIT)).closed == 4002


async def test_a_page_beats_every_thirty_seconds_and_is_let_go_when_it_falls_silent() -> None:
    """Both sides beat: its presence is renewed well within the two minutes after which it would lapse."""
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        for at in range(1, 11):
            await clinic.time.run(30)
            pipe.say('{"t":"beat"}')
            await clinic.time.settle()
            assert len(clinic.beats) >= at + 1
            assert len(frames(pipe, "beat")) >= at - 1
        await clinic.time.run(70)
        assert (pipe.closed, clinic.left) == (None, [])
        await clinic.time.run(10)
        assert (pipe.closed, len(clinic.left)) == (4001, 1)


async def test_a_binary_frame_ends_the_socket() -> None:
    clinic = Clinic()
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT)
        pipe.say(b"\0")
        await clinic.time.run(3)
        assert pipe.closed == 4300
