"""The SDK against a clinic that is really open: trouble of every kind, and each thing still done once."""

import asyncio
from contextlib import AsyncExitStack
from itertools import repeat
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from bedside.care.grants import model as grants
from bedside_client import Bedside, Problem
from client.hands import SOON, flaky, hands, secret_for
from clinic import DEVICE, WHERE
from journeys.house import OpenClinic, doors, until


async def test_a_visit_from_the_link_to_the_summary(house: OpenClinic) -> None:
    """Two programs hold a whole visit; what each sees is fetched, and fetched again when it changed."""
    patient, provider = await house.patient(), await house.provider()
    booked = await house.book(patient, provider)
    link = f"{house.url}/k/{await secret_for(house, patient)}"
    async with (
        asyncio.timeout(2 * SOON),
        await Bedside.sign_in(house.url, link) as amara,
        hands(house, provider) as osei,
    ):
        assert (amara.role, amara.account) == ("patient", str(patient.account))
        assert (await amara.me())["visits"] == [str(booked)]
        hers, his = amara.consultation(booked), osei.consultation(booked)
        text = await amara.consent_text("telehealth")
        whose = (await hers.get())["patient"]
        await amara.give_consent(whose, type="telehealth", granted=True, text_sha256=text["sha256"])
        assert (await hers.check_in(**WHERE))["state"] == "checked-in"
        await hers.pass_device_check(**DEVICE)
        rows = (await osei.waiting_room())["waiting"]
        assert [row["name"] for row in rows] == ["Amara Okafor"]
        async with amara.live([hers.topic]) as her_page, osei.live([his.topic]) as his_page:
            await asyncio.gather(her_page.welcomed(), his_page.welcomed())
            await his.call_in(identity_confirmed=True)
            await asyncio.gather(her_page.enter(str(booked)), his_page.enter(str(booked)))
            await until(lambda: in_progress(hers))
            await hers.say("My ankle is still swollen.")
            assert (await his_page.next("m")).frame["content"] == "My ankle is still swollen."
        await his.end()
        await his.complete(summary="Rest it for a week.", follow_up=False)
        assert (await hers.get())["summary"] == "Rest it for a week."
        await amara.sign_out()
        with pytest.raises(Problem, match="session-missing"):
            async with Bedside(house.url, amara.token) as again:
                await again.me()


async def in_progress(visit: Any) -> bool:
    return (await visit.get())["state"] == "in-progress"


async def test_a_refusal_says_why_and_what_is_possible_instead(house: OpenClinic) -> None:
    patient, provider = await house.patient(), await house.provider()
    visit = await house.book(patient, provider)
    async with hands(house, patient) as amara:
        with pytest.raises(Problem) as no:
            await amara.consultation(visit).check_in(**WHERE)
        assert (no.value.type, no.value.status, no.value.can) == ("consent-missing", 403, ("cancel",))
        assert no.value.title
        with pytest.raises(Problem, match="not-found"):
            await amara.consultation(uuid4()).get()


@pytest.mark.spec("S337", "S382")
@pytest.mark.parametrize("trouble", ["turned-away", "lost"])
async def test_what_is_in_doubt_is_asked_again_under_its_key_and_done_once(house: OpenClinic, trouble: Any) -> None:
    """Check-in and words, twice spoilt on the way: done once, told once, and the first answer comes in the end."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.book(patient, provider)
    await patient.consents()
    async with flaky(house) as (door, url), hands(house, patient, url) as amara:
        hers = amara.consultation(visit)
        door.plan.extend([trouble, trouble])
        assert (await hers.check_in(**WHERE))["state"] == "checked-in"
        door.plan.append(trouble)
        said = await hers.say("I am here")
        assert [(path.rpartition("/")[2], key) for _, path, key in door.asked] == [
            *[("check-in", door.asked[0][2])] * 3,
            *[("messages", said["id"])] * 2,
        ]
        assert [message["body"] for message in await hers.history()] == ["I am here"]
    acts = await house.actions()
    assert (acts.count("CHECK_IN"), acts.count("SEND_MESSAGE")) == (1, 1), acts


async def test_signing_in_twice_with_a_lost_answer_is_one_session(house: OpenClinic) -> None:
    """A colleague's link works once; the repeat of the same exchange gets the same session."""
    osei = await house.provider()
    secret = await secret_for(house, osei)
    async with flaky(house) as (door, url):
        door.plan.append("lost")
        async with await Bedside.sign_in(url, secret, chance=lambda: 0.0) as me:
            assert (await me.me())["role"] == "provider"
        with pytest.raises(Problem, match="link-spent"):
            await Bedside.sign_in(url, secret)


