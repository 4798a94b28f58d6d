"""The second ring: with every check of the application off, a row of somebody else's visit is not there.

Each query of each slice is asked of the database as somebody whom it does not concern, about another patient's visit:
nothing of that visit comes back, and nothing of it is changed. Once more with the ring's policies off, to see that the
trial can tell.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import bedside.care
from bedside.journal import Work
from bedside.kernel import Actor, Role
from bedside.store import Queries
from care.hands import acting_for, another_clinic, another_department, link_for, member_of, value
from clinic import Clinic, Person
from store.asking import values_for

SLICES = sorted(Path(bedside.care.__file__).parent.glob("*/queries.sql"))
OFF = "create or replace function reaches(of_patient uuid, in_department uuid, the_consultation uuid)\
 returns boolean stable language sql as 'select true'"
OURS = {
    "consultation": "id",
    "appointment": "patient",
    "participant": "consultation",
    "grant": "consultation",
    "consultation_place": "consultation",
    "wait_told": "consultation",
    "line_change": "consultation",
    "room_left": "consultation",
    "message": "consultation",
    "message_read": "consultation",
    "message_version": "message",
    "patient": "id",
    "patient_lookup": "patient",
    "account_patient": "patient",
    "consent": "patient",
    "consent_head": "patient",
    "notification": "account",
    "session": "account",
    "link": "account",
    "link_device": "link",
    "idempotency": "account",
    "disclosure_window": "patient",
}
"""Every table of the ring, and the column by which a row is of Amara's visit."""


@dataclass
class World:
    """One patient's visit, with something of hers in every table, and those whom it does not concern."""

    clinic: Clinic
    ids: dict[str, UUID]
    strangers: dict[str, Actor]
    entitled: list[Actor]

    def of(self, table: str) -> UUID:
        """The value by which the rows of this table are hers."""
        column = OURS[table]
        return self.ids["consultation" if (table, column) == ("consultation", "id") else
                        "patient" if (table, column) == ("patient", "id") else column]  # fmt: skip


async def world(clinic: Clinic) -> World:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await amara.get(f"/consultations/{visit}/line")
    await osei.post(f"/consultations/{visit}/priority", {"priority": "urgent", "reason": "triage"})
    await amara.do(visit, "grant")
    said = await amara.do(visit, "messages", {"content": "My knee hurts."})
    await amara.do(visit, f"messages/{said['id']}/edit", {"content": "My left knee hurts."})
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    await clinic.settle()
    await osei.do(visit, "grant")
    for person in (osei, amara):
        await person.here()
        await person.enters(visit)
    await osei.do(visit, "messages/read", {"upTo": 2**40})
    await osei.get(f"/consultations/{visit}/messages")
    link = await link_for(clinic, amara, visit=visit)
    await clinic.http.post("/api/v1/sessions", json={"link": link, "device": "a phone of hers"})
    row = await clinic.owner.fetchrow("select appointment, patient, department from consultation where id = $1", visit)
    assert row is not None
    rows: dict[str, UUID] = {name: row[name] for name in ("appointment", "patient", "department")}
    linked = await value(clinic, "select id from link where appointment = $1", rows["appointment"])
    note = await value(clinic, "select id from notification where account = $1", amara.account)
    for sql, what in {
        "wait_told (org, consultation, at, middle, nine_in_ten) values ($1, $2, $3, 5, 9)": (visit,),
        "room_left (org, consultation, at, account) values ($1, $2, $3, $4)": (visit, amara.account),
        "link_device (org, link, since, device_hash) values ($1, $2, $3, $4)": (linked, b"d" * 32),
    }.items():
        values = (clinic.org, what[0], clinic.clock.at, *what[1:])
        await clinic.owner.execute(f"insert into {sql} on conflict do nothing", *values)
    ids = {"consultation": visit, "message": UUID(said["id"]), "account": amara.account, "link": linked, **rows}
    return World(
        clinic,
        ids | {"notification": note},
        await _strangers(clinic, osei),
        [amara.actor, osei.actor, (await clinic.desk()).actor],
    )


async def _strangers(clinic: Clinic, osei: Person) -> dict[str, Actor]:
    """Whom it does not concern. Each of them has a life of their own here, so that nothing is empty by chance."""
    elsewhere = await another_department(clinic)
    mei = await clinic.patient("Mei", "Chow")
    other_org = await another_clinic(clinic)
    found: dict[str, Person] = {
        "another patient": mei,
        "her guardian": await acting_for(clinic, mei, "guardian"),
        "a provider elsewhere": await member_of(clinic, "Dr. Ines Vidal", Role.PROVIDER, elsewhere),
        "a patient of another clinic": await other_org.patient("Noor", "Haddad"),
        "a nurse of another clinic": await other_org.staff("Nils Berg", Role.NURSE),
    }
    await clinic.book(mei, osei)
    return {name: person.actor for name, person in found.items()}


# --- the tables themselves


