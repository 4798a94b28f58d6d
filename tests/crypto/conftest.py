"""A keystore in a folder of its own, and what an attacker with its files can see."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

import bedside
from bedside.crypto import SqliteKeystore
from crypto.burglar import Burglar


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keystore"


@pytest.fixture
def org() -> UUID:
    return uuid4()


@pytest_asyncio.fixture
async def keystore(folder: Path, org: UUID) -> AsyncIterator[SqliteKeystore]:
    async with SqliteKeystore(folder, environ={}) as opened:
        await opened.found(org)
        yield opened


@pytest.fixture
def burglar(folder: Path) -> Burglar:
    return Burglar(folder)


@pytest.fixture
def child(folder: Path) -> list[str]:
    """The command line of another process at the same keystore: add what it is to do."""
    return [sys.executable, str(Path(__file__).with_name("another_process.py")), str(folder)]


@pytest.fixture
def child_environ() -> dict[str, str]:
    source = str(Path(bedside.__file__).parent.parent)
    return {"PYTHONPATH": source, "PATH": os.environ.get("PATH", "")}
