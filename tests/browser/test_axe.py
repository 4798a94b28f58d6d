"""Every screen of a day, looked at by axe: light and dark, English and Spanish, a phone and a laptop."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe

from browser.house import OpenHouse
from browser.people import LAPTOP, PHONE, Cast, Screen
from browser.walk import past_every_screen

pytestmark = pytest.mark.browser
LOOKS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "en": [("light", PHONE), ("dark", LAPTOP)],
    "es": [("dark", PHONE), ("light", LAPTOP)],
}


@pytest.mark.parametrize("lang", LOOKS)
async def test_axe_finds_nothing_on_any_screen(house: OpenHouse, cast: Cast, lang: str):
    axe, seen = Axe(), set[str]()
    found: dict[str, list[str]] = {}

    async def examine(screen: Screen, name: str) -> None:
        own = screen.page.viewport_size
        for scheme, size in LOOKS[lang]:
            await screen.page.set_viewport_size(size)  # pyright: ignore[reportArgumentType]
            await screen.page.emulate_media(color_scheme=scheme)  # pyright: ignore[reportArgumentType]
            assert await screen.page.get_attribute("html", "lang") == lang
            for violation in (await axe.run(screen.page)).response["violations"]:
                where = f"{name} {scheme} {size['width']}: {violation['nodes'][0]['html'][:160]}"
                found.setdefault(violation["id"], []).append(where)
        await screen.page.set_viewport_size(own or PHONE)  # pyright: ignore[reportArgumentType]
        seen.add(name)

    await past_every_screen(house, cast, examine, lang=lang, bypass_csp=True, reduced_motion="reduce")
    assert found == {}
    assert len(seen) > 30
