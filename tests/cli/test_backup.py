"""A clinic taken to another place and brought back there: whole, dead keys still dead, and never over another one."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from bedside import app, backup, founding
from bedside.backup import BackupRefused
from bedside.care import people
from bedside.care.people import Name
from bedside.config import Settings
from bedside.crypto.held import KeyDestroyed
from bedside.ground import ground
from bedside.journal import House, Work
from bedside.kernel import Actor
from bedside.realtime import SystemClock
from bedside.store.embedded import lodging

pytestmark = pytest.mark.slow
PLAN = founding.Plan(
    name="Harbour Street Clinic", zone="Europe/Vienna", jurisdiction="AT", languages=("en",), emergency_number="112",
    department="General practice", administrator="Ada Brandt",
)  # fmt: skip


def bedside(*words: str) -> subprocess.CompletedProcess[str]:
    """The command, as an operator types it."""
    command = [sys.executable, "-m", "bedside.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@asynccontextmanager
async def open_house(data: Path) -> AsyncIterator[tuple[House, asyncpg.Connection]]:
    """The clinic in this folder, and the owner's look into its database."""
    async with ground(Settings(data=data)) as below:
        owner = await asyncpg.connect(below.dsn)
        try:
            yield app.furnish(below.database, below.keystore, SystemClock()), owner
        finally:
            await owner.close()


async def register(house: House, org: UUID, given: str) -> tuple[UUID, UUID]:
    """Somebody on the books: their id, and the key of their record."""
    id = Work(house, Actor.system(org)).new_id()
    key = await house.vault.mint(org, "patient", id, "record")
    async with Work(house, Actor.system(org)) as work:
        await people.register_patient(
            work, id=id, record_key=key, name=Name(given, "Petrova"), born=date(1970, 4, 8), language="en"
        )
    return id, key


async def name_of(house: House, org: UUID, patient: UUID) -> str:
    """As staff read it."""
    async with Work(house, Actor.system(org)) as work:
        row = (await people.cards(work, [patient]))[patient]
        under = await work.disclose([patient], purpose="HOPERAT")
    return (await people.open_card(work, row, under=under)).name.given


async def test_a_clinic_is_copied_while_it_runs_and_brought_back_elsewhere(tmp_path: Path):
    old, new, root = tmp_path / "old", tmp_path / "new", tmp_path / "root.key"
    copies = [tmp_path / "copies" / day for day in ("monday", "tuesday")]
    try:
        async with open_house(old) as (house, owner):
            await founding.found(house, PLAN)
            org = UUID(str(await owner.fetchval("select org from organization")))
            elena, _ = await register(house, org, "Elena")
            mei, forgotten = await register(house, org, "Mei")
            era = await owner.fetchval("select era from journal_head")
            monday = bedside("backup", str(copies[0]), "--embedded", "--data", str(old))
            assert monday.returncode == 0, monday.stdout + monday.stderr
            keystore = house.vault.keystore
            await keystore.destroy(forgotten, datetime.now(UTC))
            tuesday = bedside("backup", str(copies[1]), "--embedded", "--data", str(old))
            assert tuesday.returncode == 0, tuesday.stdout + tuesday.stderr
        root.write_bytes((old / "keystore/root.key").read_bytes())
        assert not list(tmp_path.glob("copies/*/root.key"))

        # Monday's copy, restored on Wednesday: whom we forgot on Tuesday stays forgotten.
        back = bedside("restore", str(copies[0]), "--embedded", "--data", str(new), "--root-key", str(root))
        assert back.returncode == 0, back.stdout + back.stderr
        assert "1 that had been destroyed since" in re.sub(r"\s+", " ", back.stdout)
        async with open_house(new) as (house, owner):
            assert await name_of(house, org, elena) == "Elena"
            with pytest.raises(KeyDestroyed):
                await name_of(house, org, mei)
            assert await owner.fetchval("select era from journal_head") != era
            owners = await owner.fetch(
                "select distinct pg_get_userbyid(proowner) as who from pg_proc"
                " where pronamespace = 'public'::regnamespace and prosecdef"
            )
            assert [row["who"] for row in owners] == ["bedside_definer"]
        again = bedside("restore", str(copies[0]), "--embedded", "--data", str(new), "--root-key", str(root))
        assert again.returncode == 2 and "is there already" in again.stdout
    finally:
        for data in (old, new):
            lodging.discard(data)


def test_a_copy_that_was_touched_is_not_restored(tmp_path: Path):
    for name in (backup.DUMP, backup.KEYS, backup.DEAD):
        (tmp_path / name).write_bytes(name.encode())
    sums = {name: backup._sum(tmp_path / name) for name in (backup.DUMP, backup.KEYS, backup.DEAD)}
    manifest = {"madeAt": "2026-03-16T09:00:00Z", "postgres": 15, "schema": 1, "sha256": sums}
    (tmp_path / backup.MANIFEST).write_text(json.dumps(manifest))
    assert backup.check(tmp_path).schema == 1
    for name in sums:
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[:-1] + b"?")
        with pytest.raises(BackupRefused, match="not what was written"):
            backup.check(tmp_path)
        (tmp_path / name).write_bytes(whole)
    (tmp_path / backup.MANIFEST).write_text(json.dumps(manifest | {"schema": 9999}))
    with pytest.raises(BackupRefused, match="newer Bedside"):
        backup.check(tmp_path)
    (tmp_path / backup.MANIFEST).unlink()
    with pytest.raises(BackupRefused, match="no whole backup"):
        backup.check(tmp_path)
