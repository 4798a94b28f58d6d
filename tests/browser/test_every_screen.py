"""Every screen of a day: axe finds nothing, no script or style stands in the page, nothing personal is left behind."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe

from browser.house import OpenHouse
from browser.people import LAPTOP, PHONE, Cast, Screen
from browser.walk import past_every_screen

pytestmark = pytest.mark.browser
AXE = Axe()
LOOKS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "en": [("light", PHONE), ("dark", LAPTOP)],
    "es": [("dark", PHONE), ("light", LAPTOP)],
}
CANARIES = re.compile(
    r"amara|okafor|okoro|mei\b|chow|osei|quay|ferry|555.{0,3}0142|readings|ankles|swollen|leave by eleven|tablet|weigh",
    re.IGNORECASE,
)
"""Names, places, numbers and words of the people in the walk."""
KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, history.state, name, location.href,
  await indexedDB.databases(), await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length])"""
"""Everything that a page may leave in a browser."""
INLINE = """() => [...document.querySelectorAll('*')].filter((e) => e.hasAttribute('style') || e.matches('style') ||
  (e.matches('script') && !e.src) || [...e.attributes].some((a) => a.name.startsWith('on'))).map((e) => e.outerHTML)"""
"""Scripts and styles that stand in the page itself. Its policy forbids them; a violation would be a complaint, too."""


@pytest.mark.parametrize("lang", LOOKS)
async def test_every_screen_of_a_day(house: OpenHouse, cast: Cast, lang: str):
    seen, faults = set[str](), dict[str, list[str]]()

    async def examine(screen: Screen, name: str) -> None:
        assert await screen.page.get_attribute("html", "lang") == lang
        kept = _told(str(await screen.page.evaluate(KEPT)))
        assert not CANARIES.search(kept), f"{name} keeps {kept}"
        assert kept.startswith('[{},{},"",'), f"{name} keeps {kept}"
        assert await screen.page.evaluate(INLINE) == [], name
        own = screen.page.viewport_size
        for scheme, size in LOOKS[lang]:
            await _change(screen, scheme, size)
            for fault, where in await _axe(screen):
                faults.setdefault(fault, []).append(f"{name} {scheme} {size['width']}: {where}")
        await _change(screen, "light", own or PHONE)
        seen.add(name)

    await past_every_screen(house, cast, examine, lang=lang, reduced_motion="reduce")
    assert faults == {}
    assert len(seen) > 30
    addresses = [_told(f"{request.url} {request.headers.get('referer', '')}") for request in cast.asked]
    assert [address for address in addresses if CANARIES.search(address)] == []
    assert {urlsplit(request.url).netloc for request in cast.asked} == {urlsplit(house.base).netloc}


def _told(text: str) -> str:
    """What an address says, without the random letters of a link, which may spell anything."""
    return re.sub(r"/[ks]/[\w-]+", "/", unquote(text))


async def _change(screen: Screen, scheme: Any, size: Any) -> None:
    await screen.page.set_viewport_size(size)
    await screen.page.emulate_media(color_scheme=scheme)


async def _axe(screen: Screen) -> list[tuple[str, str]]:
    """What is wrong, and the first place where."""
    answer = (await AXE.run(screen.page, options={"resultTypes": ["violations"]})).response
    assert answer["passes"], "axe did not look"
    return [(str(fault["id"]), str(fault["nodes"][0]["html"])[:160]) for fault in answer["violations"]]
