"""The composition root: the one file that knows everything. Nothing is looked up; all is handed over here."""

import asyncio
import contextlib
import os
import random
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide

from bedside import founding, invented
from bedside.care import credentials, grants, people
from bedside.care.appointments import feed as appointments_feed
from bedside.care.audit import api as audit_api
from bedside.care.audit import feed as audit_feed
from bedside.care.availability import api as availability_api
from bedside.care.availability import feed as availability_feed
from bedside.care.consent import api as consent_api
from bedside.care.consent import feed as consent_feed
from bedside.care.consultation import api as consultation_api
from bedside.care.consultation import desk_api
from bedside.care.consultation import feed as consultation_feed
from bedside.care.consultation import hears as consultation_hears
from bedside.care.messages import api as messages_api
from bedside.care.messages import feed as messages_feed
from bedside.care.notification import api as notification_api
from bedside.care.notification import feed as notification_feed
from bedside.care.notification import hears as notification_hears
from bedside.care.people import api as people_api
from bedside.care.queue import api as queue_api
from bedside.care.queue import feed as queue_feed
from bedside.config import Settings
from bedside.crypto import Keyring
from bedside.ground import ground
from bedside.journal import WINDOW, House, Reader, Sequencer, Timekeeper, Vault
from bedside.journal.load import load
from bedside.journal.reveal import close_windows
from bedside.kernel import Clock
from bedside.realtime import Gateway, SystemClock, announced, live
from bedside.realtime import House as LiveHouse
from bedside.realtime import channels as channels_api
from bedside.realtime.carrier import beside
from bedside.realtime.clinic import ClinicActs, ClinicAuthority, ClinicPresence
from bedside.realtime.clock import Ticking
from bedside.realtime.hub import Hub
from bedside.realtime.presence import Book
from bedside.store import Database
from bedside.web import again, health, metrics, openapi, pages, problems, reading, session
from bedside.web.bodies import Spoken

log = structlog.get_logger("bedside")

HEARD = {
    **consultation_feed.HEARD,
    **appointments_feed.HEARD,
    **availability_feed.HEARD,
    **consent_feed.HEARD,
    **queue_feed.HEARD,
    **messages_feed.HEARD,
    **notification_feed.HEARD,
    **audit_feed.HEARD,
}
DEADLINES = {**consultation_hears.DEADLINES, WINDOW: close_windows}
REVOKES = {**people.REVOKES, **credentials.REVOKES, **grants.REVOKES}


@dataclass(slots=True)
class Running:
    """A clinic that is open."""

    asgi: Any
    house: House
    settings: Settings
    sequencer: Sequencer
    timekeeper: Timekeeper
    readers: list[Reader]
    gateway: Gateway
    lag: metrics.Lag = field(default_factory=metrics.Lag)

    async def figures(self) -> metrics.Figures:
        """What only the moment of asking knows, for monitoring."""
        now, live = self.house.clock.now(), self.gateway
        return metrics.Figures(
            now, await load(self.house.database), len(live.connections()), live.tally(), self.lag.worst
        )

    async def links(self, base: str) -> dict[str, str]:
        """Links into the invented clinic, made anew: each patient's for today's visit, each colleague's for one use."""
        return await invented.links(self.house, base)

    async def keys_for_administrators(self, base: str) -> dict[str, str]:
        """A link for each administrator, made anew, by name: for whoever owns the data folder."""
        return await founding.links(self.house, base)


@asynccontextmanager
async def running(
    settings: Settings, *, say: Callable[[str], None] = lambda step: None, clock: Clock | None = None
) -> AsyncGenerator[Running, None]:
    """Open the clinic: database, keystore, migrations, then the loops. Closed in the opposite order."""
    async with ground(settings, say=say) as below:
        house = furnish(below.database, below.keystore, clock or SystemClock())
        if settings.mode == "demo":
            say("the invented clinic")
            await invented.settle_in(house)
        clinic = assemble(house, settings)
        async with at_work(clinic, below.as_role("bedside_timekeeper")):
            yield clinic


def furnish(database: Database, keystore: Any, clock: Clock, *, chance: Callable[[int], bytes] = os.urandom) -> House:
    """What every unit of work stands on."""
    return House(
        database=database,
        clock=clock,
        chance=chance,
        vault=Vault(keystore, Keyring(keystore)),
        secret=keystore.derive,
        since=clock.now(),
        revokes=REVOKES,
    )


