"""Two kinds of people with a browser: who is ill holds a phone, who works here sits at a laptop.

Words on buttons come from the catalogue, so that one test reads the same in every language.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    async_playwright,
    expect,
)

from bedside.web import locale

PLACE, NUMBER = "14 Quay Lane, flat 3, Albany", "555 0142 33"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
FLAGS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
NETWORK = re.compile(r"net::ERR_|WebSocket connection to")
"""What a browser says of a line that is down. It is a fault only where there is a line."""
REFUSED = re.compile(r"^Failed to load resource: the server responded")
"""A refusal is told by its answer, which says more."""
LISTEN = """() => { window.notes = []; window.streams = []; window.loudest = 0;
  const Real = window.OscillatorNode, media = MediaDevices.prototype, open = media?.getUserMedia;
  const connect = AudioNode.prototype.connect, ears = new WeakMap();
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode && !ears.has(to)) {
      const ear = new AnalyserNode(to.context, { fftSize: 32768 }), heard = new Float32Array(32768);
      ears.set(to, ear);
      setInterval(() => { ear.getFloatTimeDomainData(heard);
        loudest = heard.reduce((most, one) => Math.max(most, Math.abs(one)), loudest); }, 200);
    }
    if (ears.has(to)) connect.call(this, ears.get(to));
    return connect.call(this, to, ...more); };
  window.OscillatorNode = class extends Real {
    constructor(audio, how) { super(audio, how); notes.push(how.frequency); } };
  if (open) media.getUserMedia = async function (wish) {
    const stream = await open.call(this, wish); streams.push(stream); return stream; }; }"""
"""Keeps what the page plays and films, so that a test hears the bell and sees that the camera is off."""

PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


def program() -> str:
    """The Chromium of this machine, by one of its names."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "there is no Chromium: tools/system-packages installs it"
    return found


@asynccontextmanager
async def real_chromium(home: Path | None = None) -> AsyncIterator[Browser]:
    """A browser with an invented camera and microphone, and nothing else invented. Its trust is kept in `home`."""
    env: dict[str, str | float | bool] = {**os.environ, **({"HOME": str(home)} if home else {})}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=[*FLAGS], env=env)
        try:
            yield browser
        finally:
            await browser.close()


