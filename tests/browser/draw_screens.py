"""Pictures of every screen, for people who want to see before they run anything. Drawn by `make screens` alone.

Most are of a day that really takes place. What would take a longer day (an estimate, a full board) is drawn from the
invented views by which the pages are tested.
"""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page

from browser.house import OpenHouse
from browser.people import Cast, Screen
from browser.walk import past_every_screen
from web import preview

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "docs" / "screens"
LIVED = frozenset(
    f"{who}-{screen}"
    for who, screens in {
        "patient": "link new-device appointment consent place device device-tested waiting ready room ended summary"
        " cancelled link-expired",
        "provider": "empty waiting-room guard room wrapping-up",
    }.items()
    for screen in screens.split()
)
"""What is worth a picture; the rest differs by an open menu."""
INVENTED = {
    "desk": "desk",
    "desk-person": "desk-person-waiting",
    "desk-people": "desk-people-found",
    "desk-plan": "desk-plan",
    "patient-waiting-estimate": "patient-waiting",
    "patient-waiting-longer": "patient-waiting-longer",
    "patient-waiting-stale": "patient-waiting",
}
"""The picture, and the screen it shows. `stale`: the line is down."""
WIDTHS = ((390, 844), (1280, 800))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
"""A patient's page is the same column at every width: there dark is drawn once."""


async def draw(page: Page, name: str) -> None:
    """In both widths, light and dark."""
    own = page.viewport_size
    await page.evaluate("document.fonts.ready")
    for width, height in WIDTHS:
        await page.set_viewport_size({"width": width, "height": height})
        # As high as the page is long: so all is seen, and what sticks to an edge stays there.
        long = int(await page.evaluate("document.documentElement.scrollHeight"))
        await page.set_viewport_size({"width": width, "height": max(height, long)})
        for scheme in SCHEMES if name.startswith(("provider", "desk")) or width < 1000 else SCHEMES[:1]:
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png")
    assert own
    await page.set_viewport_size(own)
    await page.emulate_media(color_scheme="light")


async def test_the_screens_of_a_day_are_drawn(house: OpenHouse, cast: Cast):
    FOLDER.mkdir(exist_ok=True)

    async def look(screen: Screen, name: str) -> None:
        if name in LIVED:
            await draw(screen.page, name)

    await past_every_screen(house, cast, look, reduced_motion="reduce")


async def test_the_screens_of_a_longer_day_are_drawn(cast: Cast, tmp_path: Path):
    preview.draw(tmp_path)
    server = preview.serve(tmp_path)
    page = (await cast.laptop(reduced_motion="reduce")).page
    try:
        for name, screen in INVENTED.items():
            await page.goto(f"http://127.0.0.1:{server.server_port}/{screen}.en.html")
            if name.endswith("stale"):
                await page.evaluate("document.dispatchEvent(new CustomEvent('bedside:unread'))")
            await draw(page, name)
    finally:
        server.shutdown()
