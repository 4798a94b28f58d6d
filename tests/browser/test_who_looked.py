"""A patient sees who looked, asks about it, and reads the answer on the same page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bedside.kernel import Role
from browser.house import OpenHouse
from browser.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OSEI = "Dr. Kwame Osei"


@pytest.mark.spec("U8")
async def test_who_looked_asked_and_answered(house: OpenHouse, cast: Cast):
    osei, amara, ada = await cast.laptop(), await cast.phone(), await cast.laptop()
    await osei.signs_in(house.links["provider"])
    await ada.signs_in(await house.colleague("Ada Brandt", Role.ADMINISTRATOR, None))
    visit = await amara.checks_in(house.links["patient"])
    await osei.page.goto(f"{house.base}/consultations/{visit}")
    await amara.taps("looked.title")
    await amara.title("looked.title")
    line = amara.page.locator(".looks li").filter(has_text=amara.t("looked.what.visit")).filter(has_text=OSEI)
    await expect(line).to_have_count(1)
    await expect(line).to_contain_text(amara.t("role.provider"))
    await expect(line).to_contain_text(amara.t("looked.why.visit"))

    await ada.page.goto(f"{house.base}/privacy")
    await ada.sees("privacy.none")
    await line.locator("summary").click()
    await line.locator("textarea").fill("Why did he look?")
    await line.get_by_role("button", name=amara.t("looked.ask-do")).click()
    await amara.sees("looked.waiting")

    # Both pages were open all the while: the question comes by itself, and so does the answer.
    await ada.reads("Why did he look?")
    await ada.page.locator("textarea").fill("He sees you today.")
    await ada.button("privacy.answer-do", name="Amara Okafor").click()
    await amara.reads("He sees you today.")
    assert await house.count("select count(*) from access_question where answered_at is not null") == 1
