"""What happens is heard, by whom it concerns and by nobody else, over real sockets in real time.

Nothing here sleeps to be right: each wait is for an event, and ends by itself if the event does not come.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from bedside_client import Closed, Event, Feed, Problem
from clinic import DEVICE, WHERE, Person
from conftest import PASSWORDS
from journeys.house import OpenClinic, open_house
from journeys.network import Network
from journeys.pace import describe, measure

SOON = 10.0


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[OpenClinic]:
    async with open_house(database, tmp_path / "data", PASSWORDS) as clinic:
        yield clinic


async def soon(feed: Feed, t: str, **members: Any) -> Event:
    """The next such event, or a failure after a while."""
    async with asyncio.timeout(SOON):
        return await feed.next(t, **members)


async def all_until(feed: Feed, t: str, **members: Any) -> list[Event]:
    """Everything from here to that event."""
    events: list[Event] = []
    async with asyncio.timeout(SOON * 2):
        async for event in feed:
            events.append(event)
            if event.t == t and all(event.frame.get(name) == value for name, value in members.items()):
                break
    return events


async def said_until(feed: Feed, last: str) -> list[dict[str, Any]]:
    """The messages from here to the last word."""
    return [event.frame for event in await all_until(feed, "m", content=last) if event.t == "m"]


def words_of(frames: list[dict[str, Any]]) -> list[str]:
    return [frame["content"] for frame in frames]


def feed_of(clinic: OpenClinic, person: Person, *topics: str, url: str | None = None) -> Feed:
    """This person listens."""
    hands = clinic.hands(person)
    hands.base = url or hands.base
    return hands.live(topics)


async def talking(clinic: OpenClinic) -> tuple[Person, Person, UUID, str]:
    """A patient and a provider in a visit, both permitted to talk."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    for person in (amara, osei):
        await person.do(visit, "grant")
    return amara, osei, visit, f"consultation.{visit}"


@pytest.mark.spec("S27", "S147", "S159")
async def test_a_check_in_is_heard_in_the_waiting_room_and_the_queue(house: OpenClinic) -> None:
    """The provider hears it on their waiting room, the department on its queue; ids and a state, no name."""
    amara, osei, desk = await house.patient(), await house.provider(), await house.desk()
    visit = await house.book(amara, osei)
    await amara.consents()
    room, queue = f"waiting-room.{osei.account}", f"queue.{house.department}"
    async with feed_of(house, osei, room) as own, feed_of(house, desk, queue) as board:
        await asyncio.gather(own.welcomed(), board.welcomed())
        answer = await amara.do(visit, "check-in", WHERE)
        for heard in (
            await soon(own, "n", topic=room, kind="PATIENT_CHECKED_IN"),
            await soon(board, "n", topic=queue, kind="PATIENT_ADDED"),
        ):
            assert heard.frame["consultation"] == str(visit)
            assert heard.frame["queueEntry"] == answer["queueEntry"]
            assert (heard.frame["state"], heard.frame["v"]) == ("checked-in", answer["version"])
            assert not {"name", "patient", "actor", "place"} & heard.frame.keys()
        await amara.do(visit, "device-check", DEVICE)
        assert (await soon(board, "n", kind="STATUS_UPDATED", consultation=str(visit))).frame["state"] == "waiting"


@pytest.mark.spec("S285", "S286", "S287", "S288", "S289")
async def test_what_is_said_is_heard_by_who_takes_part(house: OpenClinic) -> None:
    """Both in the visit get the words; a nurse who looks on hears only that something was said; others nothing."""
    amara, osei, visit, topic = await talking(house)
    nurse, stranger = await house.nurse(), await house.patient("Mei", "Chow")
    listeners = [feed_of(house, person, topic) for person in (amara, osei, nurse, stranger)]
    async with listeners[0] as hers, listeners[1] as his, listeners[2] as looking_on, listeners[3] as outside:
        for feed in (hers, his, looking_on):
            assert (await soon(feed, "welcome")).frame["topics"] == {topic: "ok"}
        assert (await soon(outside, "welcome")).frame["topics"] == {topic: "not-found"}
        id = str(uuid4())
        await hers.send(str(visit), "It hurts when I breathe", id=id)
        for feed in (hers, his):
            said = (await soon(feed, "m")).frame
            assert (said["id"], said["type"], said["content"]) == (id, "text", "It hurts when I breathe")
            assert said["sender"] == {"id": str(amara.account), "role": "patient"}
            assert said["at"]
        await osei.do(visit, "send-back", {"reason": "other"})
        onlooker = await all_until(looking_on, "n", kind="STATUS_UPDATED", state="waiting")
        assert "MESSAGE_SENT" in [event.frame.get("kind") for event in onlooker]
        assert not [event for event in onlooker if event.t == "m" or "hurts" in str(event.frame)]
        with pytest.raises(Problem, match="not-found"):
            await outside.send(str(visit), "Hello?")


async def test_topics_that_are_not_mine_are_not_there(house: OpenClinic) -> None:
    """Somebody else's, nobody's and nonsense: the same answer, at hello and later; the rest goes on."""
    amara, osei, visit, topic = await talking(house)
    foreign = [f"waiting-room.{osei.account}", f"queue.{house.department}", f"notification.{osei.account}"]
    odd = [f"consultation.{uuid4()}", "consultation.*", "audit.x", f"CONSULTATION.{visit}", "🦆", "x" * 200]
    async with feed_of(house, amara, topic, *foreign, *odd) as feed:
        welcome = (await soon(feed, "welcome")).frame
        assert welcome["topics"] == {topic: "ok"} | dict.fromkeys([*foreign, *odd], "not-found")
        await feed.send(str(visit), "Still here")
        assert (await soon(feed, "m")).frame["content"] == "Still here"


