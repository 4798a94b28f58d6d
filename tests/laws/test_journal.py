"""Law 11. After every journey the journal is gap-free, spelled canonically, and its leaves recompute."""

import hashlib
import json
from typing import Any

import pytest

from bedside.care import consultation
from bedside.journal import Work
from bedside.kernel import Role
from care.hands import member_of, value
from clinic import DEVICE, WHERE, Clinic, Person, problem

SAID = 'Größe 2 · “so so” 🙂 \\ " / \u2028 end'


def faults(rows: list[dict[str, Any]]) -> list[str]:
    """What an auditor with nothing but the rows would object to."""
    found: list[str] = []
    for expected, row in enumerate(rows, start=1):
        entry = json.loads(row["entry"])
        if row["n"] != expected:
            found.append(f"gap before {row['n']}")
        if row["leaf"] != hashlib.sha256(b"\x00" + row["entry"]).digest():
            found.append(f"{row['n']}: the leaf is not the entry's")
        spelled = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        if spelled.encode() != row["entry"]:
            found.append(f"{row['n']}: spelled another way")
        told = (entry["id"], entry["kind"], entry["action"], entry["actor"]["id"], entry["actor"]["role"])
        if told != (str(row["id"]), row["kind"], row["action"], str(row["actor"]), row["as_role"]):
            found.append(f"{row['n']}: the columns say something else than the entry")
        if (entry["patient"], entry["consultation"]) != tuple(
            row[c] and str(row[c]) for c in ("patient", "consultation")
        ):
            found.append(f"{row['n']}: about somebody else")
    return found


async def a_journey(clinic: Clinic) -> tuple[Person, Person]:
    amara, osei = await clinic.patient("Zoë “Z” Å", "O'Neil-Ødegård"), await clinic.provider("Dr. Ünal \\ 李")
    visit = await clinic.in_progress(amara, osei)
    for person in (amara, osei):
        await person.do(visit, "grant")
        await person.do(visit, "messages", {"content": SAID})
    with problem("not-your-part"):
        await amara.do(visit, "end")
    await osei.do(visit, "send-back", {"reason": "technical"})
    await amara.do(visit, "cancel", {"reason": "other"})
    await amara.do(visit, "reschedule", WHERE)
    await amara.do(visit, "device-check", DEVICE)
    await clinic.later(minutes=90)
    return amara, osei


async def test_the_journal_is_gap_free_and_recomputes(clinic: Clinic) -> None:
    await a_journey(clinic)
    rows = await clinic.journal()
    assert len(rows) > 30
    assert faults(rows) == []
    assert await clinic.owner.fetchval("select n from journal_head where org = $1", clinic.org) == len(rows)
    assert await clinic.owner.fetchval("select count(*) from journal_pending") == 0


async def test_the_auditor_notices(clinic: Clinic) -> None:
    """The control: a row dropped, a row changed, two rows exchanged, a spelling altered."""
    await a_journey(clinic)
    rows = await clinic.journal()
    assert faults(rows[:5] + rows[6:])
    assert faults([*rows[:5], rows[6], rows[5], *rows[7:]])
    changed = rows[5] | {"entry": rows[5]["entry"].replace(b"2026", b"2025", 1)}
    assert faults([*rows[:5], changed, *rows[6:]]) == ["6: the leaf is not the entry's"]
    spaced = rows[5]["entry"].replace(b'":"', b'": "', 1)
    resealed = rows[5] | {"entry": spaced, "leaf": hashlib.sha256(b"\x00" + spaced).digest()}
    assert faults([*rows[:5], resealed, *rows[6:]]) == ["6: spelled another way"]


async def test_each_organization_counts_for_itself_and_each_batch_goes_on(clinic: Clinic) -> None:
    await clinic.journal()
    before = await value(clinic, "select n from journal_head where org = $1", clinic.org)
    for name in ("One", "Two", "Three"):
        await member_of(clinic, name, Role.FRONT_DESK, clinic.department)
        await clinic.running.sequencer.number()
    rows = await clinic.journal()
    assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > before


async def test_what_is_rolled_back_leaves_no_gap(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)

    async def die() -> None:
        async with Work(clinic.house, clinic.system) as work:
            await consultation.give_up(work, visit)
            raise RuntimeError("the process dies here")

    for _ in range(3):
        with pytest.raises(RuntimeError):
            await die()
    await osei.do(visit, "give-up")
    rows = await clinic.journal()
    assert faults(rows) == []
    assert [row["action"] for row in rows].count("GIVE_UP") == 1
