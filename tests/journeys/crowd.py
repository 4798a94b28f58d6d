"""What crowded journeys share: asking as a good program asks, all at once; a visit read back from the journal."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Collection
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx

from bedside.kernel import Entry
from clinic import Clinic, Person

REFUSED = {403, 409}
CALL = {"identityConfirmed": True, "anyway": True}
CALLED, SENT_BACK = "CALL_IN", "SEND_BACK"


async def insist(person: Person, visit: UUID, verb: str, body: Any, key: str | None = None) -> httpx.Response:
    """Ask as a program should: 503 is repeated under the same key until there is an answer."""
    key = key or uuid4().hex
    for _ in range(20):
        answer = await person.raw("POST", f"/consultations/{visit}/{verb}", body, key=key)
        if answer.status_code != 503:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"{verb} was never answered")


async def together(
    chance: Random, *acts: Awaitable[httpx.Response], refused: Collection[int] = REFUSED
) -> list[httpx.Response]:
    """All at once, each after a few turns of the loop of its own; the answers in the given order."""

    async def after(turns: int, act: Awaitable[httpx.Response]) -> httpx.Response:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await act

    answers = await asyncio.gather(*(after(chance.randrange(40), act) for act in acts))
    wrong = [answer.text for answer in answers if answer.status_code >= 400 and answer.status_code not in refused]
    assert not wrong, wrong
    assert all(is_problem(answer) for answer in answers if answer.status_code in refused)
    return answers


def is_problem(answer: httpx.Response) -> bool:
    """A refusal in the one form they all have."""
    problem = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and {"type", "title", "status", "can"} <= problem.keys()
        and problem["status"] == answer.status_code
    )


REMINDERS = {"DEVICE_CHECK_WAITS", "WRAP_UP_WAITS", "UNSEEN"}
"""Told of a visit, and no steps of it."""


async def steps_of(clinic: Clinic, visit: UUID) -> list[dict[str, Any]]:
    """What the journal says happened to a visit, in order."""
    entries = [Entry.read(row["entry"]) for row in await clinic.journal() if row["consultation"] == visit]
    return [{"action": e.action, **e.refs} for e in entries if "before" in e.refs and e.action not in REMINDERS]


async def the_visit_is_whole(clinic: Clinic, visit: UUID) -> None:
    """Its steps join without a gap, end in the stored state, and call at most once between two returns."""
    steps = await steps_of(clinic, visit)
    row = await clinic.owner.fetchrow("select state, version from consultation where id = $1", visit)
    assert row is not None
    assert [step["version"] for step in steps] == list(range(1, row["version"] + 1))
    assert all(step["before"] == before["state"] for before, step in pairwise(steps))
    assert steps[-1]["state"] == row["state"]
    in_room = 0
    for step in steps:
        in_room += (step["action"] == CALLED) - (step["action"] == SENT_BACK)
        assert in_room in (0, 1), steps
    assert Counter(step["action"] for step in steps)["CHECK_IN"] <= 1