@pytest.mark.slow
async def test_a_line_that_breaks_loses_and_doubles_nothing(house: OpenClinic) -> None:
    """Forty messages from both sides, ten breaks at random: each side has each message once, in one order."""
    chance = Random(3)
    amara, osei, visit, topic = await talking(house)
    async with feed_of(house, amara, topic) as hers, feed_of(house, osei, topic) as his:
        await asyncio.gather(hers.welcomed(), his.welcomed())
        breaks = set(chance.sample(range(40), 10))
        words = [f"word {at}" for at in range(40)]
        sending: list[asyncio.Task[Any]] = []
        for at, word in enumerate(words):
            sending.append(asyncio.create_task(chance.choice((hers, his)).send(str(visit), word)))
            if at in breaks:
                await chance.choice((hers, his)).drop()
            await asyncio.sleep(chance.uniform(0.0, 0.05))
        await asyncio.wait_for(asyncio.gather(*sending), 60)
        await amara.do(visit, "messages", {"content": "that was all"})
        heard = [await said_until(feed, "that was all") for feed in (hers, his)]
        assert sorted(words_of(heard[0])) == sorted([*words, "that was all"])
        assert words_of(heard[0]) == words_of(heard[1])
        kept = [message["body"] for message in await amara.get(f"/consultations/{visit}/messages")]
        assert kept == words_of(sorted(heard[0], key=lambda frame: frame["seq"]))


@pytest.mark.slow
async def test_ten_seconds_without_a_network(house: OpenClinic) -> None:
    """The line is cut for ten seconds; what was missed comes afterwards, by number, once; and nothing anew."""
    amara, osei, visit, topic = await talking(house)
    async with Network(house.url) as network, feed_of(house, osei, topic, url=network.url) as his:
        first = (await soon(his, "welcome")).frame
        await amara.do(visit, "messages", {"content": "before"})
        assert (await soon(his, "m")).frame["content"] == "before"
        await network.cut()
        missed = [f"missed {at}" for at in range(20)]
        for word in missed:
            await amara.do(visit, "messages", {"content": word})
            await asyncio.sleep(0.5)
        unsent = asyncio.create_task(his.send(str(visit), "I was away"))
        network.mend()
        his.network_is_back()  # as a browser says it; else the pauses have grown to twenty seconds by now
        welcome = (await soon(his, "welcome")).frame
        assert (welcome["resumed"], welcome["era"]) == (True, first["era"])
        assert words_of(await said_until(his, "I was away")) == [*missed, "I was away"]
        assert "entry" in await unsent
        assert await house.owner.fetchval("select count(*) from message") == 22


async def test_signing_out_closes_the_socket(house: OpenClinic) -> None:
    """The session ends and its sockets with it; another session of the same person goes on."""
    amara, _, _, topic = await talking(house)
    other = await house._signed_in(amara.account, amara.role, amara.name, patient=amara.patient)
    async with feed_of(house, amara, topic) as feed, feed_of(house, other, topic) as stays:
        await asyncio.gather(feed.welcomed(), stays.welcomed())
        await amara.post("/sessions/end")
        with pytest.raises(Closed) as closed:
            await soon(feed, "never")
        assert closed.value.code == 4100
        assert (await amara.raw("GET", "/me")).status_code == 401
        assert (await other.raw("GET", "/me")).status_code == 200
        assert stays._socket is not None


@pytest.mark.spec("S152", "S154")
async def test_the_end_of_a_visit_is_not_the_end_of_the_line(house: OpenClinic) -> None:
    """Called, in the room, ended, completed: the patient hears each step over one and the same socket."""
    amara, osei = await house.patient(), await house.provider()
    visit = await house.waiting(amara, osei)
    topic = f"consultation.{visit}"
    async with feed_of(house, amara, topic) as hers, feed_of(house, osei, topic) as his:
        await asyncio.gather(hers.welcomed(), his.welcomed())
        line = hers._socket
        await osei.do(visit, "call-in", {"identityConfirmed": True})
        assert (await soon(hers, "n", kind="PROVIDER_JOINED")).frame["state"] == "connecting"
        await asyncio.gather(hers.enter(str(visit)), his.enter(str(visit)))
        await soon(hers, "n", kind="STATUS_UPDATED", state="in-progress")
        await osei.do(visit, "end")
        assert (await soon(hers, "n", kind="CONSULTATION_WRAPPING_UP")).frame["state"] == "wrapping-up"
        await osei.do(visit, "complete", {"summary": "Rest, and drink enough.", "followUp": False})
        assert (await soon(hers, "n", kind="CONSULTATION_ENDED")).frame["state"] == "completed"
        with pytest.raises(Problem):
            await hers.send(str(visit), "One more thing")
        assert (await amara.see(visit))["summary"] == "Rest, and drink enough."
        assert hers._socket is line


@pytest.mark.slow
async def test_how_soon_a_check_in_is_heard(house: OpenClinic) -> None:
    """A hundred check-ins, and how long each took to reach the provider's screen. Measured here, judged in bench/."""
    took = await measure(house, events=100)
    print("\n" + describe(took))
    assert len(took) == 100
