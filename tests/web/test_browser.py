"""The screens in a real Chromium: axe finds nothing, the keyboard reaches everything, the scripts hold their word."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bedside.web.pages.render import assets
from web.screens import screens

pytestmark = pytest.mark.browser
WHERE = """(() => { const here = document.activeElement;
  return here.closest('main') ? String([...document.querySelectorAll('*')].indexOf(here)) : ''; })()"""
COUNT_SUBMITS = """() => { window.sent = 0; document.addEventListener('submit', (event) => {
  window.sent += 1; event.preventDefault(); event.stopImmediatePropagation(); }, true); }"""


def opened(browser: Browser, url: str, **how: Any) -> Page:
    """A page whose every complaint is a failure."""
    context = browser.new_context(**how)
    context.add_init_script(f"window.STATIC = '{assets()}'")
    tab = context.new_page()
    tab.complaints = []  # type: ignore[attr-defined]
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))  # type: ignore[attr-defined]
    tab.on("console", lambda m: tab.complaints.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    tab.goto(url)
    return tab


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "width", "lang"),
    [("light", 390, "en"), ("dark", 1280, "en"), ("dark", 390, "es"), ("light", 1280, "es")],
)
def test_axe_finds_nothing(browser: Browser, base: str, scheme: str, width: int, lang: str):
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844})  # type: ignore[arg-type]
    tab = context.new_page()
    found: dict[str, list[str]] = {}
    for name in screens():
        tab.goto(f"{base}/{name}.{lang}.html")
        for violation in Axe().run(tab).response["violations"]:
            found.setdefault(violation["id"], []).append(f"{name}: {violation['nodes'][0]['html'][:160]}")
    context.close()
    assert found == {}


@pytest.mark.parametrize("name", screens())
def test_it_runs_under_its_policy_and_fits_a_small_phone(browser: Browser, base: str, name: str):
    tab = opened(browser, f"{base}/{name}.es.html", viewport={"width": 320, "height": 640})
    assert tab.complaints == []  # type: ignore[attr-defined]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    tab.context.close()


@pytest.mark.parametrize(
    "name", ["patient-consent", "patient-place", "patient-ready", "patient-room", "provider-guard"]
)
def test_the_keyboard_reaches_every_control(browser: Browser, base: str, name: str):
    tab = opened(browser, f"{base}/{name}.en.html", viewport={"width": 390, "height": 844})
    wanted = tab.evaluate(
        "[...document.querySelectorAll('main :is(a, button, input:not([type=hidden]), textarea, summary)')]"
        ".filter(e => e.checkVisibility()).length"
    )
    tab.evaluate("document.activeElement.blur()")
    reached: set[str] = set()
    for _ in range(40):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate(WHERE))
    tab.context.close()
    assert len(reached - {""}) >= wanted


def test_the_list_moves_by_keys_and_only_inside_it(browser: Browser, base: str):
    tab = opened(browser, f"{base}/provider-waiting-room.en.html", viewport={"width": 1280, "height": 800})
    focused = "document.activeElement.getAttribute('aria-label')"
    tab.keyboard.press("j")
    assert tab.evaluate(focused) is None
    tab.focus("staff-list [data-row]")
    tab.keyboard.press("j")
    assert tab.evaluate(focused) == "Fatima Noori"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("k")
    assert tab.evaluate(focused) == "Fatima Noori"
    tab.keyboard.press("?")
    assert tab.locator("dialog#keys").is_visible()
    tab.context.close()


MORPH = """async ({ html, focus }) => {
  const { show } = await import(STATIC + '/morph.js');
  const policy = { createHTML: (t) => t };
  const next = document.implementation.createHTMLDocument('');
  next.documentElement.lang = 'en';
  for (const { name, value } of document.body.attributes) next.body.setAttribute(name, value);
  for (const child of document.body.childNodes) next.body.append(next.importNode(child, true));
  const list = next.querySelector('staff-list ol');
  const rows = [...list.children];
  list.append(rows[1], rows[0], rows[2]);
  rows[0].querySelector('h3').textContent = 'Changed';
  show(next);
}"""


def test_new_rows_keep_the_focus_on_the_person(browser: Browser, base: str):
    tab = opened(browser, f"{base}/provider-waiting-room.en.html", viewport={"width": 1280, "height": 800})
    tab.focus("staff-list [data-row]")
    before = tab.evaluate("document.activeElement.dataset.key")
    tab.evaluate(MORPH, {"html": "", "focus": ""})
    order = tab.evaluate("[...document.querySelectorAll('staff-list [data-row]')].map(r => r.dataset.key)")
    assert order[1] == before
    assert tab.evaluate("document.activeElement.dataset.key") in (before, None)
    assert "Changed" in tab.inner_text("staff-list")
    tab.context.close()


def test_a_draft_survives_a_change_of_the_page(browser: Browser, base: str):
    tab = opened(browser, f"{base}/provider-wrapping-up.en.html", viewport={"width": 1280, "height": 800})
    tab.fill("#summary", "Half a sentence")
    tab.evaluate("""async () => {
      const { show } = await import(STATIC + '/morph.js');
      const next = document.implementation.createHTMLDocument('');
      for (const { name, value } of document.body.attributes) next.body.setAttribute(name, value);
      for (const child of document.body.childNodes) next.body.append(next.importNode(child, true));
      next.querySelector('input[name=key]').setAttribute('value', 'new-key');
      show(next);
    }""")
    assert tab.input_value("#summary") == "Half a sentence"
    assert tab.evaluate("document.querySelector('#wrap-form input[name=key]').value") == "new-key"
    tab.context.close()


def test_enter_cannot_start_a_visit_by_itself(browser: Browser, base: str):
    tab = opened(browser, f"{base}/provider-guard.en.html", viewport={"width": 1280, "height": 800})
    tab.evaluate(COUNT_SUBMITS)
    tab.focus("[data-start-visit]")
    # The sheet has only just opened: a key still held down from before must not start anything.
    tab.evaluate("() => document.dispatchEvent(new CustomEvent('bedside:sheet'))")
    tab.keyboard.press("Enter")
    assert tab.evaluate("window.sent") == 0
    tab.wait_for_timeout(600)
    tab.keyboard.press("Enter")
    assert tab.evaluate("window.sent") == 1
    tab.context.close()


def test_the_device_check_is_honest_and_sends_only_words(browser: Browser, base: str):
    tab = opened(
        browser,
        f"{base}/patient-device.en.html",
        viewport={"width": 390, "height": 844},
        permissions=["camera", "microphone"],
    )
    assert set(tab.evaluate("[...document.querySelectorAll('device-check input[type=hidden]')].map(i => i.value)")) == {
        "skipped"
    }
    tab.click("[data-test]")
    for step in ("camera", "microphone", "connection"):  # the policy forbids waiting by an evaluated string
        tab.wait_for_selector(f"[data-step={step}] .result.works", timeout=10_000)
    assert re.search(r"Works.*Works.*Works", tab.inner_text("device-check"), re.DOTALL)
    assert tab.is_hidden("[data-reason]")
    assert tab.complaints == []  # type: ignore[attr-defined]
    tab.context.close()


def test_a_message_without_a_line_says_so_and_is_not_lost(browser: Browser, base: str):
    tab = opened(browser, f"{base}/patient-room.en.html", viewport={"width": 390, "height": 844})
    tab.evaluate("""async () => { const { live } = await import(STATIC + '/live.js'); let fails = 1;
      window.ids = []; live.do = async (op, body, { id } = {}) => { if (op !== 'send') return {}; window.ids.push(id);
        if (fails-- > 0) throw { title: 'Not sent.' }; return { entry: '1' }; }; }""")
    tab.fill("#say", "A question")
    tab.keyboard.press("Enter")
    tab.click("text=Try again")
    tab.wait_for_selector("text=Sent")
    ids = tab.evaluate("window.ids")
    assert len(ids) == 2 and ids[0] == ids[1]
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    tab.context.close()
