"""The seat is kept: crashes, ten killed tabs, a session that ran out, two devices. Nothing is typed a second time."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import Cast, Laptop, Phone

pytestmark = pytest.mark.browser
AMARA, MEI, OSEI = "Amara Okafor", "Mei Chow", "Dr. Kwame Osei"
BORN = ("3", "2", "1955")


async def seat_of(phone: Phone) -> list[str]:
    """What the page says of the place: how many are before, and since when."""
    await phone.title("waiting.title")
    since = await phone.page.locator("wait-since time").get_attribute("datetime")
    return [await phone.page.locator(".place .ahead").inner_text(), str(since)]


async def crash(phone: Phone) -> None:
    """The page dies as when memory runs out."""
    session = await phone.context.new_cdp_session(phone.page)
    gone = asyncio.Event()
    phone.page.on("crash", lambda _: gone.set())
    dying = asyncio.ensure_future(session.send("Page.crash"))
    await asyncio.wait_for(gone.wait(), 20)
    dying.cancel()


@pytest.mark.spec("U11", "S332")
async def test_ten_killed_tabs_and_a_crash_later_the_seat_is_the_same(house: OpenHouse, cast: Cast):
    mei, amara = await cast.phone(), await cast.phone()
    await mei.checks_in(house.links["patient2"])
    visit = await amara.checks_in(house.links["patient"])
    seat, address = await seat_of(amara), amara.page.url
    assert seat[0] == amara.t("waiting.ahead", n=1)
    for n in range(10):
        if n % 2:
            await crash(amara)
        await amara.page.close()
        amara.page = await amara.context.new_page()
        # By the link in the message, or by the address the browser kept: one tap at most, nothing typed.
        if n % 3:
            await amara.page.goto(address)
        else:
            await amara.opens(house.links["patient"])
        assert await seat_of(amara) == seat
    assert await house.journal(visit, "CHECK_IN") == 1
    assert await house.count("select count(*) from consultation where state = 'waiting'") == 2


@pytest.mark.spec("U11")
async def test_who_was_away_until_the_session_ended_comes_back_by_the_link(house: OpenHouse, cast: Cast):
    amara = await cast.phone()
    visit = await amara.checks_in(house.links["patient"])
    seat = await seat_of(amara)
    amara.expected = {401}
    await house.owner.execute("update session set idle_until = made_at, ends_at = made_at")
    await amara.page.reload()
    await amara.sees("problem.sign-in")
    # The same device: the link's one button, and nothing else.
    assert await amara.opens(house.links["patient"]) == visit
    assert await seat_of(amara) == seat
    assert await house.journal(visit, "CHECK_IN") == 1


@pytest.mark.spec("S331", "S333")
async def test_a_patient_on_two_devices_is_one_and_here_while_one_is_open(house: OpenHouse, cast: Cast):
    osei, phone, tablet = await cast.laptop(), await cast.phone(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    visit = await phone.checks_in(house.links["patient"])
    assert await tablet.opens(house.links["patient"], born=BORN) == visit
    assert await seat_of(tablet) == await seat_of(phone)
    await expect(osei.row(AMARA)).to_have_count(1)
    await phone.page.close()
    await osei.page.reload()
    await expect(osei.row(AMARA)).not_to_contain_text(osei.t("row.not-here"))
    await tablet.page.close()
    # Nobody touches the clinician's page: it looks again by itself.
    await expect(osei.row(AMARA)).to_contain_text(osei.t("row.not-here"))
    tablet.page = await tablet.context.new_page()
    await tablet.opens(house.links["patient"])
    await osei.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the clinician looks
    await expect(osei.row(AMARA)).not_to_contain_text(osei.t("row.not-here"))
    # Called while two are open: both ring, one goes in, the other follows; the room counts the person once.
    phone.page = await phone.context.new_page()
    await phone.opens(house.links["patient"])
    await osei.calls_in(AMARA)
    for device in (phone, tablet):
        await device.title("ready.title", who=OSEI)
    await phone.taps("ready.go-in")
    for device in (phone, tablet):
        await device.sees("room.here", n=2)
    await expect(osei.page.locator(".people li").filter(has_text=AMARA)).to_have_count(1)
    assert await house.journal(visit, "CHECK_IN") == 1


@pytest.mark.spec("S330", "S333")
async def test_a_clinician_on_a_laptop_and_a_tablet_is_one(house: OpenHouse, cast: Cast):
    laptop, tablet, amara = await cast.laptop(), await cast.laptop(), await cast.phone()
    await laptop.signs_in(house.links["provider"])
    cookies: Any = await laptop.context.cookies()
    await tablet.context.add_cookies(cookies)
    await tablet.page.goto(f"{house.base}/waiting-room")
    await laptop.becomes("available")
    await shown_as(tablet, "available")
    await amara.checks_in(house.links["patient"])
    for device in (laptop, tablet):
        await expect(device.row(AMARA)).to_have_count(1)
    await tablet.becomes("away")
    await shown_as(laptop, "away")


async def shown_as(device: Laptop, status: str) -> None:
    summary = device.page.locator("details[data-key=availability] summary")
    await expect(summary).to_contain_text(device.t(f"availability.{status}"))
