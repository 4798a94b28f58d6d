"""The whole visit without a mouse or a finger. The focus is seen wherever it goes, and stays where it is put."""

import pytest
from playwright.async_api import Locator, Page, expect

from browser.house import OpenHouse
from browser.people import NUMBER, PLACE, Cast, Laptop, Phone

pytestmark = pytest.mark.browser
AMARA, MEI, OSEI = "Amara Okafor", "Mei Chow", "Dr. Kwame Osei"
SEEN = """() => { const here = document.activeElement, marked = here.closest('.segments label') ?? here;
  const look = getComputedStyle(marked), box = here.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return { what: here.outerHTML.slice(0, 120),
    ring: here.matches(':focus-visible, [type=date], [type=time]') && look.outlineStyle !== 'none',
    uncovered: here === top || here.contains(top) || marked.contains(top) || top?.contains(here) }; }"""
"""Whether what has the focus shows it, and nothing lies over it."""


async def goes_to(page: Page, aim: Locator, *, key: str = "Tab") -> None:
    """Press Tab until the focus is there; at every stop on the way it can be seen."""
    await expect(aim.first).to_be_visible()
    for _ in range(60):
        await page.keyboard.press(key)
        if await page.evaluate("document.activeElement === document.body"):
            continue
        seen = await page.evaluate(SEEN)
        assert seen["ring"] and seen["uncovered"], seen
        if await aim.first.evaluate("(aim) => aim === document.activeElement"):
            return
    pytest.fail(f"no key leads to {aim}")


async def press(who: Phone | Laptop, words: str, key: str = "Enter", **facts: object) -> None:
    """Go to what bears these words, and press a key."""
    await goes_to(who.page, who.button(words, **facts))
    await who.page.keyboard.press(key)


async def types(who: Phone | Laptop, field: str, words: str) -> None:
    """Go to a field and write."""
    await goes_to(who.page, who.page.locator(field))
    await who.page.keyboard.type(words)


