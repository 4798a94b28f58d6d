"""Who is here, who is gone, whose visit it is, and how much of what was said is shown."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bedside.care import messages, people
from bedside.journal import Timekeeper
from bedside.kernel import Role
from clinic import WHERE, Clinic, problem
from journeys.house import until


class Heard(Timekeeper):
    """Says when it has done a round."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.round = asyncio.Event()

    async def keep(self) -> int:
        kept = await super().keep()
        self.round.set()
        return kept


@pytest.mark.parametrize("stood_still", [True, False], ids=["the machine stood still", "the patients were silent"])
async def test_silence_while_nobody_could_listen_proves_no_absence(clinic: Clinic, stood_still: bool) -> None:
    """Ten minutes without a beat: they end a visit if the house was awake, and not if it was not."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    keeper = Heard(clinic.house, clinic.running.timekeeper.deadlines, glance=0.01)
    rounds = asyncio.create_task(keeper.run())
    try:
        await keeper.round.wait()
        if stood_still:
            clinic.clock.at += timedelta(minutes=10)

            async def noticed() -> bool:
                return clinic.house.since == clinic.clock.at

            await until(noticed, within=5)
    finally:
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)
    if not stood_still:
        clinic.clock.at += timedelta(minutes=10)
    await clinic.settle()
    assert await clinic.state(visit) == ("in-progress" if stood_still else "wrapping-up")
    await clinic.later(stay=False, minutes=10)
    assert await clinic.state(visit) == "wrapping-up"


@pytest.mark.parametrize(
    ("role", "verb", "body"),
    [
        (Role.NURSE, "check-in", WHERE),
        (Role.FRONT_DESK, "cancel", {"reason": "clinic"}),
        (Role.PROVIDER, "call-in", {"identityConfirmed": True}),
    ],
)
async def test_a_role_counts_in_its_department_only(clinic: Clinic, role: Role, verb: str, body: object) -> None:
    """A colleague of another department finds nothing of this one; one of this department does."""
    async with clinic.work() as work:
        elsewhere = await people.open_department(work, name="Dermatology")
    amara, osei = await clinic.patient(), await clinic.provider()
    stranger, colleague = await clinic.staff("Ana Lima", role, department=elsewhere), await clinic.staff("Bo Ek", role)
    visit = await clinic.book(amara, osei)
    await amara.consents()
    answer = await stranger.raw("POST", f"/consultations/{visit}/{verb}", body)
    assert (answer.status_code, answer.json()["type"]) == (404, "not-found")
    with problem("not-found"):
        await stranger.see(visit)
    assert await clinic.state(visit) == "scheduled"
    assert (await colleague.see(visit))["id"] == str(visit)


@pytest.mark.slow
async def test_the_newest_thousand_messages_are_shown_in_order(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.connecting(amara, osei)
    await amara.do(visit, "grant")
    async with clinic.work(amara.actor) as work:
        for at in range(1_003):
            await messages.send(work, visit, id=work.new_id(), content=f"Number {at}")
    shown = [message["body"] for message in await amara.get(f"/consultations/{visit}/messages")]
    assert shown == [f"Number {at}" for at in range(3, 1_003)]


async def test_who_signs_out_is_in_no_room_any_more(clinic: Clinic) -> None:
    """It is on record at once, the token opens nothing, and the room closes after the grace."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    for person in (osei, amara):
        assert (await person.raw("POST", "/sessions/end")).status_code == 204
        assert (await person.raw("GET", f"/consultations/{visit}")).status_code == 401
    left = [entry for entry in await clinic.journal() if entry["action"] == "LEAVE"]
    assert [entry["actor"] for entry in left] == [osei.account, amara.account]
    await clinic.later(stay=False, minutes=6)
    assert await clinic.state(visit) == "wrapping-up"
