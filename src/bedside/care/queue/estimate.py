"""How long somebody will wait: a middle and a limit, from today alone.

The rest of the day is played through many times. Each time every visit that goes on ends after some length, and each
that waits takes the next free seat of somebody who may see them, in the order of the line. Lengths are those of today's
finished visits, in proportion to what was booked, mixed with a little of the plan; a visit that goes on lasts at least
as long as it has. Now and then somebody comes who goes first. What half of these days do not exceed is the middle, what
nine in ten do not exceed is the limit. All times are minutes; now is 0. Chance is handed in.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, log
from statistics import NormalDist
from uuid import UUID

import msgspec

FEW = 5
"""With fewer finished visits today the booked lengths are what we go by, and we say so."""
WORK = 10_000
"""How many starts are drawn at most, whatever the length of the line; past `FAR` people nobody is told anything."""
FAR = 300
MOST_DAYS = 250
"""Fewer for a long line. With half as many the limit of one and the same morning lay anywhere from 45 to 91 minutes."""


LATELY = 120.0
MOST_FIRST = 12


class Basis(StrEnum):
    """What an estimate is made of."""

    LEARNED = "learned"
    BOOKED = "booked"
    UNKNOWN = "unknown"


class Wait(msgspec.Struct, frozen=True, rename="camel"):
    """About so many minutes; nine in ten wait less than so many. Neither, when we cannot tell."""

    middle: int | None
    nine_in_ten: int | None
    basis: Basis


UNKNOWN = Wait(None, None, Basis.UNKNOWN)


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who waits. `rank` is what the line is ordered by; an emergency stands before every rank."""

    id: UUID
    provider: UUID | None
    booked: float
    rank: float
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A visit that takes a seat: called in so long ago. `over` when only its summary is still to be written."""

    provider: UUID
    booked: float
    lasted: float
    over: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """A visit of today that is complete, by its times before now (negative)."""

    provider: UUID
    booked: float
    came: float
    called: float
    closed: float


@dataclass(frozen=True, slots=True)
class Today:
    """A department at one moment, and its day until then."""

    line: Sequence[InLine]
    """In the order in which they are to be seen."""
    on_duty: dict[UUID, int]
    """How many visits each provider on duty runs at once."""
    going_on: Sequence[GoingOn] = ()
    finished: Sequence[Finished] = ()
    emergencies: int = 0
    urgent: int = 0
    minutes: float = 0.0
    """How many came lately who go first (in the last `LATELY` minutes of today), and for how many minutes of them."""
    credit: float = 30.0
    """What being urgent is worth."""


_Z = [NormalDist().inv_cdf((i + 0.5) / 31) for i in range(31)]
_SPREAD = 0.45
"""How far single visits lie from their plan, before today has taught us."""
_GAPS = [0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0]
"""From a free seat to the next call, before today has taught us."""
_LONGEST_GAP = 12.0
_WRITING = 2.5
"""Minutes that a summary still takes, once the visit is over."""
_LEFT_OVER = 0.3
"""A visit longer than all we have seen today goes on for about this share of its plan."""
_MIDDLE, _LIMIT = 0.46, 0.91
"""Which of the days played tell. Somebody who pauses comes back and somebody in line goes home, which is not played:
so the half of real waits is over a little before the half of those."""


def waits(today: Today, chance: Callable[[], float]) -> dict[UUID, Wait]:
    """What each person in line may be told. `chance` gives numbers between 0 and 1; the same ones, the same answers."""
    line = today.line[:FAR]
    if not today.on_duty or not line:
        return {}
    days = max(40, min(MOST_DAYS, WORK // len(line)))
    odds = _Odds(today)
    played: list[list[float]] = [[] for _ in line]
    for _ in range(days):
        _play(today, line, odds, chance, played)
    basis = Basis.LEARNED if len(today.finished) >= FEW else Basis.BOOKED
    return {person.id: _told(starts, days, basis) for person, starts in zip(line, played, strict=True)}


def _told(starts: list[float], days: int, basis: Basis) -> Wait:
    """In whole minutes, never less than one; nothing where nobody on duty sees them."""
    if not starts:
        return UNKNOWN
    starts.sort()
    middle = max(1, round(starts[int(days * _MIDDLE)]))
    limit = -int(-starts[int(days * _LIMIT)] // 1)
    return Wait(middle, max(middle + 1, limit), basis)


class _Odds:
    """What today says of lengths (as shares of what was booked), of gaps, and of how sure of that we are."""

    def __init__(self, today: Today) -> None:
        seen = [max(0.05, (visit.closed - visit.called) / visit.booked) for visit in today.finished]
        n = len(seen)
        plan = [exp(_SPREAD * z) for z in _Z[::4]]
        blur = 0.3 / (1 + n) ** 0.3
        learned = [share * exp(blur * z) for share in seen for z in (-1.2, -0.5, 0.0, 0.5, 1.2)]
        # A finished visit counts for itself; the plan counts for two, and for all there is in the morning.
        weight = max(1, round(len(learned) / (len(plan) * max(n, 1) / 2.0))) if n >= FEW else 2
        self.shares = sorted(learned + plan * weight)
        centre = [log(share) for share in self.shares]
        mean = sum(centre) / len(centre)
        spread = (sum((c - mean) ** 2 for c in centre) / len(centre)) ** 0.5
        self.doubt = max(0.06, spread / (n + 1.5) ** 0.5)
        self.gaps = sorted(_gaps(today.finished) * 2 + _GAPS)
        self.emergencies = (today.emergencies + 0.15) / (today.minutes + 60)
        self.urgent = (today.urgent + 0.2) / (today.minutes + 60)
        self.rush = 1 / (today.emergencies + today.urgent + 1) ** 0.5


def _gaps(finished: Sequence[Finished]) -> list[float]:
    """How long a seat was free while somebody waited for it, each time today."""
    gaps: list[float] = []
    free_since: dict[UUID, float] = {}
    for visit in sorted(finished, key=lambda visit: visit.called):
        since = max(visit.came, free_since.get(visit.provider, visit.came))
        if visit.called >= since:
            gaps.append(min(_LONGEST_GAP, visit.called - since))
        free_since[visit.provider] = max(free_since.get(visit.provider, visit.closed), visit.closed)
    return gaps


def _play(
    today: Today, line: Sequence[InLine], odds: _Odds, chance: Callable[[], float], played: list[list[float]]
) -> None:
    """One way in which the day may go on from here."""
    pace = exp(odds.doubt * _Z[int(chance() * len(_Z))])
    shares, gaps = odds.shares, odds.gaps
    many, several = len(shares), len(gaps)
    seats = _seats(today, shares, pace, chance)
    everybodys = list(seats.values())
    comers = _Comers(odds, today.credit, chance)
    for person, starts in zip(line, played, strict=True):
        mine = seats.get(person.provider) if person.provider else min(everybodys)
        if mine is None:
            continue
        start = mine[0] + gaps[int(chance() * several)]
        while comers.at < start and comers.passes(person, start):
            theirs = comers.take(everybodys)
            _take(theirs, max(comers.at, theirs[0]) + line[0].booked * pace * shares[int(chance() * many)])
            comers.draw()
            mine = mine if person.provider else min(everybodys)
            start = max(start, mine[0])
        starts.append(start)
        _take(mine, start + person.booked * pace * shares[int(chance() * many)])


def _take(seats: list[float], until: float) -> None:
    """The first free seat is taken until then. Seats stay sorted."""
    seats[0] = until
    if len(seats) > 1:
        seats.sort()


def _seats(today: Today, shares: list[float], pace: float, chance: Callable[[], float]) -> dict[UUID, list[float]]:
    """When each seat of each provider on duty is free, the earliest first."""
    seats = {provider: [0.0] * most for provider, most in today.on_duty.items()}
    for visit in sorted(today.going_on, key=lambda visit: visit.over):
        mine = seats.get(visit.provider)
        if mine and mine[0] == 0.0:
            _take(mine, _left(visit, shares, pace, chance))
    return seats


def _left(visit: GoingOn, shares: list[float], pace: float, chance: Callable[[], float]) -> float:
    """How long a visit still takes that has lasted so long."""
    if visit.over:
        return -_WRITING * log(1 - chance())
    plan = visit.booked * pace
    longer = bisect_right(shares, visit.lasted / plan)
    if len(shares) - longer < 3:
        return -_LEFT_OVER * plan * log(1 - chance())
    return plan * shares[longer + int(chance() * (len(shares) - longer))] - visit.lasted


class _Comers:
    """Those who are still to come and go first: emergencies before everybody, urgent ones before who came lately."""

    def __init__(self, odds: _Odds, credit: float, chance: Callable[[], float]) -> None:
        rate = odds.emergencies + odds.urgent
        self._emergency = odds.emergencies / rate
        self._rate = rate * exp(odds.rush * _Z[int(chance() * len(_Z))])
        self._credit, self._chance = credit, chance
        self.at = 0.0
        """When the next one comes."""
        self._most = MOST_FIRST
        self.draw()

    def draw(self) -> None:
        """Another one is on the way; after so many no more, or a bad hour would have no end."""
        self._most -= 1
        self.at = self.at - log(1 - self._chance()) / self._rate if self._most >= 0 else inf
        self._is_emergency = self._chance() < self._emergency

    def passes(self, person: InLine, start: float) -> bool:
        """Whether one comes before then who goes before this person."""
        while self.at < start:
            if not person.emergency and (self._is_emergency or self.at - self._credit < person.rank):
                return True
            self.draw()
        return False

    def take(self, everybodys: list[list[float]]) -> list[float]:
        """Whose seat they take: an emergency the first that is free, anybody else that of one provider or another."""
        return min(everybodys) if self._is_emergency else everybodys[int(self._chance() * len(everybodys))]
