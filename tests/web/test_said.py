"""What a screen reader is told: a new step at once, the wait and the place at most once a minute."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from web.test_browser import opened

pytestmark = pytest.mark.browser
CHANGE = """async (changes) => {
  const { show } = await import(STATIC + '/morph.js');
  const next = document.implementation.createHTMLDocument('');
  next.documentElement.lang = 'en';
  for (const { name, value } of document.body.attributes) next.body.setAttribute(name, value);
  for (const child of document.body.childNodes) next.body.append(next.importNode(child, true));
  for (const [where, words] of Object.entries(changes)) next.querySelector(where).textContent = words;
  show(next);
}"""
"""The page again, with other words in these places: what a fetched page does."""


@pytest.fixture
def waiting(browser: Browser, base: str) -> Iterator[Page]:
    tab = opened(browser, f"{base}/patient-waiting.en.html", viewport={"width": 390, "height": 844})
    tab.clock.install()
    yield tab
    tab.context.close()


def said(tab: Page) -> str:
    return tab.inner_text("[data-said-here]")


def test_the_wait_is_told_at_most_once_a_minute(waiting: Page):
    assert said(waiting) == ""  # what the page says when it opens is read as a page
    waiting.evaluate(CHANGE, {".place .ahead": "1 before you"})
    assert "1 before you" in said(waiting) and "09:52" not in said(waiting)
    waiting.evaluate(CHANGE, {".place .ahead": "2 before you"})
    waiting.clock.run_for(30_000)
    waiting.evaluate(CHANGE, {".place .ahead": "You are next"})
    assert "1 before you" in said(waiting) and "09:52" not in said(waiting)
    waiting.clock.run_for(31_000)
    assert "You are next" in said(waiting)
    waiting.evaluate("document.querySelector('[data-said-here]').textContent = ''")
    waiting.clock.run_for(200_000)
    waiting.evaluate(CHANGE, {"wait-since time": "9 min"})
    assert said(waiting) == ""  # the minutes that go by are no news


def test_a_new_step_is_told_at_once(waiting: Page):
    waiting.evaluate(CHANGE, {".place .ahead": "1 before you"})
    waiting.evaluate(CHANGE, {"main h1": "Dr. Kwame Osei is ready for you"})
    assert said(waiting) == "Dr. Kwame Osei is ready for you"
    assert waiting.get_by_role("status").filter(has_text="is ready for you").count() == 1


def test_the_screen_is_kept_on_while_somebody_waits_and_the_words_are_true(browser: Browser, base: str):
    held, gone = "We keep your screen on", "Keep your screen on"
    for works in (True, False):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_init_script(
            "window.asked = 0; Object.defineProperty(navigator, 'wakeLock', { value: { request: async (what) => {"
            f" asked += what === 'screen'; if (!{str(works).lower()}) throw new DOMException('no', 'NotAllowedError');"
            " return window.lock = Object.assign(new EventTarget(), { released: false, async release() {"
            " this.released = true; this.dispatchEvent(new Event('release')); } }); } } });"
        )
        tab = context.new_page()
        tab.goto(f"{base}/patient-waiting.en.html")
        words = tab.locator("screen-awake")
        tab.wait_for_selector(f"screen-awake :text('{held if works else gone}')")
        assert "cannot ring" in words.inner_text()
        assert tab.evaluate("asked") == 1
        if works:
            tab.evaluate("lock.release()")  # the phone was locked
            assert words.inner_text().startswith(gone)
            tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # and looked at again
            tab.wait_for_selector(f"screen-awake :text('{held}')")
            # In one go: the page reads itself anew now and then, and what is missing would be there again.
            left = "() => { const held = lock; document.querySelector('screen-awake').remove(); return held.released; }"
            assert tab.evaluate(left) is True
        context.close()
