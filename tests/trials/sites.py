"""Where the killing happens: one server with its own database, or two servers behind one database."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Protocol
from uuid import UUID

from bedside.store.embedded import EmbeddedPostgres, lodging
from trials.fire import Crowd, Findings, Told, audit, inside
from trials.machine import Machine, kill_backend


class Site(Protocol):
    """A clinic that can be hit in several places."""

    @property
    def machines(self) -> Sequence[Machine]: ...

    def hit(self, victim: str, chance: Random) -> None:
        """Kill it, and let it come again."""
        ...

    async def ready(self) -> float:
        """Wait until all is well; how many seconds that took."""
        ...


@dataclass(slots=True)
class Alone:
    """`bedside serve --embedded`: the database follows its server into death."""

    machine: Machine

    @property
    def machines(self) -> Sequence[Machine]:
        return [self.machine]

    def hit(self, victim: str, chance: Random) -> None:
        match victim:
            case "postmaster":
                self.machine.kill_database()
            case "server":
                self.machine.kill()
                self.machine.start()
            case "a backend":
                self.machine.kill_backend(chance)
            case _:
                self.machine.kill_database()
                self.machine.kill()
                self.machine.start()

    async def ready(self) -> float:
        return await self.machine.ready()


@dataclass(slots=True)
class Pair:
    """Two servers, one keystore, one PostgreSQL that outlives them."""

    postgres: EmbeddedPostgres
    machines: Sequence[Machine]

    @classmethod
    async def open(cls, folder: Path) -> "Pair":
        """Both started, one after the other: the first migrates."""
        postgres = EmbeddedPostgres(folder / "cluster")
        dsn = await postgres.start()
        first, second = (Machine(folder / name, database_url=dsn) for name in ("first", "second"))
        first.start()
        await first.ready()
        second.data.mkdir(mode=0o700)
        (second.data / "keystore").symlink_to(first.data / "keystore")
        second.start()
        await second.ready()
        return cls(postgres, [first, second])

    def hit(self, victim: str, chance: Random) -> None:
        match victim:
            case "one of two servers":
                machine = chance.choice(self.machines)
                machine.kill()
                machine.start()
            case "postmaster":
                os.kill(self.postgres.pid, signal.SIGKILL)
            case _:
                kill_backend(self.postgres.pid, chance)

    async def ready(self) -> float:
        return max(await asyncio.gather(*(machine.ready() for machine in self.machines)))

    async def close(self) -> None:
        for machine in self.machines:
            machine.discard()
        await self.postgres.stop()
        lodging.discard(self.postgres.data)


@dataclass(slots=True)
class Outcome:
    """How a round of kills went."""

    told: Told
    found: Findings
    heard: list[UUID]
    resyncs: int
    cut: list[str]
    recoveries: list[float] = field(default_factory=list[float])
    progressed: int = 0
    hits: Counter[str] = field(default_factory=Counter[str])


async def under_fire(site: Site, victims: Sequence[str], *, trials: int, chance: Random) -> Outcome:
    """People check in and talk all the while, and the victims are killed in turn."""
    await site.ready()
    first = site.machines[0]
    async with inside(first) as clinic:
        urls = [machine.url for machine in site.machines]
        crowd = await Crowd.gather(clinic, speakers=4, arrivals=10 * trials, urls=urls)
    outcome = Outcome(crowd.told, Findings([], [], 0, 0, []), crowd.heard, 0, crowd.cut)
    await crowd.start()
    for trial in range(trials):
        before = len(crowd.told)
        await asyncio.sleep(chance.uniform(0.3, 0.9))
        outcome.progressed += len(crowd.told) > before
        victim = victims[trial % len(victims)]
        outcome.hits[victim] += 1
        site.hit(victim, chance)
        outcome.recoveries.append(await site.ready())
    await asyncio.sleep(1)
    await crowd.stop()
    outcome.found, outcome.resyncs = await audit(first.dsn, crowd), crowd.resyncs
    return outcome
