"""The desk's day, without a mouse: somebody new walks in, waits, is ranked, moved, turned away and brought back.

Who waits learns why the order changed; another desk's change is seen; a form that it overtook does nothing.
"""

import asyncio
import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, Route, expect

from browser.house import OpenHouse
from browser.people import NUMBER, PLACE, Cast, Laptop
from browser.test_by_keyboard import goes_to

pytestmark = pytest.mark.browser
AMARA, MEI, ELENA = "Amara Okafor", "Mei Chow", "Elena Petrova"


def row(petra: Laptop, name: str, column: str = "waiting") -> Locator:
    return petra.page.locator(f".{column} [data-row]").filter(has=petra.page.get_by_role("heading", name=name))


async def chooses(page: Page, where: str, words: str) -> None:
    """Go to a list and type the beginning of a choice."""
    await goes_to(page, page.locator(where))
    await page.keyboard.type(words)


async def presses(page: Page, aim: Locator, key: str = "Enter") -> None:
    await goes_to(page, aim)
    await page.keyboard.press(key)


async def told(petra: Laptop, key: str, name: str) -> Locator:
    toast = petra.page.locator("[data-toast]")
    await expect(toast.locator("span")).to_have_text(petra.t(f"did.{key}", name=name))
    return toast


async def is_clean(page: Page) -> None:
    answer = (await Axe().run(page, options={"resultTypes": ["violations"]})).response
    assert answer["passes"] and [fault["id"] for fault in answer["violations"]] == []


async def walks_in(petra: Laptop) -> None:
    """Nobody of that name is on the books: she is put there, hears the consent text, and is checked in."""
    page = petra.page
    await presses(page, petra.button("desk.add"))
    await page.wait_for_url("**/desk/people")
    await goes_to(page, page.locator("#family"))
    await page.keyboard.type("Petrova")
    await page.keyboard.press("Enter")
    await petra.sees("people.found", n=0)
    await is_clean(page)
    for field, words in (("given", "Elena"), ("birth_date", "04081970"), ("phone", "555 0199 20")):
        await goes_to(page, page.locator(f"#new-{field}"))
        await page.keyboard.type(words)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/patients/*")
    await expect(page.locator("h1")).to_have_text(ELENA)
    await presses(page, page.locator(".at-once > summary"))
    await goes_to(page, page.locator("#place"))
    await page.keyboard.type(PLACE)
    await goes_to(page, page.locator("#callback"))
    await page.keyboard.type(NUMBER)
    await presses(page, page.locator("[name=spoken]"), "Space")
    await is_clean(page)
    await presses(page, petra.button("plan.now-do"))
    await page.wait_for_url("**/desk/visits/*")
    await petra.sees("plan.done-walk-in", name=ELENA)


async def test_an_answer_about_somebody_else_comes_too_late(house: OpenHouse, cast: Cast):
    """Two are opened one after the other, and the first answer is slow: the sheet shows whom was asked for last."""
    petra, answers = await cast.laptop(), asyncio.Event()
    page = petra.page
    await petra.signs_in(house.links["desk"])
    first, second = [row(petra, name, "expected").locator("[data-open]") for name in (AMARA, MEI)]

    async def slowly(route: Route) -> None:
        await answers.wait()
        await route.continue_()

    await page.route(f"**{await first.get_attribute('href')}", slowly)
    await first.click()
    await second.click()
    await expect(page.locator("dialog h1")).to_have_text(MEI)
    answers.set()
    await expect(page.locator("[data-dialog][aria-busy]")).to_have_count(0)
    await expect(page.locator("dialog h1")).to_have_text(MEI)
    await expect(page).to_have_url(re.compile("/desk$"))


async def test_the_desks_day_by_keyboard(house: OpenHouse, cast: Cast):
    petra, amara = await cast.laptop(), await cast.phone()
    petra.expected = {409}
    page = petra.page
    await petra.signs_in(house.links["desk"])
    await amara.checks_in(house.links["patient"])
    await expect(row(petra, AMARA)).to_be_visible()
    await walks_in(petra)
    await page.locator("details[open] [name=reason]").first.focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/desk"))
    await told(petra, "device-check", ELENA)
    await expect(page).to_have_url(re.compile("/desk$"))
    await expect(row(petra, ELENA).locator(".index")).to_have_text("2")
    await is_clean(page)

    # Priority, and undone.
    await goes_to(page, row(petra, AMARA))
    await page.keyboard.press("j")
    await expect(row(petra, ELENA)).to_be_focused()
    await page.keyboard.press("p")
    await presses(page, page.locator("dialog [name=priority]").first, "ArrowDown")
    await expect(page.locator("dialog [name=priority][value=urgent]")).to_be_checked()
    await is_clean(page)
    await chooses(page, "#why-priority", petra.t("desk.because.worse"))
    await presses(page, page.locator("dialog").get_by_role("button", name=petra.t("desk.priority-do")))
    toast = await told(petra, "priority", ELENA)
    await expect(row(petra, ELENA).locator(".index")).to_have_text("1")
    await presses(page, toast.get_by_role("button"))
    await told(petra, "undo", ELENA)
    await expect(row(petra, ELENA).locator(".index")).to_have_text("2")

    # Moved, for a reason that who is passed may read.
    await row(petra, ELENA).focus()
    await page.keyboard.press("m")
    await chooses(page, "#why-move", petra.t("desk.because.needs-to-leave"))
    await presses(page, page.locator("dialog").get_by_role("button", name=petra.t("desk.move-do", name=ELENA)))
    await told(petra, "move", ELENA)
    await expect(row(petra, ELENA).locator(".index")).to_have_text("1")
    await expect(amara.page.locator("main")).to_contain_text(re.compile("order changed"))
    assert ELENA not in await amara.page.content()

    # Another desk cancels her visit while this one has her sheet open.
    await row(petra, ELENA).focus()
    await page.keyboard.press("o")
    await expect(page.locator("dialog h1")).to_have_text(ELENA)
    other = await petra.context.new_page()
    await other.goto(f"{house.base}/desk")
    await other.locator(".waiting [data-row]").filter(has_text=ELENA).locator("[data-open]").click()
    await other.locator("dialog summary").filter(has_text=petra.t("row.cancel")).click()
    await other.locator("dialog label").filter(has_text=petra.t("cancel.reason.patient-asked")).click()
    await other.get_by_role("button", name=petra.t("desk.cancel-do", name=ELENA)).click()
    await expect(page.locator("dialog#sheet")).to_contain_text(petra.t("refused.conflict"))
    await expect(page.locator("dialog .standing")).to_contain_text(petra.t("status.cancelled"))
    await other.close()
    await page.keyboard.press("Escape")
    await expect(row(petra, ELENA, "gone")).to_contain_text(petra.t("status.cancelled"))

    # No-show by mistake, and brought back to the old place.
    await row(petra, AMARA).focus()
    await page.keyboard.press("o")
    await presses(page, page.locator("dialog summary").filter(has_text=petra.t("row.give-up")))
    await presses(page, page.locator("dialog").get_by_role("button", name=petra.t("desk.give-up-do", name=AMARA)))
    await told(petra, "give-up", AMARA)
    await row(petra, AMARA, "gone").focus()
    await page.keyboard.press("o")
    await presses(page, page.locator("dialog").get_by_role("button", name=petra.t("desk.bring-back-do", name=AMARA)))
    await told(petra, "come-back", AMARA)
    await expect(row(petra, AMARA)).to_be_visible()
    await amara.title("waiting.title")
