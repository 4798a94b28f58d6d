"""The five minutes of the README, taken word for word: `bedside demo` as a newcomer starts it, in a real Chromium."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from bedside.invented import ZONE

Seen = TypeVar("Seen")
ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
]
WINDOW = {"Amara": "ordinary", "Dr. Osei": "private", "The desk": "private"}
LINK = {"first": "patient", "second": "patient2", "third": "provider", "fourth": "desk"}
WORDS = re.compile(r"open the (\w+) link|In the row of \*([^*]+)\*|\*\*([^*]+)\*\*|\*([^*]+)\*|`([^`]+)`")
PRESSED = "button, a, summary, label"
PASSING = re.compile(r"context was destroyed|not attached|Timeout 2000ms")
"""What a browser says of something that was there a moment ago."""
# What can be pressed and says so, looked for in one go: the page goes on changing. What a person reads on a button are
# not the words for those who cannot see it, nor the key beside it, nor the hint below.
FIND = """(here, [kinds, words]) => {
    const read = element => {
        const copy = element.cloneNode(true);
        copy.querySelectorAll('.unseen, kbd, .quiet').forEach(part => part.remove());
        // A picture alone says what it says to those who cannot see it.
        return (copy.textContent.trim() || element.textContent).replace(/\\s+/g, ' ').trim();
    };
    const can = [...here.querySelectorAll(kinds)].filter(one => one.checkVisibility() && !one.disabled);
    return can.find(one => read(one) === words) ?? can.find(one => read(one).startsWith(words)) ?? null;
}"""


@dataclass(frozen=True)
class Step:
    """One numbered line of the tour: who, and what they do and see, in order."""

    number: int
    who: str
    text: str


def steps() -> list[Step]:
    """The tour as the README tells it."""
    tour = re.search(r"<!-- tour:.*?-->(.*?)<!-- /tour -->", (ROOT / "README.md").read_text(), re.DOTALL)
    assert tour, "the README has no tour"
    return [
        Step(int(number), who, text)
        for number, who, text in re.findall(r"^(\d+)\. ([^:]+): (.+)$", tour[1], re.MULTILINE)
    ]


class Traveller:
    """Does what a step says, on one page."""

    def __init__(self, page: Page, links: dict[str, str]) -> None:
        self.page = page
        self.links = links
        self.here: Locator = page.locator("body")
        self.field = ""

    def take(self, step: Step) -> None:
        """Every word of it that is pressed, seen or typed."""
        self.here = self.page.locator("body")
        for link, row, press, see, type_ in WORDS.findall(step.text):
            if link:
                self.page.goto(self.links[LINK[link]])
            elif row:
                self.here = self.page.locator("[data-row]").filter(has_text=row)
            elif press:
                self.press(press)
            elif see:
                self.see(see)
            else:
                self.here.get_by_label(self.field).fill(type_)

    def see(self, words: str) -> None:
        """The screen says it, at the latest in a few seconds."""
        self.field = words
        self.soon(lambda: words in self.read(), f"the screen never said {words!r}")

    def press(self, words: str) -> None:
        """Exactly this, else whatever begins with it."""
        self.soon(lambda: self.pressed(words), f"nothing to press says {words!r}")

    def pressed(self, words: str) -> bool:
        """Whether that could be pressed."""
        found = self.here.evaluate_handle(FIND, [PRESSED, words]).as_element()
        if found:
            found.click(timeout=2000)
        return found is not None

    def read(self) -> str:
        """All that is on the screen."""
        return " ".join(self.page.locator("body").inner_text().split())

    def soon(self, look: Callable[[], Seen | None], otherwise: str) -> Seen:
        """What there is to see within ten seconds. A page that goes away while it is read is looked at again."""
        until = time.monotonic() + 10
        while True:
            try:
                if seen := look():
                    return seen
            except PlaywrightError as gone:
                if not PASSING.search(str(gone)):
                    raise
            assert time.monotonic() < until, f"{otherwise}; it says: {self.read()}"
            self.page.wait_for_timeout(50)


@pytest.mark.browser
def test_the_tour_can_be_taken_as_it_is_written(links: dict[str, str]):
    tour = steps()
    assert [step.number for step in tour] == list(range(1, len(tour) + 1)) and {s.who for s in tour} == set(WINDOW)
    now = datetime.now(ZoneInfo(ZONE))
    # Within half an hour of the clinic's midnight Mei's visit is tomorrow's, and not on the desk's list of today.
    late = (now + timedelta(minutes=30)).date() != now.date()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        windows: dict[str, BrowserContext] = {
            "ordinary": browser.new_context(viewport={"width": 390, "height": 844}),
            "private": browser.new_context(viewport={"width": 1280, "height": 800}),
        }
        travellers = {window: Traveller(context.new_page(), links) for window, context in windows.items()}
        for step in tour:
            if step.who == "The desk" and late:
                continue
            try:
                travellers[WINDOW[step.who]].take(step)
            except Exception as trouble:
                trouble.add_note(f"README, step {step.number}: {step.who}: {step.text}")
                raise
        browser.close()