async def test_it_gives_up_when_the_trouble_stays(house: OpenClinic) -> None:
    """Six tries, then the refusal or the broken line; never for ever, never as if there were nothing."""
    osei = await house.provider()
    async with flaky(house) as (door, url), hands(house, osei, url) as me:
        door.plan.extend(repeat("turned-away", 6))
        with pytest.raises(Problem) as no:
            await me.waiting_room()
        assert (no.value.status, len(door.asked)) == (503, 6)
    async with Bedside("http://127.0.0.1:9", osei.token, chance=lambda: 0.0) as nobody:
        with pytest.raises(httpx.ConnectError):
            await nobody.me()


@pytest.mark.spec("S384")
async def test_a_clinic_that_restarts_finds_what_was_said_meanwhile(house: OpenClinic) -> None:
    """The doors close with two acts in the outbox and open again: both are done, in order, once; nothing is missed."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.waiting(patient, provider)
    async with AsyncExitStack() as stack, AsyncExitStack() as door:
        url = await door.enter_async_context(doors(house.running.asgi))
        amara = await stack.enter_async_context(hands(house, patient, url))
        osei = await stack.enter_async_context(hands(house, provider))
        hers = await stack.enter_async_context(amara.live([f"consultation.{visit}"]))
        his = await stack.enter_async_context(osei.live([f"consultation.{visit}"]))
        await asyncio.gather(hers.welcomed(), his.welcomed())
        await door.aclose()
        await until(lambda: closed(hers))
        ids = [str(uuid4()), str(uuid4())]
        asked = [asyncio.create_task(hers.send(str(visit), f"word {id}", id=id)) for id in ids]
        await asyncio.sleep(0)
        assert list(hers.outbox) == ids
        await osei.consultation(visit).say("are you there?")
        async with doors(house.running.asgi, urlsplit(url).port or 0), asyncio.timeout(SOON):
            assert [(await done)["id"] for done in asked] == ids
            assert hers.outbox == {}
            heard = [(await hers.next("m")).frame["content"] for _ in range(3)]
            assert heard == ["are you there?", *(f"word {id}" for id in ids)]
            await amara.close()


async def closed(feed: Any) -> bool:
    return feed._socket is None


@pytest.mark.spec("S338", "S384")
async def test_an_outbox_outlives_its_program(house: OpenClinic) -> None:
    """What one run of a program could not get answered, the next one sends under the same ids, from its old place."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.waiting(patient, provider)
    id, topic = str(uuid4()), f"consultation.{visit}"
    async with hands(house, patient) as before:
        async with before.live([topic]) as feed:
            await feed.welcomed()
            await feed.send(str(visit), "said and answered")
            await feed.next("m")
            feed.follower.do("send", id, consultation=str(visit), content="said on the way into a tunnel")
        kept, since = feed.outbox, feed.cursor
    assert list(kept) == [id]
    for _ in range(2):  # the second time the answer to the first had been lost
        async with hands(house, patient) as after, after.live([topic], since=since, outbox=kept) as feed:
            heard: set[tuple[str, str]] = set()
            async with asyncio.timeout(SOON):
                while not {("done", id), ("m", id)} <= heard:
                    event = await anext(feed)
                    heard.add((event.t, str(event.frame.get("id"))))
    assert await house.owner.fetchval("select count(*) from message") == 2


async def test_a_permission_that_ran_out_is_renewed_once(house: OpenClinic) -> None:
    """Over HTTP and over the socket: the act is repeated under its id, and the person notices nothing."""
    patient, provider = await house.patient(), await house.provider()
    visit = await house.waiting(patient, provider)
    async with hands(house, patient) as amara, amara.live([f"consultation.{visit}"]) as feed:
        await feed.welcomed()
        for say in (amara.consultation(visit).say, lambda words: feed.send(str(visit), words)):
            await house.owner.execute("update \"grant\" set expires_at = now() - interval '1 minute'")
            async with asyncio.timeout(SOON):
                assert (await say("still here"))["entry"]
    assert await house.owner.fetchval("select count(*) from message") == 2
    assert grants.GrantLapsed.slug == "grant-lapsed"
