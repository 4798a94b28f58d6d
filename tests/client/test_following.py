"""The SDK follows what happens: words merged, views kept fresh, versions named, and everything closed in the end."""

import asyncio
from uuid import uuid4

import pytest

from bedside_client import Closed, Cursor, Problem, Talk
from client.hands import SOON, hands
from clinic import DEVICE, WHERE
from journeys.house import OpenClinic


@pytest.mark.spec("S383")
async def test_what_came_twice_is_there_once(house: OpenClinic) -> None:
    """The view, the feed and one's own words, merged by id, in the clinic's order."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.waiting(patient, provider)
    async with hands(house, patient) as amara, hands(house, provider) as osei:
        hers = amara.consultation(visit)
        talk = Talk(amara.account)
        await osei.consultation(visit).say("before the page opened")
        view = await hers.get()
        async with amara.live([hers.topic], since=Cursor(view["cursor"]["era"], 0)) as feed:
            await feed.welcomed()
            id = str(uuid4())
            talk.sending(id, "mine")
            assert [(said.content, said.delivery) for said in talk.messages] == [("mine", "sending")]
            await feed.send(str(visit), "mine", id=id)
            talk.fetched(await hers.history())
            for _ in range(2):
                talk.heard(await feed.next("m"))
            talk.fetched(await hers.history())
        assert [(said.content, said.delivery) for said in talk.messages] == [
            ("before the page opened", "sent"),
            ("mine", "sent"),
        ]
        talk.sending("x", "not taken")
        talk.refused("x")
        assert [said.delivery for said in talk.messages] == ["sent", "sent", "refused"]


async def test_a_watched_view_is_always_the_last_one(house: OpenClinic) -> None:
    """From the view's own cursor on: a step taken between page and feed is not missed."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.book(patient, provider)
    await patient.consents()
    async with hands(house, patient) as amara:
        hers = amara.consultation(visit)
        states: list[str] = []
        async with asyncio.timeout(SOON):
            async for view in amara.watch(hers.get, [hers.topic]):
                states.append(view["state"])
                if view["state"] == "scheduled":
                    await hers.check_in(**WHERE)
                elif view["state"] == "checked-in":
                    await hers.pass_device_check(**DEVICE)
                elif view["state"] == "waiting":
                    break
    assert list(dict.fromkeys(states)) == ["scheduled", "checked-in", "waiting"]


@pytest.mark.spec("S385")
async def test_another_version_of_the_wire_is_refused_and_newer_words_are_passed_over(
    house: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The schema's version is named on both sides: a mismatch ends it at once; what v1 may grow harms nobody."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.waiting(patient, provider)
    async with hands(house, patient) as amara:
        async with amara.live([f"consultation.{visit}"]) as feed:
            await feed.welcomed()
            assert feed.follower.hear('{"t":"hologram","n":3}') == []
        monkeypatch.setattr("bedside_client.feed.WIRE", "bedside.v9")
        with pytest.raises(Closed) as ended:
            async with amara.live([f"consultation.{visit}"]) as feed, asyncio.timeout(SOON):
                await feed.next("welcome")
        assert ended.value.code == 4302
        served = (await house.http.get("/api/schema/openapi.json")).json()
        assert served["info"]["version"] == "1"
        assert all(path.startswith("/api/v1/") for path in served["paths"])


async def test_it_closes_cleanly(house: OpenClinic) -> None:
    """Feeds that nobody closed are closed with their owner, and nothing goes on in the background."""
    patient = await house.patient()
    before = asyncio.all_tasks()
    me = hands(house, patient)
    feed = me.live([f"notification.{patient.account}"])
    await feed.__aenter__()
    await feed.welcomed()
    asked = asyncio.create_task(feed.do("send", consultation=str(uuid4()), content="?"))
    with pytest.raises(Problem):
        await asked
    await me.close()
    assert {task for task in asyncio.all_tasks() - before if "bedside_client" in repr(task)} == set()
    with pytest.raises(RuntimeError):
        await me.me()


async def test_who_is_told_to_begin_anew_reads_the_state_and_misses_nothing_after(house: OpenClinic) -> None:
    """A stream that cannot be trusted any more breaks off again and again while somebody talks: not a word is lost."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.waiting(patient, provider)
    said = [f"word {at}" for at in range(20)]
    gateway = house.running.gateway
    async with hands(house, patient) as amara, hands(house, provider) as osei:
        hers, his, talk, anew = amara.consultation(visit), osei.consultation(visit), Talk(amara.account), 0

        async def talks() -> None:
            for at, word in enumerate(said):
                await his.say(word)
                if at % 7 == 0:
                    [channel] = gateway.house.hub.channels()
                    channel.broken(await gateway.house.authority.head(house.org))

        async with amara.live([hers.topic]) as feed, asyncio.timeout(SOON * 2):
            await feed.welcomed()
            talking = asyncio.create_task(talks())
            while len(talk.messages) < len(said):
                event = await anext(feed)
                if event.t == "resync":
                    talk.fetched(await hers.history())
                    anew += 1
                talk.heard(event)
            await talking
        assert [one.content for one in talk.messages] == said
        assert anew > 0
