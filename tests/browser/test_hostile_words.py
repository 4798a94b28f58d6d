"""Hostile names and words are only names and words, wherever they are shown."""

import pytest
from playwright.async_api import expect

from bedside.care.people.model import NameUnfit
from browser.house import OpenHouse
from browser.people import Cast

pytestmark = pytest.mark.browser

TAG, TURN = "<img src=x onerror=alert(1)>", "\u202etxet desrever"
TURNED = TURN[1:]
"""The sign that would turn the text around is not shown."""
BREAK_OUT = "</textarea></script><script>alert(2)</script><svg onload=alert(3)>"


async def test_hostile_words_are_only_words(house: OpenHouse, cast: Cast):
    osei, patient = await cast.laptop(), await cast.phone()
    for screen in (osei, patient):
        screen.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    await osei.signs_in(house.links["provider"])
    with pytest.raises(NameUnfit):
        await house.newcomer(TAG, TURN)
    await patient.opens(await house.newcomer(TAG, TURNED))
    await expect(patient.page.locator("h1")).to_have_text(f"Good morning, {TAG}")
    await patient.agrees()
    await patient.says_where(f"{BREAK_OUT} 1")
    await patient.tests_devices()
    await patient.takes_a_seat()
    await expect(osei.page.locator("staff-list h3")).to_have_text(f"{TAG} {TURNED}")
    await osei.page.locator("[data-start]").click()
    await expect(osei.page.get_by_role("dialog")).to_contain_text(f"{BREAK_OUT} 1")
    await osei.page.locator("[data-start-visit]").click()
    await patient.taps("ready.go-in")
    await patient.writes(BREAK_OUT)
    await osei.reads(BREAK_OUT)
    await osei.writes(f"{BREAK_OUT} too {TURN}")
    await patient.reads(f"{BREAK_OUT} too {TURNED}")
    await osei.taps("visit.end")
    await expect(osei.page.locator("label.big")).to_have_text(f"What should {TAG} take home?")
    await osei.page.locator("#summary").fill(BREAK_OUT)
    await osei.page.locator("label:has(input[name=follow_up][value=no])").click()
    await osei.taps("wrap.complete")
    await patient.reads(BREAK_OUT)
    for screen in (osei, patient):
        assert await screen.page.locator("img, svg[onload], main script").count() == 0
