"""Every screen for everyone: 200 % text, 320 pixels, 400 %, no motion, forced colours, grey, thumbs, both languages."""

import pytest
from playwright.sync_api import Browser

from web.fitting import MARKS, colour_alone, faults_of
from web.screens import screens

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_screen_fits_whoever_looks(browser: Browser, base: str, lang: str):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    faults: dict[str, list[str]] = {}
    marks = 0
    for name in screens():
        page.goto(f"{base}/{name}.{lang}.html", wait_until="domcontentloaded")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        shown = page.evaluate(MARKS)
        marks += len(shown)
        if found := [*faults_of(page, thumbs=name.startswith("patient")), *colour_alone(shown)]:
            faults[name] = found
    context.close()
    assert faults == {}
    assert marks > 100


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("main h1 { white-space: nowrap; font-size: 6rem; }", "sideways"),
        ("main p { height: .5em; overflow: hidden; }", "cut"),
        (".button { min-height: 20px; padding: 0; line-height: 1; }", "small"),
        (".button { transition: color 1s !important; }", "moves"),
        (".card { border: 0 !important; }", "no border"),
    ],
)
def test_what_would_not_fit_is_found(browser: Browser, base: str, harm: str, fault: str):
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(f"{base}/patient-waiting.en.html", wait_until="domcontentloaded")
    page.evaluate(
        "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }", harm
    )
    assert {found.partition(",")[0].partition(":")[0] for found in faults_of(page, thumbs=True)} >= {fault}
    page.context.close()


def test_a_mark_that_only_its_colour_tells_apart_is_found():
    mark = {"kind": "chip", "words": "Waits", "shape": "<path/>", "hollow": False, "colours": "red"}
    assert colour_alone([mark, mark]) == []
    assert colour_alone([mark, mark | {"colours": "green"}])
    assert colour_alone([mark | {"words": ""}])
