"""Invented days of a clinic, played minute by minute from a seed. What is true of them the estimator does not know.

Visits last longer or shorter than booked by a factor of the day and one of their own; patients come early and late;
some are called in vain; clinicians pause, start late, leave for the day; walk-ins come in a rush; emergencies go first.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from bedside.care.queue.estimate import LATELY, Basis, Finished, GoingOn, InLine, Today, Wait, waits

KINDS = ("calm", "late start", "one clinician out", "emergencies", "walk-in rush")
HELD_OUT, HELD_OUT_LONG = 50_000, 60_000
"""The estimator was made and mended while looking at seeds below 10 000. Days from here on judge it, in the test and in
the long run; whoever changes it looks at lower ones, and takes new ones here once these have been looked at."""
CREDIT = {"emergency": 0.0, "urgent": 30.0, "normal": 0.0, "follow-up": -15.0}


@dataclass(slots=True)
class Person:
    """Somebody who comes today."""

    id: UUID
    comes: float
    provider: UUID | None
    booked: float
    lasts: float
    priority: str = "normal"
    absent: bool = False
    called: float | None = None
    shown: list[tuple[float, Wait]] = field(default_factory=list)

    @property
    def key(self) -> tuple[int, float, UUID]:
        """Where they stand."""
        return (0 if self.priority == "emergency" else 1, self.comes - CREDIT[self.priority], self.id)


@dataclass(slots=True)
class Clinician:
    """Somebody who sees them."""

    id: UUID
    here: bool = False
    seeing: Person | None = None
    over: bool = False
    leaving: float = 0.0


class Day:
    """One day from opening to the last patient."""

    def __init__(self, kind: str, seed: int, estimate: Callable[..., dict[UUID, Wait]] = waits) -> None:
        self.kind, self.dice, self.estimate = kind, Random(f"{kind} {seed}"), estimate
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.order = count()
        self.line: list[Person] = []
        self.finished: list[tuple[Person, UUID, float]] = []
        self.came: list[Person] = []
        self.pace = self.dice.lognormvariate(0.0, 0.2)
        clinicians = 3 if kind in ("one clinician out", "emergencies") else 2
        self.staff = [Clinician(self._id()) for _ in range(clinicians)]
        self.passes = 0
        self.told_at = -1.0
        self._plan()

    def _id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128))

    def at(self, when: float, what: Callable[..., None], *given: Any) -> None:
        """Let something happen then."""
        heapq.heappush(self.events, (when, next(self.order), what, given))

    # The plan ────────────────────────────────────────────────────────────────

    def _plan(self) -> None:
        dice, late = self.dice, self.kind == "late start"
        for clinician in self.staff:
            self.at(dice.uniform(15, 40) if late else dice.uniform(0, 6), self.arrives, clinician)
            for _ in range(2):
                self.at(dice.uniform(60, 330), self.pause, clinician, dice.uniform(5, 15))
            time = 0.0
            while time < 360:
                booked = dice.choice((10.0, 20.0, 20.0, 20.0, 30.0))
                if dice.random() < 0.8:
                    self._book(time, clinician.id, booked)
                time += booked * 1.25
        if self.kind == "one clinician out":
            self.at(dice.uniform(90, 210), self.out, self.staff[0])
        for per_hour, begins, ends, priority in self._extra():
            time = begins
            while (time := time + dice.expovariate(per_hour / 60)) < ends:
                self._book(time, None, 15.0, priority)

    def _extra(self) -> list[tuple[float, float, float, str]]:
        usual = [(0.5, 0.0, 330.0, "normal"), (0.2, 0.0, 330.0, "urgent")]
        if self.kind == "emergencies":
            return [*usual, (1.0, 30.0, 330.0, "emergency"), (0.8, 30.0, 330.0, "urgent")]
        return [*usual, (6.0, 100.0, 190.0, "normal")] if self.kind == "walk-in rush" else usual

    def _book(self, time: float, provider: UUID | None, booked: float, priority: str | None = None) -> None:
        dice = self.dice
        comes = max(0.0, time + (dice.gauss(-4, 7) if provider else 0.0))
        lasts = max(1.5, booked * 0.9 * self.pace * dice.lognormvariate(0, 0.4))
        priority = priority or ("follow-up" if booked == 10.0 and dice.random() < 0.5 else "normal")
        person = Person(self._id(), comes, provider, booked, lasts, priority, dice.random() < 0.04)
        self.at(comes, self.comes, person)

    # What happens ────────────────────────────────────────────────────────────

    def run(self) -> "Day":
        """Play it to its end."""
        while self.events:
            self.now, _, happens, given = heapq.heappop(self.events)
            happens(*given)
        return self

    def arrives(self, clinician: Clinician) -> None:
        clinician.here = True
        self.shown()
        self.free(clinician)

    def pause(self, clinician: Clinician, minutes: float) -> None:
        """Away for a moment, after the visit that goes on."""
        if clinician.here and clinician.seeing:
            clinician.leaving = minutes
        elif clinician.here:
            clinician.here = False
            self.at(self.now + minutes, self.arrives, clinician)
            self.shown()

    def out(self, clinician: Clinician) -> None:
        """Gone for the day; whoever waited for them is moved to the others by the desk."""
        if clinician.seeing:
            return self.at(self.now + 1, self.out, clinician)
        clinician.here = False
        self.staff.remove(clinician)
        self.at(self.now + self.dice.uniform(2, 10), self.moved, clinician.id)
        return self.shown()

    def moved(self, clinician: UUID) -> None:
        for person in self.line:
            person.provider = None if person.provider == clinician else person.provider
        self.shown()
        for each in self.staff:
            self.free(each)

    def comes(self, person: Person) -> None:
        if all(person.provider != clinician.id for clinician in self.staff):
            person.provider = None
        self.came.append(person)
        self.line = sorted([*self.line, person], key=lambda one: one.key)
        self.shown()
        for clinician in self.staff:
            self.free(clinician)

    def free(self, clinician: Clinician) -> None:
        """Whoever has a free seat looks at the list within a moment."""
        if clinician.here and clinician.seeing is None:
            self.at(self.now + self.dice.expovariate(1 / 1.5), self.calls, clinician)

    def calls(self, clinician: Clinician) -> None:
        mine = [one for one in self.line if one.provider in (None, clinician.id)]
        if not clinician.here or clinician.seeing is not None or not mine:
            return
        person = mine[0]
        self.line.remove(person)
        clinician.seeing, clinician.over, person.called = person, False, self.now
        self.shown()
        self.at(self.now + (3.0 if person.absent else person.lasts), self.ends, clinician)

    def ends(self, clinician: Clinician) -> None:
        """The patient may go; the summary is written."""
        clinician.over = True
        absent = clinician.seeing is not None and clinician.seeing.absent
        self.at(self.now + (0.0 if absent else self.dice.uniform(0.5, 4)), self.closes, clinician)

    def closes(self, clinician: Clinician) -> None:
        person = clinician.seeing
        assert person is not None
        if not person.absent:
            self.finished.append((person, clinician.id, self.now))
        clinician.seeing = None
        if clinician.leaving:
            minutes, clinician.leaving = clinician.leaving, 0.0
            self.pause(clinician, minutes)
        else:
            self.shown()
            self.free(clinician)

    # What is told ────────────────────────────────────────────────────────────

    def shown(self) -> None:
        """The line moved: everybody in it looks at their own place again, once a minute at most."""
        if not self.line or self.now - self.told_at < 1:
            return
        self.told_at = self.now
        self.passes += 1
        told = self.estimate(self.today(), Random(self.kind).random)
        for person in self.line:
            wait = told.get(person.id)
            if wait and wait.basis is not Basis.UNKNOWN:
                person.shown.append((self.now, wait))

    def today(self) -> Today:
        """What the house knows at this moment."""
        now = self.now
        return Today(
            line=[
                InLine(p.id, p.provider, p.booked, p.key[1] - now, emergency=p.priority == "emergency")
                for p in self.line
            ],
            on_duty={each.id: 1 for each in self.staff if each.here},
            going_on=[
                GoingOn(each.id, each.seeing.booked, now - (each.seeing.called or now), each.over)
                for each in self.staff
                if each.seeing is not None
            ],
            finished=[
                Finished(by, p.booked, p.comes - now, (p.called or now) - now, closed - now)
                for p, by, closed in self.finished
            ],
            emergencies=sum(p.priority == "emergency" and p.comes > now - LATELY for p in self.came),
            urgent=sum(p.priority == "urgent" and p.comes > now - LATELY for p in self.came),
            minutes=min(now, LATELY),
        )


@dataclass(slots=True)
class Figures:
    """How the waits that were told compare with those that were."""

    days: int = 0
    shown: int = 0
    within_limit: int = 0
    within_middle: int = 0
    booked: int = 0

    def add(self, day: Day) -> None:
        """Count a day's estimates."""
        self.days += 1
        for person in day.came:
            for at, wait in person.shown if person.called is not None else ():
                real = (person.called or 0.0) - at
                self.shown += 1
                self.within_limit += real <= (wait.nine_in_ten or 0)
                self.within_middle += real <= (wait.middle or 0)
                self.booked += wait.basis is Basis.BOOKED

    @property
    def limit(self) -> float:
        return self.within_limit / self.shown

    @property
    def middle(self) -> float:
        return self.within_middle / self.shown


def figures(days: int, *, first: int = 0, estimate: Callable[..., dict[UUID, Wait]] = waits) -> dict[str, Figures]:
    """So many days of each kind, pooled; and all of them."""
    pooled = {kind: Figures() for kind in (*KINDS, "all")}
    for kind in KINDS:
        for seed in range(first, first + days):
            day = Day(kind, seed, estimate).run()
            pooled[kind].add(day)
            pooled["all"].add(day)
    return pooled
