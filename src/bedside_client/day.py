"""A day in an invented clinic, lived by invented people: they arrive, wait, are called in, talk, and are sent home.

    python -m bedside_client.day people.json

The file says who comes when, with which link, and who sees them; `pace` 10 makes of ten minutes one. They are ordinary
people with ordinary links: whatever they do, anybody with a link could do by this library.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx

from bedside_client.client import Bedside, Visit
from bedside_client.feed import Closed, Feed
from bedside_client.problem import Problem

WHERE = {"place": "At home, in the kitchen", "callback": "+1 555 0100"}
WELL = {"camera": "works", "microphone": "works", "connection": "works"}
OVER = ("wrapping-up", "completed", "cancelled", "no-show")
SAYS = ("Good morning.", "It began two days ago.", "It is better today.", "Thank you.")
LOST = (Problem, Closed, httpx.HTTPError, TimeoutError)


class Person:
    """Somebody with a link, and the pace of their day."""

    def __init__(self, link: str, base: str, pace: float, seed: str) -> None:
        self.link, self.base, self.pace = link, base, pace
        self.dice = Random(seed)  # noqa: S311 - an invented day, the same from the same file

    async def rest(self, least: float, most: float) -> None:
        """Some seconds of their day go by."""
        await asyncio.sleep(self.dice.uniform(least, most) / self.pace)


async def state_of(visit: Visit) -> str:
    """Where the visit is now."""
    return str((await visit.get())["state"])


async def comes(person: Person, patient: str) -> None:
    """A patient's visit, from the link to the end."""
    async with await Bedside.sign_in(person.base, person.link) as me:
        visit = me.consultation((await me.me())["visits"][0])
        if await state_of(visit) != "scheduled":
            return
        text = await me.call("GET", "/api/v1/consent-texts/telehealth")
        digest = text["sha256"]
        await me.give_consent(patient, type="telehealth", granted=True, text_sha256=digest, consultation=visit.id)
        await visit.check_in(**WHERE)
        async with me.live([visit.topic]) as feed:
            await feed.welcomed()
            await person.rest(10, 60)
            await visit.pass_device_check(**WELL)
            while (now := await state_of(visit)) not in OVER:
                if now == "connecting":
                    await person.rest(4, 15)
                    await feed.enter(visit.id)
                elif now == "in-progress":
                    await person.rest(20, 90)
                    with suppress(Problem):
                        await feed.send(visit.id, person.dice.choice(SAYS))
                await something(feed, 20 / person.pace)


async def something(feed: Feed, within: float) -> None:
    """Wait for news, but not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(within, 0.5)):
            await feed.__anext__()


async def sees(person: Person) -> None:
    """A clinician's day: whoever is next is called in, heard, and sent home with a summary."""
    async with await Bedside.sign_in(person.base, person.link) as me:
        await me.set_availability(status="available")
        async with me.live([f"waiting-room.{me.account}"]) as feed:
            await feed.welcomed()
            while True:
                room = await me.waiting_room()
                ready = [row for row in room["waiting"] if row["here"] and "call-in" in row["can"]]
                for row in room["inVisit"]:
                    with suppress(Problem):
                        await _visit(person, feed, me.consultation(row["consultation"]))
                if ready:
                    await person.rest(10, 90)
                    with suppress(Problem):
                        visit = me.consultation(ready[0]["consultation"])
                        await visit.call_in(identity_confirmed=True)
                        await _visit(person, feed, visit)
                elif not room["inVisit"]:
                    await something(feed, 30 / person.pace)


async def _visit(person: Person, feed: Feed, visit: Visit) -> None:
    """From the call to the summary; nobody waits for somebody who does not come."""
    now = await state_of(visit)
    if now == "connecting":
        await feed.enter(visit.id)
        for _ in range(40):
            if (now := await state_of(visit)) != "connecting":
                break
            await asyncio.sleep(max(0.25, 4 / person.pace))
        else:
            await visit.send_back(reason="nobody-came")
    if now == "in-progress":
        await feed.enter(visit.id)
        await asyncio.sleep(420 * person.dice.lognormvariate(0, 0.4) / person.pace)
        await visit.end()
        now = "wrapping-up"
    if now == "wrapping-up":
        await person.rest(20, 120)
        await visit.complete(summary="Rest, drink enough, and write to us if it gets worse.", follow_up=False)


async def live_through(day: dict[str, Any]) -> None:
    """Everybody, each at their time. One who has trouble does not keep the others."""
    base, pace = str(day["base"]), float(day["pace"])

    async def patient(n: int, one: dict[str, Any]) -> None:
        await asyncio.sleep(float(one["after"]))
        with suppress(*LOST):
            await comes(Person(one["link"], base, pace, f"patient {n}"), str(one["patient"]))

    async def clinician(n: int, link: str) -> None:
        with suppress(*LOST):
            await sees(Person(link, base, pace, f"clinician {n}"))

    async with asyncio.TaskGroup() as everybody:
        for n, one in enumerate(day["patients"]):
            everybody.create_task(patient(n, one))
        for n, link in enumerate(day["clinicians"]):
            everybody.create_task(clinician(n, str(link)))
        everybody.create_task(_while_somebody_wants_it(os.getppid()))


async def _while_somebody_wants_it(parent: int) -> None:
    """Whoever started this day may be gone without a word: then the day is over."""
    while True:
        await asyncio.sleep(1)
        if os.getppid() != parent:
            raise SystemExit(0)


def main() -> None:
    """Read the file, forget it, live."""
    file = Path(sys.argv[1])
    day = json.loads(file.read_text())
    file.unlink()
    with suppress(KeyboardInterrupt, SystemExit):
        asyncio.run(live_through(day))


if __name__ == "__main__":
    main()
