"""A clinic with its doors open, and a browser to come with. Whatever a browser complains of fails the test."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from browser.house import OpenHouse, open_house
from browser.people import Laptop, Phone, Screen, real_chromium
from conftest import PASSWORDS


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[OpenHouse]:
    """The invented clinic, half past ten in the morning."""
    async with open_house(database, tmp_path / "data", PASSWORDS) as opened:
        yield opened


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A real browser."""
    async with real_chromium() as browser:
        yield browser


class Cast:
    """Who takes part in a test."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.screens: list[Screen] = []

    async def phone(self, **how: Any) -> Phone:
        """A patient's."""
        self.screens.append(screen := await Phone.of(self.browser, **how))
        return screen

    async def laptop(self, **how: Any) -> Laptop:
        """A colleague's."""
        self.screens.append(screen := await Laptop.of(self.browser, **how))
        return screen


@pytest.fixture
async def cast(chromium: Browser) -> AsyncIterator[Cast]:
    """Phones and laptops as they are needed; none of them had anything to complain of."""
    people = Cast(chromium)
    yield people
    assert [complaint for screen in people.screens for complaint in screen.complaints] == []
