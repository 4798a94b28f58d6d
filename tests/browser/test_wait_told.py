"""What is told of the wait: an estimate, that it takes longer, that it is old, that we cannot tell."""

import re

import pytest
from playwright.async_api import Page, expect

from browser.house import OpenHouse
from browser.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AMARA = "Amara Okafor"


@pytest.mark.spec("U1")
async def test_the_bar_says_what_we_know_and_what_we_do_not(house: OpenHouse, cast: Cast):
    lang = "es"
    osei, desk, amara = await cast.laptop(), await cast.laptop(lang=lang), await cast.phone(lang=lang)
    await osei.signs_in(house.links["provider"])
    await osei.becomes("available")
    await amara.checks_in(house.links["patient"])
    line = amara.page.locator("#line")
    await expect(line).to_contain_text(amara.t("waiting.turn-booked"))
    await expect(line).to_contain_text(amara.t("waiting.from-booked"))
    middle, limit = [int(n) for n in re.findall(r"\d+", await _estimate(amara.page))]
    assert 1 <= middle < limit
    await expect(line).not_to_contain_text(amara.t("waiting.longer"))
    await expect(line.get_by_role("img")).to_have_attribute("aria-label", re.compile(r"\d+:\d\d.*\d+:\d\d"))

    await desk.signs_in(house.links["desk"])
    row = desk.page.locator(".waiting [data-row]").filter(has_text=AMARA)
    await expect(row.locator(".wait")).to_contain_text(desk.t("row.estimate", n=middle, limit=limit))

    await house.later(minutes=limit)
    await amara.page.reload()
    await expect(line).to_contain_text(amara.t("waiting.longer"))

    await amara.loses_the_network()
    stale = re.compile(re.escape(amara.t("live.stale", time="")) + r"\d+:\d\d")
    await expect(amara.page.locator("[data-live-words]")).to_have_text(stale)
    await expect(line).to_have_css("border-top-style", "dashed")
    await amara.is_back()
    await expect(line).to_have_css("border-top-style", "solid")

    await osei.becomes("away")
    await amara.page.reload()
    await expect(line).to_contain_text(amara.t("waiting.cannot-tell"))
    await expect(line.get_by_role("img")).to_have_count(0)
    await desk.page.reload()
    await expect(row.locator(".wait")).to_contain_text(desk.t("row.cannot-tell"))


async def _estimate(page: Page) -> str:
    """The middle and the limit, as the page says them."""
    said = page.locator("#line .range, #line div > .quiet")
    return " ".join([await said.nth(1).inner_text(), await said.last.inner_text()])
