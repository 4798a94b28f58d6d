"""Processes share a keystore; any of them may be killed at any moment; nothing acknowledged is lost."""

import os
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bedside.crypto import KeyDestroyed, SqliteKeystore

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize("acknowledged", [1, 2, 17, 60, 150])
async def test_a_key_that_was_acknowledged_outlives_kill_9(
    folder: Path, org: UUID, child: list[str], child_environ: dict[str, str], acknowledged: int
):
    minter = subprocess.Popen([*child, "mint", str(org), "100000"], stdout=subprocess.PIPE, env=child_environ)
    assert minter.stdout is not None
    told = [minter.stdout.readline() for _ in range(acknowledged)]
    os.kill(minter.pid, signal.SIGKILL)
    told += minter.stdout.readlines()  # what it still said before it fell
    assert minter.wait() == -signal.SIGKILL
    minter.stdout.close()
    ids = [UUID(line.decode().strip()) for line in told if line.endswith(b"\n")]
    async with SqliteKeystore(folder, environ={}) as keystore:
        assert len(ids) >= acknowledged
        assert len(await keystore.load_many(ids)) == len(set(ids)) == len(ids)
        assert (await keystore.check(thorough=True)).sound


@pytest.mark.parametrize("at", range(1, 7))
async def test_a_first_start_that_dies_half_way_is_taken_up(
    folder: Path, org: UUID, child: list[str], child_environ: dict[str, str], at: int
):
    died = subprocess.run([*child, "start_and_die", str(at)], env=child_environ, timeout=60)
    assert died.returncode == 9, "there are fewer steps than this: take the last case away"
    async with SqliteKeystore(folder, environ={}) as keystore:
        await keystore.found(org)
        key_id = await keystore.mint(org, "patient", uuid4(), "record")
    async with SqliteKeystore(folder, environ={}) as keystore:
        await keystore.load(key_id)
    assert not (folder / "root.key.new").exists()


def test_there_are_no_more_steps_than_were_tried(child: list[str], child_environ: dict[str, str]):
    lived = subprocess.run([*child, "start_and_die", "7"], env=child_environ, timeout=60)
    assert lived.returncode == 0


def test_many_first_starts_at_once_agree_on_one_root_key(child: list[str], child_environ: dict[str, str]):
    starting = [subprocess.Popen([*child, "start"], stdout=subprocess.PIPE, env=child_environ) for _ in range(5)]
    said = [one.communicate(timeout=60)[0] for one in starting]
    assert [one.returncode for one in starting] == [0] * 5
    assert len(set(said)) == 1
    assert said[0]


async def test_two_processes_mint_at_the_same_time(
    keystore: SqliteKeystore, org: UUID, child: list[str], child_environ: dict[str, str]
):
    other = subprocess.Popen([*child, "mint", str(org), "200"], stdout=subprocess.PIPE, env=child_environ)
    mine = [await keystore.mint(org, "visit", f"mine {n}", "record") for n in range(200)]
    told, _ = other.communicate(timeout=60)
    theirs = [UUID(line) for line in told.decode().split()]
    assert other.returncode == 0
    assert len(await keystore.load_many(mine + theirs)) == 400


async def test_what_one_process_destroys_the_other_cannot_load(
    keystore: SqliteKeystore, org: UUID, child: list[str], child_environ: dict[str, str]
):
    key_id = await keystore.mint(org, "patient", uuid4(), "record")
    await keystore.load(key_id)
    subprocess.run([*child, "destroy", str(key_id)], env=child_environ, check=True, timeout=60)
    with pytest.raises(KeyDestroyed):
        await keystore.load(key_id)


async def test_two_askers_get_the_same_standing_key(folder: Path, org: UUID):
    async with SqliteKeystore(folder, environ={}) as here, SqliteKeystore(folder, environ={}) as there:
        await here.found(org)
        for month in range(20):
            mine = await here.standing(org, "month", str(month), "network")
            assert await there.standing(org, "month", str(month), "network") == mine


def test_forked_workers_repeat_no_nonce(child: list[str], child_environ: dict[str, str]):
    done = subprocess.run(
        [*child, "nonces", "4", "5000"], env=child_environ, capture_output=True, check=True, timeout=120
    )
    nonces = done.stdout.split()
    assert len(nonces) == len(set(nonces)) == 20_001
