"""How soon a clinician sees who has come: measured, thirty times and more, and only said. Load is not judged here."""

import statistics
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import NUMBER, PLACE, Cast, Laptop, Phone

pytestmark = pytest.mark.browser
TIMES = 32
NOW = "performance.timeOrigin + performance.now()"
WATCH = f"""window.shown = {{}}; new MutationObserver(() => {{
  for (const row of document.querySelectorAll('[data-row]')) shown[row.dataset.key] ??= {NOW};
}}).observe(document, {{ childList: true, subtree: true }})"""
"""Notes when each row is first in the clinician's page."""
TAP = f"addEventListener('click', () => {{ window.tapped = {NOW}; }}, true)"
"""Notes when the patient taps."""


async def test_how_soon_a_clinician_sees_who_has_come(house: OpenHouse, cast: Cast, capsys: pytest.CaptureFixture[str]):
    osei, phone = await cast.laptop(), await cast.phone()
    await osei.context.add_init_script(WATCH)
    await phone.context.add_init_script(TAP)
    await osei.signs_in(house.links["provider"])
    took: list[float] = []
    async with httpx.AsyncClient(base_url=f"{house.base}/api/v1") as http:
        link = await house.newcomer("Ada", "Quick")
        ada = await Ada.comes_in(http, link)
        await phone.opens(link, born=("1", "6", "1960"))
        for _ in range(TIMES):
            took.append(await _from_tap_to_row(phone, osei))
            await ada.comes_again()
            await expect(osei.page.locator("[data-row]")).to_have_count(0)
    took.sort()
    with capsys.disabled():
        middle, late = statistics.median(took), took[int(len(took) * 0.95)]
        print(
            f"\n  from tap to screen, {len(took)} times: p50 {middle:.0f} ms, p95 {late:.0f} ms, most {took[-1]:.0f} ms"
        )


@dataclass(slots=True)
class Ada:
    """A patient who comes as far as the device check by the API, which is quicker than by hand."""

    http: httpx.AsyncClient
    token: str
    visit: str

    @classmethod
    async def comes_in(cls, http: httpx.AsyncClient, link: str) -> "Ada":
        session = (await http.post("/sessions", json={"link": link.rpartition("/")[2]})).raise_for_status().json()
        ada = cls(http, session["token"], session["consultation"])
        patient = (await ada.ask("GET", f"/consultations/{ada.visit}"))["patient"]
        text = await ada.ask("GET", "/consent-texts/telehealth")
        yes = {"type": "telehealth", "granted": True, "textSha256": text["sha256"]}
        await ada.ask("POST", f"/patients/{patient}/consents", yes)
        await ada.do("check-in", {"place": PLACE, "callback": NUMBER})
        return ada

    async def comes_again(self) -> None:
        """Cancels, and comes after all: before the device check once more."""
        await self.do("cancel", {"reason": "technical"})
        await self.do("reschedule", {"place": PLACE, "callback": NUMBER})

    async def do(self, verb: str, body: dict[str, Any]) -> None:
        await self.ask("POST", f"/consultations/{self.visit}/{verb}", body)

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": uuid4().hex}
        return (await self.http.request(method, path, json=body, headers=headers)).raise_for_status().json()


async def _from_tap_to_row(phone: Phone, osei: Laptop) -> float:
    """Milliseconds between two moments of one machine's clock."""
    await phone.title("device.title")
    await osei.page.evaluate("shown = {}")
    await phone.skips("not-now")
    await expect(osei.row("Ada Quick")).to_be_visible()
    (shown,) = (await osei.page.evaluate("shown")).values()
    return float(shown) - float(await phone.page.evaluate("tapped"))
