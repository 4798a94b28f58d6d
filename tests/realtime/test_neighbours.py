"""Two nodes behind one database: who is here and who is typing on one is seen on the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any
from uuid import UUID

import pytest

from bedside.crypto import Datagrams
from bedside.realtime import Gateway, House, Neighbours
from bedside.realtime.hub import Hub
from bedside.realtime.neighbours import BEAT_SECONDS, GONE_SECONDS
from bedside.realtime.presence import Book
from realtime.node import AMARA, OSEI, VISIT, come, frames
from realtime.world import Clinic, explain

Line = Callable[[str], Awaitable[None]]


class Wire:
    """What carries signals: to every node, to the sender's own too. May lose and double; keeps what it carried."""

    def __init__(self, chance: Random, *, loses: float = 0.0) -> None:
        self.chance, self.loses = chance, loses
        self.nodes: list[Neighbours] = []
        self.carried: list[str] = []

    async def __call__(self, text: str) -> None:
        self.carried.append(text)
        if self.chance.random() < self.loses:
            return
        for node in self.nodes:
            for _ in range(self.chance.choice((1, 1, 2))):
                node.heard(text)


def node(clinic: Clinic, wire: Wire, name: int, key: bytes = b"k" * 32) -> tuple[Gateway, Neighbours]:
    chance, hub, book = Random(name), Hub(), Book()
    beside = Neighbours(
        UUID(int=name), hub, book, wire, Datagrams(key, chance.randbytes), clinic.time, clinic.time.sleep
    )
    wire.nodes.append(beside)
    house = House(
        clinic, clinic, clinic, clinic, explain, clinic.time, clinic.time.sleep, hub=hub, book=book, signals=beside
    )
    return Gateway(house, new_id=lambda: UUID(int=chance.getrandbits(128)), chance=chance.random), beside


@asynccontextmanager
async def two_nodes(clinic: Clinic, wire: Wire, **how: Any) -> AsyncIterator[tuple[Gateway, Gateway]]:
    first, second = node(clinic, wire, 1)[0], node(clinic, wire, 2, **how)[0]
    for one in (first, second):
        one.start()
        await clinic.time.settle()
    try:
        yield first, second
    finally:
        for one in (first, second):
            await one.stop()
        await clinic.time.run(10)


def present(pipe: Any) -> set[str]:
    """Who is here, as this page was told last."""
    told = frames(pipe, "here")
    return {one["id"] for one in told[-1]["present"]} if told else set()


def typing() -> str:
    return json.dumps({"t": "do", "id": str(UUID(int=99)), "op": "typing", "consultation": VISIT.partition(".")[2]})


async def test_who_is_here_and_who_types_is_seen_on_the_other_node() -> None:
    clinic, wire = Clinic(), Wire(Random(1))
    async with two_nodes(clinic, wire) as (first, second):
        osei = await come(clinic, first, OSEI, VISIT)
        amara = await come(clinic, second, AMARA, VISIT)
        assert present(osei) == present(amara) == {str(AMARA), str(OSEI)}
        amara.say(typing())
        await clinic.time.settle()
        assert [one["sender"]["id"] for one in frames(osei, "typing")] == [str(AMARA)] * len(frames(osei, "typing"))
        assert frames(osei, "typing")
        assert frames(amara, "typing") == []
        amara.say(None)
        await clinic.time.settle()
        assert present(osei) == {str(OSEI)}


async def test_ones_own_pages_do_not_show_that_one_types() -> None:
    clinic, wire = Clinic(), Wire(Random(2))
    async with two_nodes(clinic, wire) as (first, second):
        here, there = [await come(clinic, one, AMARA, VISIT) for one in (first, second)]
        beside = await come(clinic, first, AMARA, VISIT)
        assert [one["devices"] for one in frames(here, "here")[-1]["present"]] == [3]
        there.say(typing())
        await clinic.time.settle()
        assert [frames(pipe, "typing") for pipe in (here, there, beside)] == [[], [], []]


async def test_who_may_not_hear_what_is_said_does_not_see_who_types_elsewhere() -> None:
    clinic, wire = Clinic(), Wire(Random(3))
    async with two_nodes(clinic, wire) as (first, second):
        amara = await come(clinic, second, AMARA, VISIT)
        osei = await come(clinic, first, OSEI, "queue." + VISIT.partition(".")[2])
        amara.say(typing())
        await clinic.time.settle()
        assert frames(osei, "typing", "here") == []


async def test_a_node_that_falls_silent_takes_its_people_with_it() -> None:
    clinic, wire = Clinic(), Wire(Random(4))
    async with two_nodes(clinic, wire) as (first, second):
        osei, _ = await come(clinic, first, OSEI, VISIT), await come(clinic, second, AMARA, VISIT)
        assert present(osei) == {str(AMARA), str(OSEI)}
        wire.nodes.pop()
        for task in second._loops:
            task.cancel()  # killed: no farewell
        beating = asyncio.create_task(beats(clinic, osei))
        await clinic.time.run(GONE_SECONDS + 2 * BEAT_SECONDS)
        beating.cancel()
        assert present(osei) == {str(OSEI)}


async def beats(clinic: Clinic, *pipes: Any) -> None:
    while True:
        for pipe in pipes:
            pipe.say('{"t":"beat"}')
        await clinic.time.sleep(20)


@pytest.mark.parametrize("seed", range(20))
async def test_a_line_that_loses_and_doubles_is_mended_by_the_next_beat(seed: int) -> None:
    clinic, wire = Clinic(), Wire(Random(seed), loses=0.5)
    async with two_nodes(clinic, wire) as (first, second):
        pipes: list[Any] = []
        for n in range(6):
            pipe = await come(clinic, wire.chance.choice((first, second)), UUID(int=100 + n), VISIT)
            pipes.append(pipe)
            if wire.chance.random() < 0.3:
                pipes.pop(wire.chance.randrange(len(pipes))).say(None)
            await clinic.time.run(wire.chance.random())
        wire.loses = 0.0
        beating = asyncio.create_task(beats(clinic, *pipes))
        await clinic.time.run(2 * BEAT_SECONDS + 1)
        beating.cancel()
        expected = {str(one.talk.who.account) for gateway in (first, second) for one in gateway.connections()}
        assert len(expected) == len(pipes)
        assert all(present(pipe) == expected for pipe in pipes)


async def test_another_house_on_the_same_line_is_not_heard_and_nothing_is_legible() -> None:
    clinic, wire = Clinic(), Wire(Random(5))
    async with two_nodes(clinic, wire, key=b"another house's key of 32 bytes!") as (first, second):
        osei, amara = await come(clinic, first, OSEI, VISIT), await come(clinic, second, AMARA, VISIT)
        amara.say(typing())
        await clinic.time.run(BEAT_SECONDS + 1)
        assert (present(osei), frames(osei, "typing")) == ({str(OSEI)}, [])
    assert wire.carried
    assert all(len(text) < 7000 and VISIT not in text and str(AMARA) not in text for text in wire.carried)


async def test_one_node_alone_says_nothing_but_its_beat() -> None:
    clinic, wire = Clinic(), Wire(Random(6))
    alone = node(clinic, wire, 1)[0]
    alone.start()
    amara = await come(clinic, alone, AMARA, VISIT)
    for _ in range(10):
        amara.say(typing())
        await clinic.time.run(1)
    assert len(wire.carried) == 1
    await alone.stop()
    await clinic.time.run(10)
