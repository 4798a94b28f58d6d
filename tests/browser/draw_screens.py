"""Pictures of every screen, for people who want to see before they run anything. Drawn by `make screens` alone."""

from pathlib import Path

import pytest

from browser.house import OpenHouse
from browser.people import Cast, Screen
from browser.walk import past_every_screen

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "docs" / "screens"
KEPT = frozenset(
    f"{who}-{screen}"
    for who, screens in {
        "patient": "link new-device appointment consent place device device-tested waiting ready room ended summary"
        " cancelled link-expired",
        "provider": "empty waiting-room guard room wrapping-up",
    }.items()
    for screen in screens.split()
) | {"desk"}
"""What is worth a picture; the rest differs by an open menu."""
WIDTHS = ((390, 844), (1280, 800))


async def test_the_screens_are_drawn(house: OpenHouse, cast: Cast):
    FOLDER.mkdir(exist_ok=True)

    async def draw(screen: Screen, name: str) -> None:
        if name not in KEPT:
            return
        page, own = screen.page, screen.page.viewport_size
        await page.evaluate("document.fonts.ready")
        for width, height in WIDTHS:
            await page.set_viewport_size({"width": width, "height": height})
            # As high as the page is long: so all is seen, and what sticks to an edge stays there.
            long = int(await page.evaluate("document.documentElement.scrollHeight"))
            await page.set_viewport_size({"width": width, "height": max(height, long)})
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                await page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png")
        assert own
        await page.set_viewport_size(own)
        await page.emulate_media(color_scheme="light")

    await past_every_screen(house, cast, draw, reduced_motion="reduce")
