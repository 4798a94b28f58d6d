"""Pages are reloaded, tabs closed, lines lost. The seat is kept; nothing is said twice, nothing is lost."""

import asyncio

import pytest
from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import Cast, Phone, Screen

pytestmark = pytest.mark.browser
AMARA, OSEI = "Amara Okafor", "Dr. Kwame Osei"
BORN = ("3", "2", "1955")


async def test_a_reload_and_another_device_find_the_same_seat(house: OpenHouse, cast: Cast):
    osei, phone = await cast.laptop(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    visit = await phone.checks_in(house.links["patient"])
    since = await phone.page.locator("wait-since time").get_attribute("datetime")

    await phone.page.reload()
    await _has_the_seat(phone, str(since))
    await phone.page.close()

    tablet = await cast.phone(viewport={"width": 768, "height": 1024})
    assert await tablet.opens(house.links["patient"], born=BORN) == visit
    await _has_the_seat(tablet, str(since))

    await osei.calls_in(AMARA)
    await tablet.taps("ready.go-in")
    await tablet.sees("room.here", n=2)
    await tablet.writes("I am on the tablet now.")
    await expect(tablet.bubble("I am on the tablet now.").locator(".state")).to_contain_text(tablet.t("chat.seen"))

    await tablet.page.reload()
    await tablet.sees("room.here", n=2)
    await expect(tablet.page.locator(".log .said")).to_have_count(1)
    await osei.writes("I can read you.")
    await tablet.reads("I can read you.")
    assert await house.journal(visit, "CHECK_IN") == 1
    assert await house.messages(visit) == 2


async def test_ten_seconds_without_a_network(house: OpenHouse, cast: Cast):
    osei, amara = await cast.laptop(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    visit = await amara.checks_in(house.links["patient"])
    await osei.calls_in(AMARA)
    await amara.taps("ready.go-in")
    await amara.sees("room.here", n=2)
    await osei.writes("Before.")
    await amara.reads("Before.")

    await amara.loses_the_network()
    await expect(amara.page.locator("connection-banner")).to_contain_text("No connection since 10:3")
    # An answer that was under way when the line went down arrives; that is no line.
    await amara.page.evaluate("document.dispatchEvent(new CustomEvent('bedside:read'))")
    await expect(amara.page.locator("connection-banner")).to_contain_text("No connection since 10:3")
    await osei.writes("While you were away.")
    await amara.writes("Are you still there?")
    await expect(amara.bubble("Are you still there?").locator(".state")).to_have_text(amara.t("chat.outbox"))
    await asyncio.sleep(10)  # not to wait for something: the ten seconds are what is tested
    await expect(osei.bubble("Are you still there?")).to_have_count(0)
    await expect(amara.bubble("While you were away.")).to_have_count(0)

    await amara.is_back()
    await expect(amara.page.locator("connection-banner")).to_contain_text(amara.t("live.back"))
    await osei.reads("Are you still there?")
    await amara.reads("While you were away.")
    amara.has_line = True
    await osei.writes("After.")
    await amara.reads("After.")
    for screen in (amara, osei):
        await _each_once(screen, "Before.", "While you were away.", "Are you still there?", "After.")
    await amara.sees("room.here", n=2)
    assert await house.messages(visit) == 4
    assert await house.journal(visit, "CHECK_IN") == 1
    assert await house.state(visit) == "in-progress"


async def test_who_lost_the_line_while_waiting_is_still_called(house: OpenHouse, cast: Cast):
    osei, amara = await cast.laptop(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    visit = await amara.checks_in(house.links["patient"])
    await amara.loses_the_network()
    await expect(amara.page.locator("connection-banner")).to_contain_text("We keep trying for you.")
    await expect(amara.page.locator("[data-live-words]")).to_contain_text("Not live")
    await osei.calls_in(AMARA)
    await amara.title("waiting.title")

    await amara.is_back()
    await amara.title("ready.title", who=OSEI)
    assert await house.journal(visit, "CHECK_IN") == 1


LEFT = """() => { const Real = WebSocket; let first = true;
  window.WebSocket = class extends Real { constructor(...how) { super(...how); if (first) queueMicrotask(() => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })); }); first = false; } }; }"""
"""Leaves each page, and comes back to it, while its first socket is still connecting."""


async def test_a_page_that_is_left_while_it_connects_complains_of_nothing_and_is_live_again(
    house: OpenHouse, cast: Cast
):
    osei, amara = await cast.laptop(), await cast.phone()
    await amara.context.add_init_script(f"({LEFT})()")
    await osei.signs_in(house.links["provider"])
    await amara.checks_in(house.links["patient"])
    await osei.calls_in(AMARA)
    await amara.title("ready.title", who=OSEI)
    assert amara.complaints == []


async def _has_the_seat(who: Phone, since: str) -> None:
    await who.title("waiting.title")
    await expect(who.page.locator(".place .ahead")).to_have_text(who.t("waiting.ahead", n=0))
    await expect(who.page.locator("wait-since time")).to_have_attribute("datetime", since)


async def _each_once(screen: Screen, *said: str) -> None:
    await expect(screen.page.locator(".log .said")).to_have_count(len(said))
    for words in said:
        await expect(screen.bubble(words)).to_have_count(1)