def assemble(house: House, settings: Settings, *, built: Litestar | None = None) -> Running:
    """The parts of an open clinic, not yet at work. An application that is `built` already changes hands."""
    sequencer = Sequencer(house.database)
    house.poke = sequencer.poke
    readers = [
        Reader(house, "consultation", consultation_hears.hear, concerns=consultation_hears.CONCERNS),
        Reader(house, "notification", notification_hears.hear, concerns=notification_hears.CONCERNS),
    ]
    hub, book, clock = Hub(), Book(), Ticking(house.clock)
    rest = LiveHouse(
        authority=ClinicAuthority(house),
        acts=ClinicActs(house),
        feed=announced.ClinicFeed(house, HEARD),
        presence=ClinicPresence(house),
        explain=problems.explain,
        clock=clock,
        sleep=asyncio.sleep,
        hub=hub,
        book=book,
        signals=beside(house, hub, book, clock),
    )
    gateway = Gateway(rest, new_id=uuid.uuid4, chance=random.random)
    clinic = Running(
        built or build(settings), house, settings, sequencer, Timekeeper(house, DEADLINES), readers, gateway
    )
    clinic.asgi.state.clinic = clinic
    return clinic


@asynccontextmanager
async def at_work(clinic: Running, dsn: str) -> AsyncGenerator[None, None]:
    """The loops of a clinic: numbering, reading, keeping time, telling. A loop that fails is begun again.

    `dsn` is where news of new entries is listened for; any role may listen.
    """
    woken = asyncio.Event()
    loops = {
        "sequencer": clinic.sequencer.run,
        "timekeeper": clinic.timekeeper.run,
        "lag": clinic.lag.run,
        **{reader.name: reader.run for reader in clinic.readers},
        "ear": lambda: _listen(dsn, lambda: _wake(clinic, woken), clinic.gateway),
    }
    tasks = [asyncio.create_task(_kept_going(name, run), name=name) for name, run in loops.items()]
    clinic.gateway.start(_each(woken))
    try:
        yield
    finally:
        await clinic.gateway.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


NEVER_KEPT = {"Cache-Control": "no-store", "Vary": "Authorization, Cookie", "X-Content-Type-Options": "nosniff"}
"""What the API answers is one person's: no cache on the way keeps it."""


def build(settings: Settings) -> Litestar:
    """The application: API, pages, socket, health. Whose it is, its `state.clinic` says."""
    api = Router(
        "/api/v1",
        response_headers=NEVER_KEPT,
        route_handlers=[
            consultation_api.router,
            desk_api.router,
            queue_api.router,
            people_api.router,
            messages_api.router,
            consent_api.router,
            availability_api.router,
            notification_api.router,
            audit_api.router,
            channels_api.router,
            reading.router,
        ],
    )
    return Litestar(
        route_handlers=[
            api,
            *pages.routes,
            health.healthz,
            metrics.metrics,
            live(lambda state: state.clinic.gateway, origins=settings.origins),
        ],
        dependencies={
            "house": Provide(of_the_clinic, sync_to_thread=False),
            "who": Provide(session.signed_in),
            "work": Provide(session.work_for),
        },
        middleware=[again.again],
        before_send=[metrics.counted],
        exception_handlers=problems.Answers(pages.problem_page).handlers(),
        openapi_config=openapi.config(),
        request_class=Spoken,
        request_max_body_size=1024 * 1024,
        debug=False,
        logging_config=None,
    )


def of_the_clinic(state: State) -> House:
    """What the handlers stand on."""
    house: House = state.clinic.house
    return house


async def _kept_going(name: str, run: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await run()
        except Exception as error:  # noqa: BLE001 - a bug in one batch must not silence the clinic for good
            log.error("loop_failed", loop=name, error=type(error).__name__, at=datetime.now(UTC).isoformat())
        await asyncio.sleep(0.5)


def _wake(clinic: Running, woken: asyncio.Event) -> None:
    woken.set()
    for reader in clinic.readers:
        reader.wake()


async def _each(woken: asyncio.Event) -> AsyncIterator[None]:
    """One item for each time the journal grew; several at once are one."""
    while True:
        await woken.wait()
        woken.clear()
        yield None


async def _listen(dsn: str, heard: Callable[[], None], gateway: Gateway) -> None:
    """Hear what was numbered, what was withdrawn and who is where. Deaf, we are only slower: all poll too."""
    revoked, signals = gateway.watch.poke, gateway.house.signals
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        connection = await asyncpg.connect(dsn, timeout=5)
        try:
            ended = asyncio.get_running_loop().create_future()
            connection.add_termination_listener(lambda _: ended.done() or ended.set_result(None))
            await connection.add_listener("bedside_journal", lambda *_: heard())
            await connection.add_listener("bedside_authority", lambda *_: revoked())
            await connection.add_listener("bedside_signal", lambda *said: signals.heard(str(said[3])))
            heard()
            revoked()
            await ended
        finally:
            await connection.close(timeout=2)
