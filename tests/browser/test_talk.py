"""Two people write to each other: who is writing, what was seen, what was changed, and nothing lost without a line."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import Cast, Laptop, Phone, Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AMARA, OSEI = "Amara Okafor", "Dr. Kwame Osei"


async def talking(house: OpenHouse, cast: Cast, **how: str) -> tuple[Phone, Laptop, UUID]:
    """A visit that goes on."""
    osei, amara = await cast.laptop(), await cast.phone(**how)
    await osei.signs_in(house.links["provider"])
    visit = await amara.checks_in(house.links["patient"])
    await osei.calls_in(AMARA)
    await amara.taps("ready.go-in")
    await amara.sees("room.here", n=2)
    return amara, osei, visit


def typing(screen: Screen):
    return screen.page.locator("[data-key=typing]")


async def test_writing_seen_changed_taken_back(house: OpenHouse, cast: Cast):
    amara, osei, visit = await talking(house, cast, lang="es")
    await amara.page.locator("#say").press_sequentially("Me duele")
    await expect(typing(osei)).to_contain_text(AMARA)
    await expect(typing(amara)).to_be_hidden()
    await amara.writes("Me duele la rodilla.")
    await osei.reads("Me duele la rodilla.")
    await expect(typing(osei)).to_be_hidden()
    mine = amara.bubble("Me duele la rodilla.")
    await expect(mine.locator(".state")).to_contain_text("Visto 10:3")

    await mine.locator(".change summary").click()
    await mine.locator(".change textarea").fill("Me duele la rodilla izquierda.")
    await mine.get_by_role("button", name=amara.t("chat.change-do")).click()
    await osei.reads("Me duele la rodilla izquierda.")
    await expect(osei.bubble("Me duele la rodilla izquierda.").locator(".by")).to_contain_text("changed 10:3")
    await expect(osei.bubble("Me duele la rodilla.")).to_have_count(0)

    for screen in (amara, osei):
        there = screen.page.url
        await screen.page.get_by_role("link", name=screen.t("chat.edited", time="")).click()
        await screen.title("chat.earlier")
        await screen.reads("Me duele la rodilla.")
        await screen.taps("chat.to-visit")
        await screen.page.wait_for_url(there)

    mine = amara.bubble("Me duele la rodilla izquierda.")
    await mine.locator(".change summary").click()
    await mine.get_by_role("button", name=amara.t("chat.delete-do")).click()
    await expect(osei.page.locator(".said.gone .bubble")).to_contain_text("Message taken back, 10:3")
    await expect(amara.page.locator(".said.gone .bubble")).to_contain_text("Mensaje retirado, 10:3")
    for screen in (amara, osei):
        await expect(screen.page.get_by_text("rodilla")).to_have_count(0)
    assert await house.count("select count(*) from message_version") == 2
    assert await house.journal(visit, "DELETE_MESSAGE") == 1


async def test_the_desk_joins_to_answer_and_leaves_nothing_behind(house: OpenHouse, cast: Cast):
    desk, amara = await cast.laptop(), await cast.phone()
    await desk.signs_in(house.links["desk"])
    visit = await amara.checks_in(house.links["patient"])
    await desk.page.goto(f"{house.base}/consultations/{visit}")
    await expect(desk.page.locator("#say")).to_have_count(0)
    await desk.taps("chat.join")
    await desk.writes("We are ten minutes late.")
    await amara.taps("waiting.message")
    await amara.reads("We are ten minutes late.")
    await amara.writes("Thank you.")
    await desk.reads("Thank you.")
    await desk.taps("chat.step-out")
    await expect(desk.page.locator("#say")).to_have_count(0)

    await desk.page.goto(f"{house.base}/desk")
    await desk.page.evaluate("localStorage.setItem('bedside.unsent.1', 'locked'); sessionStorage.setItem('a', 'b')")
    await desk.page.locator("details[data-key=me] summary").click()
    await desk.taps("staff.sign-out")
    await desk.title("door.title")
    assert await desk.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


async def test_three_without_a_line_and_a_storm_of_retries_are_three_in_order(house: OpenHouse, cast: Cast):
    amara, osei, visit = await talking(house, cast)
    words = ["One.", "Two.", "Three."]
    await amara.loses_the_network()
    for said in words:
        await amara.writes(said)
    await expect(amara.bubble("Three.").locator(".state")).to_have_text(amara.t("chat.outbox"))
    await expect(amara.page.locator("[data-key=kept]")).to_have_text(amara.t("chat.kept"))
    stored = await amara.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert stored.count("bedside.unsent.") == 3
    assert not any(said.strip(".") in stored for said in words), "sealed: no words lie in the browser's storage"

    # The line comes back, the page is thrown away in the middle of it and opened again, twice.
    await amara.is_back()
    for _ in range(2):
        await amara.page.reload()
    await osei.reads("Three.")
    await expect(amara.bubble("Three.").locator(".state")).to_contain_text(amara.t("chat.seen"))
    amara.has_line = True
    for screen in (amara, osei):
        shown = await screen.page.locator(".said .bubble").all_text_contents()
        assert shown == words
    assert await house.messages(visit) == 3
    await expect(amara.page.locator("[data-pending]")).to_have_count(0)
    assert "bedside.unsent." not in await amara.page.evaluate("JSON.stringify(localStorage)")
