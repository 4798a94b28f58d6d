"""A browser that runs no scripts: every step is a plain form, and the waiting page looks again by itself."""

import pytest
from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import NUMBER, PLACE, Cast

pytestmark = pytest.mark.browser
AMARA, OSEI = "Amara Okafor", "Dr. Kwame Osei"


async def test_a_patient_without_scripts_is_seen_too(house: OpenHouse, cast: Cast):
    osei, amara = await cast.laptop(), await cast.phone(java_script_enabled=False)
    await osei.signs_in(house.links["provider"])
    visit = await amara.opens(house.links["patient"])
    await amara.agrees()
    await amara.page.locator("#place").fill(PLACE)
    await amara.page.locator("#callback").fill(NUMBER)
    await amara.taps("place.check-in")
    await amara.title("device.title")
    await amara.sees("device.plain")
    await expect(amara.page.locator("[data-test]")).not_to_be_visible()
    await amara.taps("device.skip")
    await amara.page.locator("#reason").select_option("no-script")
    await amara.taps("device.continue")
    await amara.title("waiting.title")
    await expect(amara.page.locator(".place .ahead")).to_have_text(amara.t("waiting.ahead", n=0))
    await expect(osei.row(AMARA)).to_contain_text(osei.t("row.devices-skipped"))

    await osei.calls_in(AMARA)
    # Nobody taps: the page looks again by itself.
    await expect(amara.page.locator("h1")).to_have_text(amara.t("ready.title", who=OSEI), timeout=30_000)
    await amara.taps("ready.go-in")
    await amara.page.locator("#say").fill("I have no scripts.")
    await amara.taps("chat.send")
    await amara.reads("I have no scripts.")
    await osei.reads("I have no scripts.")
    await osei.taps("visit.end")
    await osei.sees("wrap.question", name="Amara")
    await amara.page.reload()
    await amara.title("ended.title")
    assert await house.messages(visit) == 1
    assert await house.journal(visit, "CHECK_IN") == 1
