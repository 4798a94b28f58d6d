"""A page that renews itself, tried alone: whatever becomes of it, what somebody holds is kept."""

from pathlib import Path

import pytest
from playwright.async_api import Page, Route

from bedside.web.pages.render import HEADERS, STATIC
from browser.people import Cast
from browser.trees import Pages

pytestmark = pytest.mark.browser
SEEDS, STEPS = 120, 4
TOOLS = (Path(__file__).parent / "held.js").read_text()


class Alone:
    """A window with nothing in it but the module under test, under the policy that real pages have."""

    def __init__(self, page: Page) -> None:
        self.page, self.next = page, ""

    async def opens(self) -> None:
        await self.page.route("**/*", self._answers)
        await self.page.goto("http://127.0.0.1:9/")
        await self.page.evaluate(f"() => {{ {TOOLS} }}")

    async def _answers(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        script = name.endswith(".js")
        words = (STATIC / name).read_text() if script else f"<!doctype html><title>Alone</title>{self.next}"
        kind = "text/javascript" if script else "text/html"
        await route.fulfill(body=words, content_type=kind, headers=HEADERS)

    async def begins(self, html: str, *, sheet: bool, seed: int) -> None:
        self.next = html
        await self.page.evaluate("([sheet, seed]) => begin(sheet, seed)", [sheet, seed])

    async def renews(self, html: str) -> tuple[list[str], int]:
        """What is wrong afterwards, and how much was held."""
        self.next = html
        faults, held = await self.page.evaluate("renew()")
        return list(faults), int(held)


@pytest.fixture
async def alone(cast: Cast) -> Alone:
    window = Alone((await cast.laptop()).page)
    await window.opens()
    return window


async def test_whatever_becomes_of_a_page_what_is_held_is_kept(alone: Alone):
    """Random pages, each renewed a few times: under an open sheet, or while something is written."""
    held = 0
    for seed in range(SEEDS):
        pages = Pages(seed)
        await alone.begins(pages.body.html(), sheet=seed % 2 == 0, seed=seed)
        for step in range(STEPS):
            before = pages.body.html()
            pages.next()
            faults, kept = await alone.renews(pages.body.html())
            assert faults == [], f"seed {seed}, step {step}: {before}\n→ {pages.body.html()}"
            held += kept
    assert held > 20 * SEEDS