async def test_a_patient_comes_all_the_way_by_keyboard(house: OpenHouse, cast: Cast):
    osei, amara = await cast.laptop(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    await amara.page.goto(house.links["patient"])
    await press(amara, "link.open")
    await press(amara, "appointment.start")
    await press(amara, "consent.full", "Space")
    await expect(amara.page.locator(".prose")).to_be_visible()
    await press(amara, "consent.yes", "Space")
    await types(amara, "#place", PLACE)
    await types(amara, "#callback", NUMBER)
    await amara.page.keyboard.press("Enter")
    await press(amara, "device.test", "Space")
    for device in ("camera", "microphone", "connection"):
        await expect(amara.page.locator(f"[data-step={device}] .result")).to_have_class("result works")
    await press(amara, "device.continue")
    await amara.title("waiting.title")
    await expect(amara.page.locator("h1")).to_be_focused()

    await osei.calls_in(AMARA)
    await amara.title("ready.title", who=OSEI)
    await press(amara, "ready.go-in", "Space")
    await types(amara, "#say", "I can hear the bell.")
    await amara.page.keyboard.press("Enter")
    await osei.reads("I can hear the bell.")
    await goes_to(amara.page, amara.page.locator("details[data-key=people] summary"), key="Shift+Tab")
    await amara.page.keyboard.press("Enter")
    await expect(amara.page.locator(".people")).to_contain_text(OSEI)
    await amara.page.keyboard.press("Escape")
    await expect(amara.page.locator(".people")).not_to_be_visible()

    await osei.taps("visit.end")
    await amara.title("ended.title")
    await expect(amara.page.locator("h1")).to_be_focused()


async def test_a_clinician_works_all_day_by_keyboard(house: OpenHouse, cast: Cast):
    osei, amara, mei = await cast.laptop(), await cast.phone(), await cast.phone()
    await osei.page.goto(house.links["provider"])
    await press(osei, "staff-link.open")
    await osei.page.wait_for_url("**/waiting-room")
    await goes_to(osei.page, osei.page.locator("details[data-key=availability] summary"))
    await osei.page.keyboard.press("Enter")
    await goes_to(osei.page, osei.page.locator("button[value=available]"))
    await osei.page.keyboard.press("Enter")
    await expect(osei.page.locator("details[data-key=availability] summary")).to_contain_text("Available")
    await amara.checks_in(house.links["patient"])
    await mei.checks_in(house.links["patient2"])
    await expect(osei.row(MEI)).to_be_visible()

    await goes_to(osei.page, osei.row(AMARA))
    await osei.page.keyboard.press("j")
    await expect(osei.row(MEI)).to_be_focused()
    await osei.page.keyboard.press("k")
    await osei.page.keyboard.press("s")
    sheet = osei.page.get_by_role("dialog")
    await expect(sheet).to_contain_text(AMARA)
    await osei.page.keyboard.press("Escape")
    await expect(sheet).not_to_be_visible()
    await expect(osei.row(AMARA).locator("[data-start]")).to_be_focused()
    await osei.page.keyboard.press("s")
    await expect(sheet.locator("[data-start-visit]")).to_be_focused()
    await _enter_until(osei, "**/consultations/*")

    await types(osei, "#say", "Good morning.")
    await osei.page.keyboard.press("Enter")
    await expect(osei.bubble("Good morning.")).to_have_count(1)
    await amara.taps("ready.go-in")
    await amara.reads("Good morning.")
    await goes_to(osei.page, osei.button("visit.end"), key="Shift+Tab")
    await osei.page.keyboard.press("Enter")
    await osei.sees("wrap.question", name="Amara")
    await types(osei, "#summary", "All is well.")
    await goes_to(osei.page, osei.page.locator("input[name=follow_up]"))
    await osei.page.keyboard.press("Space")
    await goes_to(osei.page, osei.page.locator("#summary"), key="Shift+Tab")
    await osei.page.keyboard.press("Control+Enter")
    await osei.page.wait_for_url("**/waiting-room")
    await amara.reads("All is well.")


async def _enter_until(who: Laptop, url: str) -> None:
    """Who-is-this ignores Enter for a moment, so that a key still held down starts nothing."""
    await who.page.keyboard.press("Enter")
    async with who.page.expect_navigation(url=url):
        while "/waiting-room" in who.page.url:
            await who.page.keyboard.press("Enter", delay=100)


async def test_the_focus_stays_while_the_page_changes(house: OpenHouse, cast: Cast):
    osei, amara, mei = await cast.laptop(), await cast.phone(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    await amara.checks_in(house.links["patient"])
    await mei.checks_in(house.links["patient2"])
    await expect(osei.row(MEI)).to_be_visible()
    await goes_to(osei.page, osei.row(AMARA))
    await osei.page.keyboard.press("j")
    await mei.taps("waiting.message")
    await mei.page.locator("#say").fill("Half a sen")
    await mei.page.locator("#say").focus()

    await amara.taps("waiting.leave")
    await amara.page.locator("label:has(input[value=cannot-come])").click()
    await amara.taps("cancel.do")

    await expect(mei.page.locator(".place .ahead")).to_have_text(mei.t("waiting.ahead", n=0))
    await expect(mei.page.locator("#say")).to_be_focused()
    await expect(mei.page.locator("#say")).to_have_value("Half a sen")
    await expect(osei.row(AMARA)).to_have_count(0)
    await expect(osei.row(MEI)).to_be_focused()


async def test_a_tap_on_the_bell_turns_it_on_and_the_next_one_off(house: OpenHouse, cast: Cast):
    osei, amara = await cast.laptop(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    bell = osei.page.locator("bell-switch")
    for key in ("Space", "Enter"):
        await osei.page.reload()
        await expect(bell).to_have_text(osei.t("bell.locked"))
        await bell.locator("button").focus()
        await osei.page.keyboard.press(key)
        await expect(bell).to_have_text(osei.t("bell.on"))
        await bell.click()
        await expect(bell).to_have_text(osei.t("bell.off"))
    await amara.checks_in(house.links["patient"])
    await amara.page.reload()
    await amara.taps("bell.locked")
    await expect(amara.page.locator("bell-switch")).not_to_be_visible()