class Screen:
    """One window of somebody, and every complaint it makes."""

    size = PHONE

    def __init__(self, context: BrowserContext, page: Page, lang: str) -> None:
        self.context, self.page, self.lang = context, page, lang
        self.complaints: list[str] = []
        self.has_line = True
        self.expected: set[int] = set()
        page.on("console", self._heard)
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.complaints.append(f"{urlsplit(page.url).path}: {error}"))

    @classmethod
    async def of(cls, browser: Browser, *, lang: str = "en", **how: Any) -> Self:
        """Switch it on, in a language."""
        wanted: dict[str, Any] = {"viewport": cls.size, "permissions": ["camera", "microphone"], **how}
        context = await browser.new_context(**wanted)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(f"({LISTEN})()")
        chosen = {"name": "bedside-language", "value": lang, "domain": "127.0.0.1", "path": "/", "httpOnly": True}
        await context.add_cookies([chosen])  # pyright: ignore[reportArgumentType]
        return cls(context, await context.new_page(), lang)

    def _heard(self, message: ConsoleMessage) -> None:
        known = REFUSED.search(message.text) or (not self.has_line and NETWORK.search(message.text))
        if message.type in ("error", "warning") and not known:
            self.complaints.append(f"{urlsplit(self.page.url).path}: {message.text}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status not in self.expected:
            self.complaints.append(f"{answer.request.method} {urlsplit(answer.url).path}: {answer.status}")

    # --- looking

    def t(self, key: str, **facts: Any) -> str:
        """The words of the catalogue, in this person's language."""
        return str(locale.t(self.lang, key, **facts))

    def button(self, key: str, **facts: Any) -> Locator:
        """What can be tapped under these words."""
        name = re.compile("^" + re.escape(self.t(key, **facts)))
        page = self.page
        found = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
        return found.or_(page.locator("summary").filter(has_text=name)).filter(visible=True)

    async def sees(self, key: str, **facts: Any) -> None:
        """These words are on the screen, at the latest in a moment."""
        await expect(self.page.get_by_text(self.t(key, **facts)).filter(visible=True).first).to_be_visible()

    async def reads(self, words: str) -> None:
        """The same for what somebody wrote."""
        await expect(self.page.get_by_text(words, exact=True).filter(visible=True).first).to_be_visible()

    async def title(self, key: str, **facts: Any) -> None:
        """The page's heading is this."""
        await expect(self.page.locator("h1")).to_have_text(self.t(key, **facts))

    async def hears(self) -> list[float]:
        """The pitches that were played since the page was opened."""
        return list(await self.page.evaluate("notes"))

    async def hears_louder_than(self, level: float) -> None:
        """Sound has come out of this device, with a peak above so many dBFS."""
        await self.page.wait_for_function("(least) => loudest > least", arg=10 ** (level / 20))

    # --- doing

    async def taps(self, key: str, **facts: Any) -> None:
        """Tap what bears these words."""
        await self.button(key, **facts).first.click()

    async def writes(self, words: str) -> None:
        """Say something in the chat."""
        await self.page.locator("#say").fill(words)
        await self.page.locator("#say").press("Enter")

    def bubble(self, words: str) -> Locator:
        """A message in the chat."""
        return self.page.locator(".said").filter(has=self.page.get_by_text(words, exact=True))

    async def loses_the_network(self) -> None:
        """No line, from now on."""
        self.has_line = False
        await self.context.set_offline(True)

    async def is_back(self) -> None:
        """The line is there again."""
        await self.context.set_offline(False)


class Phone(Screen):
    """A patient's screen."""

    async def opens(self, link: str, *, born: tuple[str, str, str] | None = None) -> UUID:
        """Open the link, and tap its one button; a second device says the birth date. The visit it leads to."""
        await self.page.goto(link)
        await self.taps("link.open")
        if born:
            await self.says_born(*born)
        await self.page.wait_for_url("**/visit/*")
        return UUID(self.page.url.rpartition("/")[2])

    async def says_born(self, day: str, month: str, year: str) -> None:
        """Answer what a new device is asked, and open the visit."""
        await self.page.locator("#day").fill(day)
        await self.page.locator("#month").select_option(month)
        await self.page.locator("#year").fill(year)
        await self.taps("link.open")

    async def agrees(self) -> None:
        await self.taps("appointment.start")
        await self.taps("consent.yes")
        await self.title("place.question")

    async def says_where(self, place: str = PLACE) -> None:
        await self.page.locator("#place").fill(place)
        await self.page.locator("#callback").fill(NUMBER)
        await self.taps("place.check-in")
        await self.title("device.title")
        await expect(self.button("device.test")).to_be_visible()

    async def tests_devices(self) -> None:
        await self.taps("device.test")
        for device in ("camera", "microphone", "connection"):
            await expect(self.page.locator(f"[data-step={device}] .result")).to_have_class("result works")

    async def skips(self, reason: str) -> None:
        """Go on without a test, and say why."""
        await self.taps("device.skip")
        await self.page.locator("#reason").select_option(reason)
        await self.takes_a_seat()

    async def takes_a_seat(self) -> None:
        await self.taps("device.continue")
        await self.title("waiting.title")
        assert await self.page.evaluate("streams.every((stream) => !stream.active)")

    async def checks_in(self, link: str) -> UUID:
        """The whole way from the link to the waiting room."""
        visit = await self.opens(link)
        await self.agrees()
        await self.says_where()
        await self.tests_devices()
        await self.takes_a_seat()
        return visit


class Laptop(Screen):
    """A colleague's screen."""

    size = LAPTOP

    async def signs_in(self, link: str) -> None:
        await self.page.goto(link)
        await self.taps("staff-link.open")
        await self.page.wait_for_url(re.compile("/(waiting-room|desk)$"))

    async def becomes(self, status: str) -> None:
        """Say so in the menu at the top."""
        menu = self.page.locator("details[data-key=availability]")
        await menu.locator("summary").click()
        await menu.locator(f"button[value={status}]").click()
        await expect(menu.locator("summary")).to_contain_text(self.t(f"availability.{status}"))

    def row(self, name: str) -> Locator:
        """Somebody who waits, in the list."""
        return self.page.locator("staff-list [data-row]").filter(has=self.page.get_by_role("heading", name=name))

    async def calls_in(self, name: str) -> None:
        """Start, look who it is, and go in."""
        await self.row(name).locator("[data-start]").click()
        sheet = self.page.get_by_role("dialog")
        await expect(sheet.get_by_role("heading")).to_have_text(name)
        await sheet.locator("[data-start-visit]").click()
        await self.page.wait_for_url("**/consultations/*")
        await expect(self.page.locator("h1")).to_have_text(name)


AScreen = TypeVar("AScreen", bound=Screen)


class Cast:
    """Who takes part in a test."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.screens: list[Screen] = []
        self.asked: list[Request] = []
        """Everything that any of them asked for."""

    async def phone(self, **how: Any) -> Phone:
        """A patient's."""
        return self._with(await Phone.of(self.browser, **how))

    async def laptop(self, **how: Any) -> Laptop:
        """A colleague's."""
        return self._with(await Laptop.of(self.browser, **how))

    def _with(self, screen: AScreen) -> AScreen:
        self.screens.append(screen)
        screen.context.on("request", self._asks)
        return screen

    def _asks(self, request: Request) -> None:
        self.asked.append(request)
