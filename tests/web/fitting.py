"""Whether a screen fits whoever looks at it: small phone, large letters, magnified window, few colours, no motion."""

from typing import Any

from playwright.sync_api import Page

MAGNIFIED, PHONE, LAPTOP = (320, 256), (390, 844), (1280, 800)
"""A laptop's window of 1280 at 400 %, as narrow as the smallest phone; an ordinary phone; a laptop."""
LOOKS = ((MAGNIFIED, 100), (PHONE, 200), (LAPTOP, 200))
"""Each window, and how large its letters are, in percent."""
TOO_WIDE = """() => { const wide = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll('body *')]
    .filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip'))
    .filter((e) => { const at = e.getBoundingClientRect(); return at.right > wide + 1 || at.left < -1; });
  if (document.documentElement.scrollWidth <= wide && !out.length) return [];
  return [(out.at(-1) ?? document.body).outerHTML.slice(0, 160)]; }"""
"""What sticks out at a side, if anything does."""
CUT = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.checkVisibility() && !e.closest('.unseen, svg') && !e.matches('textarea, input, select'))
  .filter((e) => [e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX,
    e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).overflowY].some((how) => /hidden|clip/.test(how)))
  .map((e) => e.outerHTML.slice(0, 160))"""
"""Words that run out of their box where the box hides them."""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
  .map((e) => e.closest('label') ?? e).filter((e) => e.checkVisibility() && !e.matches('.skip, [type=hidden]') &&
    !(e.matches('a') && getComputedStyle(e).display === 'inline'))
  .filter((e) => { const at = e.getBoundingClientRect(); return at.height < 44 || at.width < 44; })
  .map((e) => `${Math.round(e.getBoundingClientRect().width)} x ${Math.round(e.getBoundingClientRect().height)} `
    + e.outerHTML.slice(0, 120))"""
"""What a thumb misses. A link inside a sentence is as high as its line."""
MOVES = """() => [...document.getAnimations().map(String), ...[...document.querySelectorAll('*')].filter((e) => {
  const look = getComputedStyle(e);
  const moves = look.transitionDuration.split(', ').some((s) => parseFloat(s) > 0);
  return look.animationName !== 'none' || moves || look.scrollBehavior === 'smooth';
}).map((e) => e.outerHTML.slice(0, 120))]"""
"""What would move although less motion was asked for."""
UNBORDERED = """() => [...document.querySelectorAll(
    '.chip, .banner, .bubble, .button, .card, .dot, .meter i, .steps li, .seat, .wait-bar')]
  .filter((e) => e.checkVisibility() && !e.matches('.gone *') && getComputedStyle(e).borderTopStyle === 'none')
  .map((e) => e.outerHTML.slice(0, 120))"""
"""Marks that would be gone where backgrounds are not drawn."""
MARKS = """() => [...document.querySelectorAll('.chip, .banner, .result, .dot, .fact.good, .fact.wary, .seat')]
  .filter((e) => e.checkVisibility()).map((e) => {
    const look = getComputedStyle(e), plain = (node) => node.textContent.replace(/\\s+/g, ' ').trim();
    const icon = [...e.children].find((c) => c.matches('svg')), shape = icon?.innerHTML ?? '';
    return { words: plain(e) || plain(e.parentElement), shape, hollow: look.backgroundColor === 'rgba(0, 0, 0, 0)',
      colours: `${getComputedStyle(icon ?? e).color} ${look.backgroundColor}`, kind: e.classList[0] }; })"""
"""What says how something stands: its words, its icon, its colours."""


DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


def faults_of(page: Page, *, thumbs: bool) -> list[str]:
    """What does not fit, each with the look it has there. `thumbs`: it is a patient's, who taps."""
    found: list[str] = []
    browser = page.context.new_cdp_session(page)

    def letters(percent: int) -> None:
        """As somebody sets them in their browser who reads large ones better."""
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * percent // 100}})
        page.evaluate(DRAWN)

    for (width, height), percent in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        letters(percent)
        for fault, question in (("sideways", TOO_WIDE), ("cut", CUT), *[("small", SMALL_TARGETS)] * thumbs):
            found += [f"{fault}, {width} x {height}, {percent} %: {what}" for what in page.evaluate(question)]
    browser.detach()
    found += [f"moves: {what}" for what in page.evaluate(MOVES)]
    page.emulate_media(forced_colors="active")
    found += [f"no border: {what}" for what in page.evaluate(UNBORDERED)]
    page.emulate_media(forced_colors="none")
    return found


def colour_alone(marks: list[dict[str, Any]]) -> list[str]:
    """Marks that would be told apart by their colours only: in grey they are the same, or say nothing at all."""
    silent = [f"a {mark['kind']} without words" for mark in marks if not mark["words"]]
    seen: dict[tuple[object, ...], set[str]] = {}
    for mark in marks:
        grey = (mark["kind"], mark["words"], mark["shape"], mark["hollow"])
        seen.setdefault(grey, set()).add(mark["colours"])
    return silent + [f"{grey[0]} {grey[1]!r} in {colours}" for grey, colours in seen.items() if len(colours) > 1]
