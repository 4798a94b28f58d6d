"""What a patient's browser keeps on its disk: nothing that was on the screen, neither during the visit nor after it."""

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, async_playwright, expect

from browser.house import OpenHouse, open_house
from browser.people import FLAGS, LISTEN, PHONE, Phone, program
from conftest import PASSWORDS
from sweep.artefacts import Sweep
from sweep.marks import LETTERS

KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, await indexedDB.databases(), await caches.keys()
])"""


def a_profile(playwright: object, folder: Path):
    """A browser that keeps what it keeps in this folder."""
    launch = playwright.chromium.launch_persistent_context  # pyright: ignore[reportAttributeAccessIssue]
    return launch(str(folder), executable_path=program(), args=[*FLAGS], viewport=PHONE, permissions=["camera"])


async def a_patient_comes(context: BrowserContext, house: OpenHouse) -> tuple[Phone, str]:
    """By link, with consent, place and a message; what scripts can read afterwards."""
    await context.add_init_script(f"({LISTEN})()")
    phone = Phone(context, context.pages[0], "en")
    await phone.opens(await house.newcomer(f"Given{LETTERS}", f"Family{LETTERS}"))
    await phone.agrees()
    await phone.says_where(f"12 {LETTERS} Row, Albany")
    await phone.skips("no-camera")
    await phone.taps("waiting.message")
    await phone.writes(f"It is {LETTERS} and hurts.")
    sent = phone.bubble(f"It is {LETTERS} and hurts.").locator(".state")
    await expect(sent).to_have_text(phone.t("chat.sent"))
    await phone.page.reload()  # now there is talk, and the page shows it without a tap
    await phone.loses_the_network()
    await phone.writes(f"On its way: {LETTERS}")
    waiting = phone.bubble(f"On its way: {LETTERS}").locator(".state")
    await expect(waiting).to_have_text(phone.t("chat.outbox"))
    await phone.page.locator("#say").fill(f"Not sent yet: {LETTERS}")
    kept = str(await phone.page.evaluate(KEPT))
    assert "bedside.unsent." in kept
    return phone, kept


@pytest.mark.browser
async def test_a_browser_keeps_nothing_of_a_visit(database: str, tmp_path: Path) -> None:
    """Profile folder, storage, cache, history: no marked word; and one that is planted is found."""
    profile = tmp_path / "profile"
    async with open_house(database, tmp_path / "data", PASSWORDS) as house, async_playwright() as playwright:
        context = await a_profile(playwright, profile)
        _, kept = await a_patient_comes(context, house)
        during = Sweep()
        during.bytes("storage", kept.encode())
        during.files("profile", profile)
        await context.close()
        after = Sweep()
        after.files("profile", profile)
        print(f"\n{after.read / 1e6:.1f} MB of a browser's profile")
        assert (during.found, after.found) == ({}, {}), during.where + after.where
        context = await a_profile(playwright, profile)
        await context.pages[0].goto(house.base)
        await context.pages[0].evaluate(f"localStorage.setItem('name', '{LETTERS}')")
        planted = str(await context.pages[0].evaluate(KEPT))
        await context.close()
        control = Sweep()
        control.bytes("storage", planted.encode())
        control.files("profile", profile)
        assert control.found.keys() == {"storage", "profile"}
