"""Each role at its own screen: the administrator, the nurse, the colleague who takes over; and the bell is heard."""

import re

import pytest
from playwright.async_api import expect

from bedside.kernel import Role
from browser.house import OpenHouse
from browser.people import Cast, Laptop
from browser.test_a_visit import READY_BELL, WAITS_BELL
from browser.test_desk_day import row, told

pytestmark = pytest.mark.browser
AMARA, MEI, AALTO = "Amara Okafor", "Mei Chow", "Dr. Signe Aalto"


async def moves(desk: Laptop, name: str, to: str, because: str) -> None:
    """Open somebody's sheet and hand them to a clinician or a department."""
    await row(desk, name).locator("[data-open]").click()
    sheet = desk.page.locator("dialog#sheet")
    await sheet.locator("summary").filter(has_text=desk.t("desk.transfer")).click()
    choice = sheet.locator("#to option").filter(has_text=re.compile(f"^{re.escape(to)}"))
    await sheet.locator("#to").select_option(await choice.get_attribute("value"))
    await sheet.locator("#why-transfer").select_option(because)
    await sheet.get_by_role("button", name=desk.t("desk.transfer-do", name=name)).click()


async def turns_to(desk: Laptop, department: str) -> None:
    """Another department's board."""
    await desk.page.locator("details[data-key=departments] summary").click()
    await desk.page.locator("details[data-key=departments] a").filter(has_text=department).click()
    await has_the_board_of(desk, department)


async def has_the_board_of(desk: Laptop, department: str) -> None:
    await expect(desk.page.locator("h1")).to_have_text(department)


async def test_an_administrator_sees_every_board_and_moves_somebody_to_another(house: OpenHouse, cast: Cast):
    ines, nurse, amara = await cast.laptop(), await cast.laptop(), await cast.phone()
    await nurse.signs_in(await house.colleague("Linh Tran", Role.NURSE, "Cardiology"))
    await has_the_board_of(nurse, "Cardiology")
    await ines.signs_in(await house.colleague("Ines Prado", Role.ADMINISTRATOR, None))
    visit = await amara.checks_in(house.links["patient"])
    seat = await amara.page.locator("wait-since time").get_attribute("datetime")
    for department in ("Cardiology", "General practice"):
        await turns_to(ines, department)
    await expect(row(ines, AMARA)).to_be_visible()
    # A nurse has her own department's board, and no other.
    await expect(nurse.page.locator("details[data-key=departments]")).to_have_count(0)
    await expect(row(nurse, AMARA)).to_have_count(0)

    await moves(ines, AMARA, "Cardiology", "specialty")
    await expect(ines.page.locator("[data-toast]")).to_have_text(ines.t("did.transfer-away"))
    await expect(row(ines, AMARA)).to_have_count(0)
    await expect(row(nurse, AMARA)).to_be_visible()
    await turns_to(ines, "Cardiology")
    await expect(row(ines, AMARA)).to_be_visible()
    # Who waits keeps the seat, on the page that is open.
    await amara.title("waiting.title")
    await expect(amara.page.locator("wait-since time")).to_have_attribute("datetime", str(seat))
    assert amara.page.url.endswith(str(visit))


async def test_a_colleague_takes_over_and_the_bell_is_heard_on_both_sides(house: OpenHouse, cast: Cast):
    aalto, petra, amara = await cast.laptop(), await cast.laptop(), await cast.phone()
    await aalto.signs_in(await house.link_of(AALTO, Role.PROVIDER))
    await aalto.becomes("available")
    await petra.signs_in(house.links["desk"])
    visit = await amara.checks_in(house.links["patient"])
    await expect(aalto.page.locator("staff-list [data-row]")).to_have_count(0)
    assert await aalto.hears() == []

    await moves(petra, AMARA, AALTO, "shorter-wait")
    await told(petra, "transfer", AMARA)
    await expect(aalto.row(AMARA)).to_be_visible()
    assert set(WAITS_BELL) <= set(await aalto.hears())
    await aalto.hears_louder_than(-16)
    await aalto.calls_in(AMARA)
    await amara.title("ready.title", who=AALTO)
    assert set(READY_BELL) <= set(await amara.hears())
    await amara.hears_louder_than(-12)
    await amara.taps("ready.go-in")
    await amara.sees("room.here", n=2)
    assert await house.state(visit) == "in-progress"
    assert await house.journal(visit, "CALL_IN") == 1
