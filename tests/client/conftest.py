"""A clinic for each test, really open."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conftest import PASSWORDS
from journeys.house import OpenClinic, open_house


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[OpenClinic]:
    async with open_house(database, tmp_path / "data", PASSWORDS) as clinic:
        yield clinic
