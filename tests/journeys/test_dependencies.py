"""The database answers, but with trouble: a clean refusal, nothing of it stays, and trying again works."""

from uuid import uuid4

import asyncpg
import pytest

from bedside.store import Database, DatabaseForgets, refuse_forgetful
from clinic import Clinic
from conftest import PASSWORDS

TROUBLE = """
create or replace function trouble() returns trigger language plpgsql as
$$ begin raise exception 'a line that quotes Amara' using errcode = '{code}'; end $$
"""
REFUSED = {
    "40001": (503, "busy"),  # serialization failure
    "40P01": (503, "busy"),  # deadlock
    "55P03": (503, "busy"),  # a lock was not to be had in time
    "53100": (503, "unavailable"),  # disk full
    "53200": (503, "unavailable"),  # out of memory
    "57014": (503, "unavailable"),  # the statement took too long
    "58030": (503, "unavailable"),  # the disk fails
    "25006": (503, "unavailable"),  # only reading now
}


async def test_trouble_is_refused_cleanly_and_passes(clinic: Clinic) -> None:
    """Each kind of trouble in the middle of a message: no row, no entry, no quote; then the same key does it once."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await amara.do(visit, "grant")
    for said, (code, (status, slug)) in enumerate(REFUSED.items()):
        await clinic.owner.execute(TROUBLE.format(code=code))
        await clinic.owner.execute("create trigger trouble before insert on message execute function trouble()")
        key, body = uuid4().hex, {"content": f"Number {code}"}
        answer = await amara.raw("POST", f"/consultations/{visit}/messages", body, key=key)
        assert (answer.status_code, answer.json()["type"]) == (status, slug), code
        assert "quotes" not in answer.text
        assert await clinic.owner.fetchval("select count(*) from message") == said
        await clinic.owner.execute("drop trigger trouble on message")
        assert (await amara.raw("POST", f"/consultations/{visit}/messages", body, key=key)).status_code == 201
    sent = [action for action in await clinic.actions() if action == "SEND_MESSAGE"]
    assert len(sent) == len(REFUSED) == await clinic.owner.fetchval("select count(*) from message")


@pytest.mark.slow
async def test_a_database_that_is_full_or_only_reads(clinic: Clinic) -> None:
    """No connection to be had; later one that takes no writes. 503, never an empty list, and well again by itself."""
    osei, owner = await clinic.provider(), clinic.owner
    name = await owner.fetchval("select current_database()")
    away = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'bedside_app'"

    async def status(method: str, path: str, body: object = None) -> int:
        return (await osei.raw(method, path, body)).status_code

    try:
        await owner.execute("alter role bedside_app connection limit 0")
        await owner.execute(away)
        assert {await status("GET", "/waiting-room") for _ in range(3)} == {503}
    finally:
        await owner.execute("alter role bedside_app connection limit -1")
    assert 200 in [await status("GET", "/waiting-room") for _ in range(12)]
    try:
        await owner.execute(f"alter database {name} set default_transaction_read_only = on")
        await owner.execute(away)
        assert {await status("PUT", "/availability", {"status": "away"}) for _ in range(3)} == {503}
    finally:
        await owner.execute("set default_transaction_read_only = off")
        await owner.execute(f"alter database {name} reset default_transaction_read_only")
    await owner.execute(away)
    assert 204 in [await status("PUT", "/availability", {"status": "away"}) for _ in range(12)]


ROLES = ("bedside_app", "bedside_sequencer", "bedside_timekeeper")


@pytest.mark.parametrize("role", ROLES)
async def test_a_database_that_forgets_is_refused(database: str, role: str) -> None:
    """What would lose an answered request in a crash is found at the start, also where it hides in a role."""
    owner = await asyncpg.connect(database)
    for each in ROLES:  # the tests' own cluster does not wait for its disk, so here every role says that it does
        await owner.execute(f"alter role {each} set synchronous_commit = on")
    pools = await Database.connect(database, PASSWORDS)
    try:
        with pytest.raises(DatabaseForgets) as refused:
            await refuse_forgetful(pools)
        assert "fsync is off for bedside_app" in str(refused.value)
        assert "synchronous_commit" not in str(refused.value)
        await owner.execute(f"alter role {role} set synchronous_commit = off")
        for pool in (pools.app, pools.sequencer, pools.timekeeper):
            await pool.expire_connections()
        with pytest.raises(DatabaseForgets, match=f"synchronous_commit is off for {role}"):
            await refuse_forgetful(pools)
    finally:
        for each in ROLES:
            await owner.execute(f"alter role {each} reset synchronous_commit")
        await pools.close()
        await owner.close()
