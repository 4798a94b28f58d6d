"""Marked words go through a real clinic in a process of its own, and then everything it left behind is searched.

Here with fifteen patients; `make soak` does it with more, and with a browser's profile folder.
"""

import json
from pathlib import Path

import asyncpg
import pytest

from bedside.cli.logs import FIELDS
from sweep.artefacts import Sweep, family_of, told_too_much
from sweep.marks import LETTERS, NEEDLES, forms, seen_in
from sweep.scenario import Day, live_through
from trials.fire import inside
from trials.machine import Machine

PATIENTS = 15


def test_a_marked_word_is_found_in_every_form() -> None:
    """Also in the middle of others, and in no text that does not hold it."""
    for name, form in forms(LETTERS).items():
        assert seen_in(b"before" + form + b"after"), name
    assert len(NEEDLES) > 50
    assert not seen_in(Path(__file__).read_bytes())


async def swept(machine: Machine, *, patients: int) -> tuple[Day, Sweep]:
    """A day is lived through, and then all is searched."""
    machine.start()
    await machine.ready()
    async with inside(machine) as clinic:
        day = await live_through(clinic, patients=patients)
        await clinic.owner.execute("checkpoint")
        sweep = Sweep()
        await search(sweep, machine, clinic.owner, day)
    return day, sweep


async def search(sweep: Sweep, machine: Machine, owner: asyncpg.Connection, day: Day) -> None:
    """Every class of artefact."""
    home = (machine.data / "postgres").resolve()
    await sweep.tables("rows", owner)
    sweep.files("the server's log", machine.data / "server.log")
    sweep.files("the database's log", *home.glob("*.log*"))
    sweep.files("the database's files", home / "pgdata" / "base")
    sweep.files("the write-ahead log", home / "pgdata" / "pg_wal")
    sweep.files("the keystore", machine.data / "keystore")
    sweep.processes("processes", machine.pid, *family_of(machine.postmaster))
    sweep.bytes("notices", b"\n".join(day.notices))
    sweep.bytes("refusals", b"\n".join(day.errors))
    sweep.bytes("metrics", (await day.clinic.http.get("/metrics")).content)


async def plant(machine: Machine, owner: asyncpg.Connection, day: Day) -> set[str]:
    """One marked word into each class; the classes."""
    home = (machine.data / "postgres").resolve()
    await owner.execute(f"create table planted as select '{LETTERS}'::text as word")
    await owner.execute("checkpoint")
    for log in (machine.data / "server.log", next(home.glob("*.log")), machine.data / "keystore" / "note"):
        with log.open("ab") as file:
            file.write(LETTERS.encode("utf-16-le"))
    day.notices.append(LETTERS[::-1].encode())
    day.errors.append(LETTERS.encode().hex().encode())
    return {
        "rows: planted.word", "the server's log", "the database's log", "the database's files",
        "the write-ahead log", "the keystore", "processes", "notices", "refusals",
    }  # fmt: skip


@pytest.mark.slow
async def test_nothing_that_was_marked_is_found_outside(tmp_path: Path) -> None:
    """Over a hundred marked words; no hit anywhere, each planted one found, and the log still one event per line."""
    machine = Machine(tmp_path / "data")
    try:
        day, sweep = await swept(machine, patients=PATIENTS)
        print(
            f"\n{len(day.words)} marked words, {len(NEEDLES)} forms, {sweep.read / 1e6:.0f} MB, "
            f"{len(day.errors)} refusals"
        )
        assert len(day.words) >= 100
        assert len(day.errors) > 20 * PATIENTS
        assert seen_in(b"".join(day.answers)) >= {f"plain {LETTERS}"}, "the words did go through the visits"
        assert sweep.found == {}, sweep.where
        whole_lines(machine.data / "server.log")
        owner = await asyncpg.connect(machine.dsn)
        try:
            planted, control = await plant(machine, owner, day), Sweep()
            with told_too_much() as pid:
                await search_again(control, machine, owner, day, pid)
        finally:
            await owner.close()
        assert control.found.keys() == planted
    finally:
        machine.discard()


async def search_again(control: Sweep, machine: Machine, owner: asyncpg.Connection, day: Day, pid: int) -> None:
    """The same search, once something is there to be found."""
    home = (machine.data / "postgres").resolve()
    await control.tables("rows", owner)
    control.files("the server's log", machine.data / "server.log")
    control.files("the database's log", *home.glob("*.log*"))
    control.files("the database's files", home / "pgdata" / "base")
    control.files("the write-ahead log", home / "pgdata" / "pg_wal")
    control.files("the keystore", machine.data / "keystore")
    control.processes("processes", pid)
    control.bytes("notices", b"\n".join(day.notices))
    control.bytes("refusals", b"\n".join(day.errors))


def whole_lines(log: Path) -> None:
    """Each line that looks like an event is one, with known fields only; nobody wrote one of their own."""
    events = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert len(events) > 100
    assert {name for event in events for name in event} <= FIELDS | {"count_left_out"}
    assert "forged" not in {event["event"] for event in events}
    assert "\x1b" not in log.read_text()
