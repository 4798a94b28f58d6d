"""Law 5. The table is the database is the diagram, and induces exactly S37–S46 on the queue entry."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from bedside.care.consultation.machine import CONSULTATION
from bedside.care.queue.model import QUEUE_STATUS as SLICES_STATUS
from bedside.store.pool import dsn_as
from care.hands import sqlstate
from clinic import Clinic
from conftest import PASSWORDS
from laws.arrows import ARROWS, QUEUE_ARROWS, QUEUE_STATUS, TERMINAL


def test_the_code_holds_these_arrows_and_no_others() -> None:
    assert {(str(a.source), str(a.target), a.entry) for a in CONSULTATION.arrows} == ARROWS
    assert set(CONSULTATION.states) == {state for arrow in ARROWS for state in arrow[:2]}
    assert len(CONSULTATION.states) == 9
    assert len(CONSULTATION.verbs) == 13


@pytest.mark.spec("S17..S22")
async def test_the_database_holds_the_same(clinic: Clinic) -> None:
    arrows = await clinic.owner.fetch("select from_state, to_state, entry from consultation_arrow")
    assert {tuple(row) for row in arrows} == ARROWS
    states = dict(await clinic.owner.fetch("select state, queue_status from consultation_state"))
    assert states == QUEUE_STATUS | {"scheduled": "scheduled"}
    assert {str(state): status for state, status in SLICES_STATUS.items()} == QUEUE_STATUS


@pytest.mark.spec("S37..S47")
def test_the_arrows_of_the_queue_entry_are_exactly_the_ledgers() -> None:
    induced = {
        (QUEUE_STATUS[before], QUEUE_STATUS[after])
        for before, after, entry in ARROWS
        if entry and before in QUEUE_STATUS and after in QUEUE_STATUS
    }
    assert {arrow for arrow in induced if arrow[0] != arrow[1]} == QUEUE_ARROWS.keys()
    assert len(QUEUE_ARROWS) == 9
    assert not [arrow for arrow in ARROWS if arrow[0] == TERMINAL]


# --- every step of every pair of states, by raw SQL, as the application's own role


async def as_the_application(clinic: Clinic, database: str) -> asyncpg.Connection:
    """What an intruder in the application, or a wrong statement of ours, could send."""
    connection = await asyncpg.connect(dsn_as(database, "bedside_app", PASSWORDS["bedside_app"]))
    await connection.execute(
        "select set_config('bedside.org', $1, false), set_config('bedside.account', $2, false)",
        *(str(clinic.org), "00000000-0000-0000-0000-000000000000"),
    )
    return connection


async def stand(clinic: Clinic, visit: Any, state: str, entry: bool) -> None:
    """Scenery, with the trigger asleep."""
    await clinic.owner.execute("set session_replication_role = replica")
    await clinic.owner.execute(
        "update consultation set state = $2, queue_entry = $3, rank_at = now(), waiting_since = now() where id = $1",
        *(visit, state, uuid4() if entry else None),
    )
    await clinic.owner.execute("set session_replication_role = origin")


@pytest.mark.spec("S47")
async def test_an_illegal_step_is_refused_even_by_hand(clinic: Clinic, database: str) -> None:
    visit = await clinic.book(await clinic.patient(), await clinic.provider())
    connection = await as_the_application(clinic, database)
    standings = [(state, True) for state in QUEUE_STATUS]
    standings += [("scheduled", False), ("cancelled", False), ("no-show", False)]
    tried = 0
    try:
        for before, entry in standings:
            for after in {"scheduled", *QUEUE_STATUS} - {before}:
                await stand(clinic, visit, before, entry)
                legal = (before, after, entry) in ARROWS
                done = await step_by_hand(connection, visit, after)
                assert done == legal, f"{before} → {after} with{'' if entry else 'out'} an entry"
                tried += 1
    finally:
        await connection.close()
    assert tried == 11 * 8


async def step_by_hand(connection: asyncpg.Connection, visit: Any, state: str) -> bool:
    """`update consultation set state = …`; whether the database let it pass."""
    born = ", queue_entry = coalesce(queue_entry, gen_random_uuid())" if state == "checked-in" else ""
    try:
        await connection.execute(f"update consultation set state = $2{born} where id = $1", visit, state)
    except asyncpg.PostgresError as refused:
        if sqlstate(refused) != "BD001":
            raise
        return False
    return True


async def test_an_entry_keeps_its_id_and_a_visit_begins_at_the_beginning(clinic: Clinic, database: str) -> None:
    visit = await clinic.waiting(await clinic.patient(), await clinic.provider())
    connection = await as_the_application(clinic, database)
    try:
        for statement in (
            "update consultation set queue_entry = gen_random_uuid() where id = $1",
            "update consultation set queue_entry = null where id = $1",
            "update consultation_arrow set entry = null where $1::uuid is not null",
            "delete from consultation where id = $1",
        ):
            with pytest.raises(asyncpg.PostgresError) as refused:
                await connection.execute(statement, visit)
            assert sqlstate(refused.value) in ("BD001", "42501"), statement
        with pytest.raises(asyncpg.PostgresError) as refused:
            await connection.execute(
                "insert into consultation (org, id, appointment, patient, department, state, record_key, transient_key)"
                " select org, gen_random_uuid(), gen_random_uuid(), patient, department, 'in-progress', record_key,"
                " transient_key from consultation where id = $1",
                visit,
            )
        assert sqlstate(refused.value) == "BD001"
    finally:
        await connection.close()


async def test_the_entrys_status_is_generated_for_every_state(clinic: Clinic) -> None:
    visit = await clinic.book(await clinic.patient(), await clinic.provider())
    assert await clinic.owner.fetchval("select queue_status from consultation where id = $1", visit) is None
    for state, status in QUEUE_STATUS.items():
        await stand(clinic, visit, state, True)
        assert await clinic.owner.fetchval("select queue_status from consultation where id = $1", visit) == status
