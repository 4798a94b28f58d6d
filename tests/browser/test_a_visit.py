"""A visit from hello to goodbye: two patients and a clinician, three real browsers, nothing reloaded."""

import re

import pytest
from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import PLACE, Cast, Laptop, Phone

pytestmark = pytest.mark.browser
AMARA, MEI, OSEI = "Amara Okafor", "Mei Chow", "Dr. Kwame Osei"

WAITS_BELL, READY_BELL = (523.25, 659.25), (392.0, 493.88, 587.33)


async def test_a_visit_from_hello_to_goodbye(house: OpenHouse, cast: Cast):
    osei, amara, mei = await cast.laptop(), await cast.phone(), await cast.phone()
    await osei.signs_in(house.links["provider"])
    await osei.becomes("available")
    await expect(osei.page.locator(".empty")).to_contain_text(osei.t("empty.title"))

    visit = await amara.checks_in(house.links["patient"])
    await _waits(amara, ahead=0)
    await _is_told_that_somebody_waits(osei)
    other = await mei.checks_in(house.links["patient2"])
    await _waits(mei, ahead=1)
    await expect(osei.row(MEI)).to_be_visible()
    assert await osei.page.locator("staff-list h3").all_inner_texts() == [AMARA, MEI]

    await osei.calls_in(AMARA)
    await _is_called(amara)
    await _waits(mei, ahead=0)
    await amara.taps("ready.go-in")
    await _both_are_there(amara, osei)
    assert await house.state(visit) == "in-progress"

    await _talk(amara, osei)

    await _is_sent_back(amara, osei)
    await _waits(amara, ahead=0)
    await _waits(mei, ahead=1)
    await osei.calls_in(AMARA)
    await _is_called(amara)
    await amara.taps("ready.go-in")
    await _both_are_there(amara, osei)
    await expect(amara.bubble("Can you sit up?")).to_have_count(1)

    await osei.taps("visit.end")
    await osei.sees("wrap.question", name="Amara")
    await amara.title("ended.title")
    await amara.sees("ended.who")

    await osei.page.locator("#summary").fill("Take the tablet in the evening.")
    await osei.page.locator("label:has(input[name=follow_up][value=yes])").click()
    await osei.taps("wrap.complete")
    await osei.page.wait_for_url("**/waiting-room")
    await amara.reads("Take the tablet in the evening.")
    await expect(amara.page.locator("main")).to_contain_text("A follow-up is needed.")

    await _waits(mei, ahead=0)
    assert await house.state(visit) == "completed"
    assert [await house.journal(one, "CHECK_IN") for one in (visit, other)] == [1, 1]
    assert await house.messages(visit) == 2


async def _waits(who: Phone, *, ahead: int) -> None:
    """The lamp is unlit; the place in line and the time since are said."""
    await who.title("waiting.title")
    await expect(who.page.locator(".place .ahead")).to_have_text(who.t("waiting.ahead", n=ahead))
    await expect(who.page.locator("main .lamp")).to_have_class("lamp big ")
    await expect(who.page.locator("wait-since")).to_have_text(who.t("time.now"))
    await expect(who.page.locator("main")).to_contain_text("You have waited since 10:3")


async def _is_told_that_somebody_waits(osei: Laptop) -> None:
    """The row, the badge in the title, the lamp on the page and in the tab; what the nurse needs is in the row."""
    row = osei.row(AMARA)
    await expect(row).to_contain_text("Camera and sound work")
    await expect(row).to_contain_text("Consent given")
    await expect(row).to_contain_text("Place confirmed")
    await expect(osei.page).to_have_title("(1) Waiting room")
    assert set(WAITS_BELL) <= set(await osei.hears())
    await expect(osei.page.locator("header .lamp")).to_have_class("lamp  lit")
    await expect(osei.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("/favicon-lit.svg$"))


async def _is_called(amara: Phone) -> None:
    """The lamp is lit, the title says it too, and who is there is named before the door is opened."""
    await amara.title("ready.title", who=OSEI)
    await expect(amara.page.locator("main .lamp")).to_have_class("lamp huge lit")
    await expect(amara.page).to_have_title(f"● {OSEI} is ready for you")
    await expect(amara.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("/favicon-lit.svg$"))
    await expect(amara.page.locator("main .card")).to_contain_text(OSEI)
    assert set(READY_BELL) <= set(await amara.hears())


async def _both_are_there(amara: Phone, osei: Laptop) -> None:
    """Each sees who is in the room, and as what."""
    await expect(amara.page.locator("details[data-key=people] summary")).to_have_text(amara.t("room.here", n=2))
    await amara.page.locator("details[data-key=people] summary").click()
    for screen in (amara, osei):
        people = screen.page.locator(".people li").filter(has_not_text=screen.t("room.near"))
        await expect(people.filter(has_text=OSEI)).to_contain_text("clinician, since 10:3")
        await expect(people.filter(has_text=AMARA)).to_contain_text("patient, since 10:3")
    await amara.page.locator("details[data-key=people] summary").click()
    await expect(osei.page.locator(".chips")).to_contain_text(osei.t("state.in-progress"))
    await expect(osei.page.locator(".who-here")).to_contain_text(PLACE)


async def _talk(amara: Phone, osei: Laptop) -> None:
    """Both ways; each sees what became of their own words."""
    await amara.writes("My evening readings are higher.")
    # Who is quick has seen it before anybody looks whether it was sent.
    arrived = re.compile(f"^({amara.t('chat.sent')}$|{amara.t('chat.seen')})")
    await expect(amara.bubble("My evening readings are higher.").locator(".state")).to_have_text(arrived)
    await osei.reads("My evening readings are higher.")
    await expect(osei.bubble("My evening readings are higher.")).to_contain_text(AMARA)
    await expect(amara.bubble("My evening readings are higher.").locator(".state")).to_contain_text(
        amara.t("chat.seen")
    )
    await osei.writes("Can you sit up?")
    await amara.reads("Can you sit up?")
    await expect(amara.bubble("Can you sit up?")).to_contain_text(f"{OSEI}, clinician")
    await expect(osei.bubble("Can you sit up?").locator(".state")).to_contain_text(osei.t("chat.seen"))
    for screen in (amara, osei):
        await expect(screen.page.locator(".log .said")).to_have_count(2)


async def _is_sent_back(amara: Phone, osei: Laptop) -> None:
    """With a reason, and the place is kept."""
    await osei.taps("visit.back")
    await osei.page.locator(
        "details[data-key=back] select, details[data-key=back] input[value=technical]"
    ).first.click()
    await osei.taps("visit.back-do")
    await osei.page.wait_for_url("**/waiting-room")
    await expect(osei.page.locator("staff-list h3").first).to_have_text(AMARA)
    await amara.title("waiting.title")
