"""Two clinics in one house, and neither knows of the other: by what is asked, and by the database itself."""

from typing import Any

import asyncpg
import pytest

from bedside.kernel import SYSTEM_ACCOUNT
from bedside.realtime.clinic import ClinicAuthority
from bedside.store.pool import dsn_as
from care.hands import announced, another_clinic, principal, sqlstate
from clinic import WHERE, Clinic, problem
from conftest import PASSWORDS

NOBODYS = {"consultation_state", "consultation_arrow", "schema_version"}


async def tables(owner: Any) -> list[str]:
    """Every table that holds something of an organization's."""
    rows = await owner.fetch("select tablename from pg_tables where schemaname = 'public' order by tablename")
    return [row["tablename"] for row in rows if row["tablename"] not in NOBODYS]


async def holds_something(owner: Any, table: str) -> bool:
    """Whether there is a row in it."""
    return await owner.fetchval(f'select exists (select from "{table}")')


async def as_role(database: str, role: str, **settings: str) -> asyncpg.Connection:
    """A connection of one of the house's own roles."""
    connection = await asyncpg.connect(dsn_as(database, role, PASSWORDS[role]))
    for name, value in settings.items():
        await connection.execute("select set_config($1, $2, false)", f"bedside.{name}", value)
    return connection


async def test_every_table_belongs_to_organizations_and_is_walled(clinic: Clinic) -> None:
    rows = await clinic.owner.fetch(
        "select c.relname, c.relrowsecurity and c.relforcerowsecurity as walled,"
        " exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org' and a.attnotnull) as owned,"
        " exists (select from pg_policies p where p.tablename = c.relname and p.policyname = 'ring_one'"
        "   and p.roles = '{bedside_app}' and p.qual like '%current_setting(''bedside.org''%') as ring"
        " from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    assert {row["relname"] for row in rows if not row["owned"]} == NOBODYS
    assert [row["relname"] for row in rows if row["owned"] and not (row["walled"] and row["ring"])] == []
    assert len(rows) > 25
    powers = "select rolname from pg_roles where rolname like 'bedside%' and (rolsuper or rolbypassrls) and rolcanlogin"
    assert {row["rolname"] for row in await clinic.owner.fetch(powers)} <= {"bedside_owner"}


async def test_without_an_organization_every_question_is_an_error(clinic: Clinic, database: str) -> None:
    """Never an empty answer: a forgotten principal is noticed."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await amara.do(visit, "grant")
    await amara.do(visit, "messages", {"content": "Good morning."})
    await clinic.settle()
    app = await as_role(database, "bedside_app")
    holding = [
        t for t in await tables(clinic.owner) if await clinic.owner.fetchval(f'select exists (select from "{t}")')
    ]
    assert len(holding) > 20
    try:
        for table in holding:
            with pytest.raises(asyncpg.PostgresError) as refused:
                await app.fetch(f'select * from "{table}"')
            assert sqlstate(refused.value) in ("42704", "22P02"), table
    finally:
        await app.close()


async def test_inside_one_organization_there_is_nothing_of_another(clinic: Clinic, database: str) -> None:
    other = await another_clinic(clinic)
    for house in (clinic, other):
        amara, osei = await house.patient(), await house.provider()
        visit = await house.in_progress(amara, osei)
        await amara.do(visit, "grant")
        await amara.do(visit, "messages", {"content": "Good morning."})
        await osei.do(visit, "messages/read", {"upTo": 1})
        await amara.do(visit, "leave")
    await clinic.settle()
    # As the house itself, which sees the most: all of one organization, and nothing of another.
    app = await as_role(database, "bedside_app", org=str(other.org), account=str(SYSTEM_ACCOUNT))
    seen = 0
    try:
        for table in await tables(clinic.owner):
            all_rows = await clinic.owner.fetchval(f'select count(*) from "{table}" where org = $1', clinic.org)
            mine = await app.fetch(f'select org from "{table}"')
            assert {row["org"] for row in mine} <= {other.org}, table
            seen += bool(all_rows and mine)
        assert seen > 20, "there was something to see on both sides"
        for statement in (
            "update consultation set priority = 'emergency' where org = $1",
            "delete from deadline where org = $1",
            "update session set ends_at = now() where org = $1",
        ):
            assert (await app.execute(statement, clinic.org)).split()[-1] == "0", statement
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("insert into department values ($1, gen_random_uuid(), 'Intruders')", clinic.org)
    finally:
        await app.close()


async def test_people_of_another_clinic_find_nothing(clinic: Clinic) -> None:
    other = await another_clinic(clinic)
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    mei, doctor, desk = (
        await other.patient("Mei", "Chow"),
        await other.provider("Dr. Far"),
        await other.desk("Far Desk"),
    )
    for person in (mei, doctor, desk):
        with problem("not-found"):
            await person.see(visit)
        assert (await person.get("/me"))["org"] == str(other.org)
        heard = await ClinicAuthority(clinic.house).may_hear(principal(person), f"consultation.{visit}")
        assert not heard.ok
    for person, verb, body in (
        (mei, "check-in", WHERE),
        (doctor, "call-in", {"identityConfirmed": True}),
        (desk, "cancel", {"reason": "clinic"}),
        (doctor, "messages", {"content": "Hello?"}),
    ):
        with problem("not-found"):
            await person.do(visit, verb, body)
    with problem("not-found"):
        await desk.get(f"/departments/{clinic.department}/queue")
    with problem("not-found"):
        await mei.post(f"/patients/{amara.patient}/consents/telehealth/withdraw", {})
    assert await clinic.state(visit) == "waiting"


async def test_each_journal_is_numbered_and_heard_for_itself(clinic: Clinic) -> None:
    other = await another_clinic(clinic)
    for _ in range(3):
        for house in (clinic, other):
            await house.desk(f"Desk {house.org}")
        await clinic.settle()
    await other.waiting(await other.patient(), await other.provider())
    for house in (clinic, other):
        rows = await house.journal()
        assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
        assert f'"org":"{house.org}"'.encode() in rows[-1]["entry"]
    assert {str(other.org) in repr(one) for one in await announced(clinic)} <= {False}
    assert await announced(other)
