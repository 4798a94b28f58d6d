"""What is said in a visit stays out of addresses and browser storage; hostile words are only words."""

import re
from urllib.parse import unquote

import pytest
from playwright.async_api import Request, expect

from bedside.web import locale
from browser.house import OpenHouse
from browser.people import Cast, Screen
from browser.walk import past_every_screen

pytestmark = pytest.mark.browser

CANARIES = re.compile(
    r"amara|okafor|okoro|mei\b|chow|osei|quay|ferry|0142|readings|ankles|swollen|leave by eleven|tablet|weigh",
    re.IGNORECASE,
)
"""Names, places, numbers and words of the people in the walk."""
KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, history.state, name, location.href,
  await indexedDB.databases(), await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length])"""
"""Everything that a page may leave in a browser."""
INLINE = """() => [...document.querySelectorAll('*')].filter((e) => e.hasAttribute('style') || e.matches('style') ||
  (e.matches('script') && !e.src) || [...e.attributes].some((a) => a.name.startsWith('on'))).map((e) => e.outerHTML)"""
"""Scripts and styles that stand in the page itself."""


async def test_nothing_personal_is_left_in_a_browser(house: OpenHouse, cast: Cast):
    asked: list[str] = []

    async def watch(screen: Screen, name: str) -> None:
        kept = await screen.page.evaluate(KEPT)
        assert not CANARIES.search(kept), f"{name} keeps {kept}"
        assert kept.startswith('[{},{},"",'), f"{name} keeps {kept}"
        assert await screen.page.evaluate(INLINE) == [], name

    def note(request: Request) -> None:
        asked.append(unquote(request.url) + " " + request.headers.get("referer", ""))

    cast.on_request = note
    await past_every_screen(house, cast, watch)
    assert asked
    assert [url for url in asked if CANARIES.search(url)] == []
    assert {url.split("/")[2] for url in asked} == {house.base.split("/")[2]}


TAG, TURN = "<img src=x onerror=alert(1)>", "\u202etxet desrever"
BREAK_OUT = "</textarea></script><script>alert(2)</script><svg onload=alert(3)>"


async def test_hostile_words_are_only_words(house: OpenHouse, cast: Cast):
    name = f"{TAG} {TURN}"
    osei, patient = await cast.laptop(), await cast.phone()
    for screen in (osei, patient):
        screen.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    await osei.signs_in(house.links["provider"])
    await patient.opens(await house.newcomer(TAG, TURN))
    await expect(patient.page.locator("h1")).to_have_text(f"Good morning, {TAG}")
    await patient.agrees()
    await patient.says_where(f"{BREAK_OUT} 1")
    await patient.tests_devices()
    await patient.takes_a_seat()
    await expect(osei.page.locator("staff-list h3")).to_have_text(name)
    await osei.page.locator("[data-start]").click()
    await expect(osei.page.get_by_role("dialog")).to_contain_text(f"{BREAK_OUT} 1")
    await osei.page.locator("[data-start-visit]").click()
    await patient.taps("ready.go-in")
    await patient.writes(BREAK_OUT)
    await osei.reads(BREAK_OUT)
    await osei.writes(f"{BREAK_OUT} too {TURN}")
    await patient.reads(f"{BREAK_OUT} too {TURN}")
    await osei.taps("visit.end")
    await expect(osei.page.locator("label.big")).to_have_text(f"What should {TAG} take home?")
    await osei.page.locator("#summary").fill(BREAK_OUT)
    await osei.page.locator("label:has(input[name=follow_up][value=no])").click()
    await osei.taps("wrap.complete")
    await patient.reads(BREAK_OUT)
    for screen in (osei, patient):
        assert await screen.page.locator("img, svg[onload], main script").count() == 0


@pytest.mark.parametrize(
    ("name", "told"),
    [("Amara", "Amara has the room."), ("\u202eAmara\u2069", "Amara has the room."),
     ("\u0639\u0645\u0627\u0631\u0629", "\u2068\u0639\u0645\u0627\u0631\u0629\u2069 has the room.")],
)  # fmt: skip
def test_a_name_does_not_turn_the_sentence_around(monkeypatch: pytest.MonkeyPatch, name: str, told: str):
    monkeypatch.setitem(locale.catalogue("en"), "test.room", "{name} has the room.")
    assert locale.t("en", "test.room", name=name) == told
    assert locale.marked("en", "test.room", name=name) == told