async def test_every_row_of_a_visit_is_there_only_for_whom_it_concerns(clinic: Clinic) -> None:
    """No WHERE at all: what a forgotten condition would show, change or delete."""
    here = await world(clinic)
    for table, column in OURS.items():
        mine = f'select count(*) from "{table}" where {column} = $1'
        assert await clinic.owner.fetchval(mine, here.of(table)), (
            f"nothing of hers in {table}: this would prove nothing"
        )
        seen = list[int]()
        for actor in here.entitled:
            async with Work(clinic.house, actor) as work:
                seen.append(await work.value(mine, here.of(table)))
        assert any(seen), f"nobody sees {table}"
        for name, actor in here.strangers.items():
            async with Work(clinic.house, actor) as work:
                assert not [r for r in await work.rows(f'select * from "{table}"') if r[column] == here.of(table)], (
                    name,
                    table,
                )
    for table, column in OURS.items():
        for kind in (f'update "{table}" set org = org', f'delete from "{table}"'):
            for name, actor in here.strangers.items():
                touched = await _as(clinic.owner, actor, f"{kind} returning {column}")
                assert here.of(table) not in [row[0] for row in touched], (name, kind)


async def test_every_table_of_a_visit_or_a_patient_has_the_second_ring(clinic: Clinic) -> None:
    """A table that a later migration makes must say whose its rows are."""
    named = {
        row["table_name"]
        for row in await clinic.owner.fetch(
            "select distinct table_name from information_schema.columns where table_schema = 'public'"
            " and column_name in ('consultation', 'patient', 'message', 'link', 'appointment')"
        )
    }
    ringed = {
        row["tablename"]
        for row in await clinic.owner.fetch(
            "select tablename from pg_policies where policyname = 'ring_two' and permissive = 'RESTRICTIVE'"
        )
    }
    assert set(OURS) <= ringed
    # The journal is read by the house; what else may be told of it is told by views.
    assert named - ringed <= {"journal"}


# --- every query of every slice


async def _as(owner: asyncpg.Connection, actor: Actor, sql: str, *values: Any, after: str | None = None) -> list[Any]:
    """What comes back when the application's role asks this for that person; or, asked after it, what stands then."""
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute("set local role bedside_app")
        begin = "select set_config('bedside.org', $1, true), set_config('bedside.account', $2, true)"
        await owner.execute(begin, str(actor.org), str(actor.account))
        rows = await owner.fetch(sql, *values)
        if after:
            await owner.execute("reset role")
            return [await owner.fetchval(after)]
        return rows
    except (asyncpg.PostgresError, asyncpg.DataError):
        return []
    finally:
        await transaction.rollback()


def standing(here: World) -> str:
    """What the database holds of her visit, as one value: whatever mentions it, in every table of the ring."""
    hers = "|".join(str(here.ids[name]) for name in ("consultation", "patient", "appointment", "message", "link"))
    own = " || ".join(
        f"""coalesce(
        (select md5(string_agg(t::text, '' order by t::text)) from "{table}" t where t::text ~ '{hers}'), '')"""
        for table in OURS
        if table != "disclosure_window"  # one's own readings, which are on record
    )
    return f"select {own}"


async def secrets(here: World) -> set[Any]:
    """Every id and every sealed value of hers: what nobody else may be told."""
    found: set[Any] = set()
    for table, column in OURS.items():
        for row in await here.clinic.owner.fetch(f'select * from "{table}" where {column} = $1', here.of(table)):
            found |= {value for value in row.values() if isinstance(value, UUID | bytes)}
    open_to_all = {here.clinic.org, here.ids["department"], *(actor.account for actor in here.entitled)}
    texts = {row[0] for row in await here.clinic.owner.fetch("select sha256 from consent_text")}
    return found - open_to_all - texts


async def trespasses(here: World) -> tuple[int, list[str]]:
    """How many questions were asked, and what came back or was changed that should not."""
    owner = here.clinic.owner
    before, hers = await owner.fetchval(standing(here)), await secrets(here)
    asked, wrong = 0, list[str]()
    known = {"org": here.clinic.org, "provider": here.entitled[1].account} | here.ids
    for file in SLICES:
        for name, sql in Queries(str(file)).texts.items():
            types = [type.name for type in (await owner.prepare(sql)).get_parameters()]
            types = [re.sub(r"^_(.*)", r"\1[]", type) for type in types]
            writes = re.search(r"\b(insert into|update|delete from|message_append|message_revise)\b", sql) is not None
            for stranger, actor in here.strangers.items():
                for values in values_for(known, actor.account, here.clinic.clock.at, sql, types):
                    asked += 1
                    given = {
                        v for value in values for v in (value if isinstance(value, list) else [value]) if v.__hash__
                    }
                    rows = await _as(owner, actor, sql, *values)
                    if any(
                        value in hers - given
                        for row in rows
                        for value in row.values()
                        if isinstance(value, UUID | bytes)
                    ):
                        wrong.append(f"{file.parent.name}.{name} tells {stranger}")
                    if writes and await _as(owner, actor, sql, *values, after=standing(here)) not in ([], [before]):
                        wrong.append(f"{file.parent.name}.{name} lets {stranger} change it")
    return asked, sorted(set(wrong))


@pytest.mark.slow
async def test_no_query_of_any_slice_reads_or_changes_what_is_somebody_elses(clinic: Clinic) -> None:
    here = await world(clinic)
    await clinic.owner.execute(OFF)
    asked, wrong = await trespasses(here)
    print(f"{asked} questions, {len(wrong)} of them answered with somebody else's")
    assert wrong == []
    assert asked > 1000
    # The same questions without the ring: it is what stands between.
    for table in OURS:
        await clinic.owner.execute(f'drop policy ring_two on "{table}"')
    _, open_now = await trespasses(here)
    print(f"without the ring: {len(open_now)}")
    assert len(open_now) > 30
