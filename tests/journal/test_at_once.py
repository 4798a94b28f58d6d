"""Works at once: nobody is refused because somebody else looks too, and what collided is done again, once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from bedside.care import consultation
from bedside.kernel import Deadline, Outcome
from clinic import WHERE, Clinic, Person, problem
from journeys.house import until

KEY = "one-key-for-one-act"
COLLIDES = """
create sequence tries; alter sequence tries owner to bedside_definer;
create function collides() returns trigger language plpgsql security definer as $$
begin
    if nextval('tries') <= {times} then raise exception using errcode = '{sqlstate}'; end if;
    return new;
end $$;
create constraint trigger collides after insert on journal_pending deferrable initially {when}
    for each row execute function collides()"""


@asynccontextmanager
async def colliding(
    clinic: Clinic, times: int, *, sqlstate: str = "40001", when: str = "immediate"
) -> AsyncIterator[None]:
    """The first so many entries meet another work that is in the way; `deferred`: it is noticed at COMMIT."""
    await clinic.owner.execute(COLLIDES.format(times=times, sqlstate=sqlstate, when=when))
    yield
    await clinic.owner.execute("drop trigger collides on journal_pending; drop function collides")


async def tries(clinic: Clinic) -> int:
    return int(await clinic.owner.fetchval("select last_value from tries") or 0)


async def looks(clinic: Clinic, person: Person, visit: UUID) -> int:
    """Open this visit's sheet at the desk; the status of the answer."""
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    return (await clinic.http.get(f"/desk/visits/{visit}", headers=headers)).status_code


async def test_a_desk_may_look_at_anybody_while_it_looks_at_others(clinic: Clinic) -> None:
    """A sheet names its patient first, then everybody on the board: two sheets name them in opposite order."""
    osei, petra = await clinic.provider(), await clinic.desk()
    visits = [await clinic.book(await clinic.patient("Amara", f"Okafor {at}"), osei) for at in range(4)]
    room, told = asyncio.Semaphore(8), Counter[int]()

    async def look(at: int) -> None:
        async with room:
            told[await looks(clinic, petra, visits[at % 4 if at % 8 < 4 else -1 - at % 4])] += 1

    await asyncio.gather(*(look(at) for at in range(200)))
    assert told == {200: 200}


@pytest.mark.parametrize(("sqlstate", "when"), [("40001", "immediate"), ("40P01", "immediate"), ("40001", "deferred")])
async def test_what_collided_is_done_again_once(clinic: Clinic, sqlstate: str, when: str) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    async with colliding(clinic, 2, sqlstate=sqlstate, when=when):
        first = await amara.raw("POST", f"/consultations/{visit}/check-in", WHERE, key=KEY)
        assert (first.status_code, "idempotent-replay" in first.headers) == (201, False)
        assert await tries(clinic) > 2
    assert (await amara.raw("POST", f"/consultations/{visit}/check-in", WHERE, key=KEY)).content == first.content
    assert (await clinic.actions()).count("CHECK_IN") == 1


async def test_a_form_that_collided_is_done_again_once(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    form = {"place": WHERE["place"], "callback": WHERE["callback"], "key": KEY}
    bearer = {"authorization": f"Bearer {amara.token}", "accept": "text/html"}
    async with colliding(clinic, 1):
        there = await clinic.http.post(f"/visit/{visit}/check-in", data=form, headers=bearer)
        assert (there.status_code, there.headers["location"]) == (303, f"/visit/{visit}")
    assert (await clinic.actions()).count("CHECK_IN") == 1


async def test_what_collides_every_time_is_refused_as_busy_and_not_done(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    async with colliding(clinic, 1000):
        with problem("busy") as busy:
            await amara.do(visit, "check-in", WHERE, key=KEY)
        assert (busy.value.status, await tries(clinic)) == (503, 4)
    assert await clinic.state(visit) == "scheduled"
    assert (await amara.do(visit, "check-in", WHERE, key=KEY))["state"] == "checked-in"
    assert not [entry for entry in await clinic.journal() if "busy" in str(entry["entry"])]


async def test_a_deadline_that_collided_is_kept_now_and_not_in_a_minute(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    async with colliding(clinic, 1):
        await clinic.later(hours=2)
    assert await clinic.state(visit) == "no-show"
    assert (await clinic.actions()).count("GIVE_UP") == 1


async def test_who_acts_when_time_is_up_and_the_timekeeper_do_not_hold_each_other_up(clinic: Clinic) -> None:
    """The timekeeper wants the visit that somebody holds, who then sets the deadline that the timekeeper performs."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    row = await clinic.owner.fetchrow("select kind, due_at from deadline where ref = $1 order by due_at", visit)
    assert row
    clinic.clock.at = row["due_at"] + timedelta(minutes=1)

    async def waits() -> bool:
        return bool(await clinic.owner.fetchval("select true from pg_stat_activity where wait_event_type = 'Lock'"))

    async with clinic.work() as work:
        await consultation.hold(work, visit)
        keeping = asyncio.create_task(clinic.running.timekeeper.keep())
        await until(waits, within=5)
        off = Deadline(row["kind"], visit, clinic.clock.at + timedelta(hours=1))
        await work.settle(Outcome(deadlines=(off,)))
    assert await keeping == 0
    assert await clinic.state(visit) == "scheduled"
    due = await clinic.owner.fetchval("select due_at from deadline where ref = $1 and kind = $2", visit, row["kind"])
    assert due == off.due


async def test_the_sum_of_an_hour_of_readings_names_the_first(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    for _ in range(3):
        await osei.see(visit)
    await clinic.later(hours=1, minutes=2)
    [first] = [entry for entry in await clinic.journal() if (entry["actor"], entry["action"]) == (osei.account, "VIEW")]
    [again] = [entry for entry in await clinic.journal() if entry["action"] == "VIEW_COUNT"]
    assert str(first["id"]) in again["entry"].decode()
    assert b'"times":2' in again["entry"]
