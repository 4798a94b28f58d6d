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


async def test_what_goes_wrong_without_scripts_is_said_and_mended(house: OpenHouse, cast: Cast):
    amara = await cast.phone(java_script_enabled=False)
    amara.expected = {422}
    visit = await amara.opens(house.links["patient"])
    await amara.taps("appointment.start")
    await amara.taps("consent.no")
    await expect(amara.page.get_by_role("status").filter(has_text="You said no")).to_be_visible()
    await amara.agrees()
    await amara.page.locator("#place").fill("Quay")
    await amara.page.locator("#callback").fill("call me")
    await amara.taps("place.check-in")
    await amara.sees("mistake.place-short")
    await amara.sees("mistake.callback-odd")
    await expect(amara.page.locator("#place")).to_have_value("Quay")
    await amara.page.locator("#place").fill(PLACE)
    await amara.page.locator("#callback").fill(NUMBER)
    await amara.taps("place.check-in")
    await amara.taps("device.skip")
    await amara.taps("device.continue")
    await amara.title("waiting.title")

    tablet = await cast.phone(java_script_enabled=False)
    tablet.expected = {422}
    await tablet.page.goto(house.links["patient"])
    await tablet.taps("link.open")
    await tablet.says_born("31", "2", "1955")
    await tablet.sees("mistake.birth-date-odd")
    await tablet.says_born("3", "2", "1955")
    await tablet.title("waiting.title")
    await tablet.taps("waiting.leave")
    await tablet.page.locator("label:has(input[value=feeling-better])").click()
    await tablet.taps("cancel.do")
    await tablet.title("closed.cancelled")
    await amara.page.reload()
    await amara.title("closed.cancelled")
    await amara.taps("closed.reschedule")
    await amara.title("place.question")
    assert await house.state(visit) == "cancelled"


async def test_what_was_typed_stays_in_a_form_that_is_refused(house: OpenHouse, cast: Cast):
    amara = await cast.phone(java_script_enabled=False)
    amara.expected = {403, 422}
    visit = await amara.opens(house.links["patient"])
    await amara.agrees()
    # Somebody withdraws the consent while the place is being typed.
    other = await amara.context.new_page()
    await other.goto(f"{house.base}/visit/{visit}/consent")
    await other.locator("button[name=granted][value=no]").click()
    await amara.page.locator("#place").fill(PLACE)
    await amara.page.locator("#callback").fill(NUMBER)
    await amara.taps("place.check-in")
    await expect(amara.page.get_by_role("alert")).to_have_text(amara.t("refused.consent-missing"))
    assert await house.state(visit) == "scheduled"

    await amara.agrees()
    await amara.page.locator("#place").fill(PLACE)
    await amara.page.locator("#callback").fill(NUMBER)
    await amara.taps("place.check-in")
    await amara.taps("device.skip")
    await amara.taps("device.continue")
    await amara.taps("waiting.message")
    await amara.page.evaluate("document.querySelector('#say').removeAttribute('maxlength')")
    await amara.page.locator("#say").fill("Hello. " + "x" * 4000)
    await amara.taps("chat.send")
    await expect(amara.page.get_by_role("alert")).to_be_visible()
    await expect(amara.page.locator("#say")).to_have_value("Hello. " + "x" * 4000)
