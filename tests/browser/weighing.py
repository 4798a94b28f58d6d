"""What a page costs on the line, and how long until its button can be pressed."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from browser.people import Phone

SLOW = {"offline": False, "downloadThroughput": 12_500, "uploadThroughput": 12_500, "latency": 300}
"""100 kbit/s, and 300 ms there and back: a bad day at the edge of a village."""
GO = "main .button.main"


@dataclass
class Scales:
    """Counts every byte that a page transfers, headers included."""

    bytes: int = 0
    requests: int = 0

    @classmethod
    async def under(cls, page: Page, line: dict[str, Any] | None = None) -> "Scales":
        """Put the page on the scales; `line` makes the network as slow as that."""
        scales, session = cls(), await page.context.new_cdp_session(page)
        session.on("Network.loadingFinished", scales._arrived)
        await session.send("Network.enable")
        if line:
            await session.send("Network.emulateNetworkConditions", line)
        return scales

    def _arrived(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.requests += 1

    def empty(self) -> None:
        self.bytes = self.requests = 0


async def usable(phone: Phone) -> None:
    """The page's one filled button is there, to be seen and to be pressed."""
    await expect(phone.page.locator(GO)).to_be_visible()
    await phone.page.locator(GO).click(trial=True)


async def opened(phone: Phone, link: str) -> float:
    """Seconds from opening the link until its button is usable."""
    began = time.perf_counter()
    await phone.page.goto(link, wait_until="commit")
    await usable(phone)
    return time.perf_counter() - began


async def gone_on(phone: Phone) -> float:
    """Seconds from pressing it until the button of the appointment is usable."""
    began = time.perf_counter()
    await phone.page.locator(GO).click(no_wait_after=True)
    await phone.page.wait_for_url("**/visit/*", wait_until="commit")
    await usable(phone)
    return time.perf_counter() - began
