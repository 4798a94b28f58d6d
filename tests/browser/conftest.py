"""A clinic with its doors open, and a browser to come with. Whatever a browser complains of fails the test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from browser.house import OpenHouse, open_house
from browser.people import Cast, real_chromium
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


@pytest.fixture
async def cast(chromium: Browser) -> AsyncIterator[Cast]:
    """Phones and laptops as they are needed; none of them had anything to complain of."""
    people = Cast(chromium)
    yield people
    assert [complaint for screen in people.screens for complaint in screen.complaints] == []
