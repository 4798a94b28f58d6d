"""Sixty-four at once upon one line: arrivals, calls, cancels and moves by hand. Whatever order the journal gives them,
one after the other they lead to the line that is there: by (band, rank_at, id), nobody lost, nobody twice."""

from collections.abc import Awaitable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from clinic import DEVICE, WHERE, Clinic, Person
from journeys.crowd import CALL, insist, the_visit_is_whole, together

pytestmark = pytest.mark.slow
CANCEL, MOVE = {"reason": "cannot-come"}, "MOVE_IN_LINE"


class Line:
    """The sequential model: a list. Who left keeps their place in it, as a ghost, for who was put before them."""

    def __init__(self) -> None:
        self.order: list[UUID] = []
        self.gone: set[UUID] = set()

    def hears(self, action: str, visit: UUID, before: UUID | None) -> None:
        """One entry of the journal."""
        if action == "PASS_DEVICE_CHECK":
            self.order.append(visit)
        elif action == MOVE:
            assert before is not None
            self.order.remove(visit)
            self.order.insert(self.order.index(before), visit)
        elif action in ("CALL_IN", "CANCEL"):
            self.gone.add(visit)

    @property
    def waiting(self) -> list[UUID]:
        return [visit for visit in self.order if visit not in self.gone]


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.spec("U2", "G26")
async def test_the_line_is_what_its_journal_says(clinic: Clinic, seed: int) -> None:
    chance = Random(seed)
    desk = await clinic.desk()
    osei, aalto = await clinic.provider("Dr. Osei"), await clinic.provider("Dr. Aalto")
    visits: dict[UUID, Person] = {}
    for at in range(32):
        person = await clinic.patient("Amara", f"Okafor {at}")
        visit = await clinic.book(person, None, minutes=0)
        visits[visit] = person
        await person.consents()
        if at % 4 != 0:
            await person.do(visit, "check-in", WHERE)
        if at % 4 in (2, 3):
            clinic.clock.at += timedelta(seconds=chance.randrange(1, 30))
            await person.do(visit, "device-check", DEVICE)
    clinic.clock.at += timedelta(seconds=30)
    due, arriving, *halves = (list(visits)[at::4] for at in range(4))
    waiting = [*halves[0], *halves[1]]
    before = {visit: chance.choice([w for w in waiting if w != visit]) for visit in waiting}
    acts: list[Awaitable[httpx.Response]] = []

    def ask(person: Person, visit: UUID, verb: str, body: Any) -> None:
        acts.append(insist(person, visit, verb, body))

    for visit in due:
        ask(visits[visit], visit, "check-in", WHERE)
        ask(desk, visit, "check-in", WHERE)
    ask(visits[arriving[0]], arriving[0], "device-check", DEVICE)
    for visit in waiting:
        ask(desk, visit, "move", {"reason": "interpreter", "before": str(before[visit])})
    for at in range(15):
        ask((osei, aalto)[at % 2], chance.choice(waiting), "call-in", CALL)
    for visit in chance.sample([*waiting, *due], 16):
        ask(visits[visit], visit, "cancel", CANCEL)
    chance.shuffle(acts)
    assert len(acts) == 64
    await together(chance, *acts)

    line = Line()
    moves = 0
    for row in await clinic.journal():
        line.hears(row["action"], row["consultation"], before.get(row["consultation"]))
        moves += row["action"] == MOVE
    rows = await clinic.owner.fetch("select id from consultation where state = 'waiting' order by band, rank_at, id")
    assert [row["id"] for row in rows] == line.waiting
    assert moves >= 4, "nothing was tried"
    board = await desk.get(f"/departments/{clinic.department}/queue")
    assert [row["consultation"] for row in board["rows"] if row["state"] == "waiting"] == [str(v) for v in line.waiting]
    for visit in due:
        await the_visit_is_whole(clinic, visit)
    entries = await clinic.owner.fetch("select queue_entry from consultation where queue_entry is not null")
    assert len({row["queue_entry"] for row in entries}) == len(entries)
