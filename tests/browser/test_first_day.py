"""From an empty folder to a first visit: nobody is invented, nothing is there that somebody did not bring."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from browser.people import Cast, Laptop, Phone
from trials.machine import Machine

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLINIC, ADA, INES, ELENA = "Harbour Street Clinic", "Ada Brandt", "Dr. Ines Duarte", "Elena Petrova"
TEXT = {"en": "You and the clinician see and hear each other.", "es": "Usted y el médico se ven y se oyen."}


def bedside(*words: str) -> subprocess.CompletedProcess[str]:
    """The command, as an operator types it."""
    command = [sys.executable, "-m", "bedside.cli", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "COLUMNS": "200"}
    )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A data folder that is not there yet, and the address at which it will be served."""
    machine = Machine(tmp_path / "clinic")
    yield machine
    machine.discard()


def init(machine: Machine) -> subprocess.CompletedProcess[str]:
    said = {
        "name": CLINIC, "zone": "America/New_York", "jurisdiction": "US-NY", "emergency-number": "911",
        "department": "General practice", "administrator": ADA, "languages": "en,es", "address": machine.url,
    }  # fmt: skip
    options = [part for name, value in said.items() for part in (f"--{name}", value)]
    return bedside("init", "--embedded", "--data", str(machine.data), *options)


async def link_on(page: Page) -> str:
    """The link that the page shows this once."""
    await expect(page.locator("#link")).to_be_visible()
    return await page.locator("#link").input_value()


async def sets_up(ada: Laptop, link: str) -> str:
    """The text that patients agree to, and a clinician: her link."""
    await ada.page.goto(link)
    await ada.taps("staff-link.open")
    await ada.page.wait_for_url("**/clinic")
    await expect(ada.page.locator("h1")).to_have_text(CLINIC)
    await ada.sees("clinic.first")
    for language, words in TEXT.items():
        await ada.page.locator(f"#telehealth-{language}").fill(words)
    await ada.page.locator("#telehealth button").click()
    await ada.sees("clinic.in-use", n=1)
    await expect(ada.page.get_by_text(ada.t("clinic.first"), exact=True)).to_have_count(0)
    found = (await Axe().run(ada.page, options={"resultTypes": ["violations"]})).response
    assert found["passes"] and [fault["id"] for fault in found["violations"]] == []
    await ada.page.locator("#staff-name").fill(INES)
    await ada.page.locator("#role").select_option("provider")
    await ada.page.locator("#specialty").fill("General practice")
    await ada.taps("clinic.invite-do")
    return await link_on(ada.page)


async def adds_a_visit(ada: Laptop) -> str:
    """Somebody new, here now: her link."""
    page = ada.page
    await page.goto(page.url.partition("/clinic")[0] + "/desk")
    await ada.taps("desk.add")
    await page.locator("#family").fill("Petrova")
    await ada.taps("people.find")
    for field, words in (("given", "Elena"), ("birth_date", "1970-04-08"), ("phone", "555 0199 20")):
        await page.locator(f"#new-{field}").fill(words)
    await ada.taps("people.register")
    await expect(page.locator("h1")).to_have_text(ELENA)
    await ada.taps("plan.now-do")
    await page.wait_for_url("**/desk/visits/*")
    await ada.taps("plan.link")
    await ada.taps("plan.link-do")
    return await link_on(page)


async def test_a_clinic_begins_with_nothing_and_sees_its_first_patient(machine: Machine, cast: Cast):
    founded = init(machine)
    assert founded.returncode == 0, founded.stdout + founded.stderr
    link = re.search(rf"{machine.url}/s/[\w-]{{43}}", founded.stdout)
    assert link
    again = init(machine)
    assert again.returncode == 2 and f"There is a clinic here already: {CLINIC}." in again.stdout

    machine.start()
    await machine.ready()
    ada, ines, elena = await cast.laptop(), await cast.laptop(), await cast.phone()
    invited = await sets_up(ada, link[0])
    await ines.signs_in(invited)
    await ines.becomes("available")
    await elena.checks_in(await adds_a_visit(ada))
    await ines.calls_in(ELENA)
    await elena.title("ready.title", who=INES)
    await elena.taps("ready.go-in")
    await _talk(elena, ines)

    renewed = bedside("links", "--data", str(machine.data))
    assert renewed.returncode == 0 and re.search(rf"{ADA}\s+{machine.url}/s/[\w-]{{43}}", renewed.stdout)


async def _talk(elena: Phone, ines: Laptop) -> None:
    await elena.writes("My knee hurts.")
    await expect(ines.bubble("My knee hurts.")).to_have_count(1)
    await ines.writes("Since when?")
    await expect(elena.bubble("Since when?")).to_have_count(1)
