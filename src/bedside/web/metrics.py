"""Figures for the operator's monitoring, as Prometheus reads them: counts and ages by kind, never by whom.

No label holds an id, a name, an organization or a path: routes stand as their templates, refusals as their slugs. Who
may read them: whoever brings METRICS_TOKEN; if none is set, only a program on this machine that came by no proxy.
"""

import asyncio
import hmac
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.datastructures import State
from prometheus_client import CollectorRegistry, Counter, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from bedside.config import Settings
from bedside.journal.load import Load
from bedside.kernel import Instant, NotFound

COUNTED = CollectorRegistry()
REQUESTS = Counter("bedside_http_requests", "Answered, by route and status", ["method", "route", "status"],
                   registry=COUNTED)  # fmt: skip
REFUSALS = Counter("bedside_refusals", "Said no, by reason", ["reason"], registry=COUNTED)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


class Lag:
    """How late this process is: how much longer than asked it sleeps, at worst within the last quarter of a minute."""

    def __init__(self, *, every: float = 0.25) -> None:
        self._every = every
        self._late: deque[float] = deque([0.0], maxlen=60)

    @property
    def worst(self) -> float:
        return max(self._late)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(self._every)
            self._late.append(max(0.0, time.perf_counter() - asked - self._every))


@dataclass(frozen=True, slots=True)
class Figures:
    """What is true only at the moment of asking."""

    now: Instant
    load: Load
    sockets: int
    live: Mapping[tuple[str, str], int]
    """What the live sockets counted since the start: (what, kind) → how often."""
    lag: float


async def counted(message: Any, scope: Any) -> None:
    """Each answer is counted as it leaves, under its route's template: a path may hold a secret."""
    if message["type"] != "http.response.start" or scope["type"] != "http":
        return
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUESTS.labels(method, scope.get("path_template") or "none", str(message["status"])).inc()


@get("/metrics", opt={"open": True}, include_in_schema=False)
async def metrics(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """What Prometheus reads. Not there at all for whoever may not."""
    if not may_read(request, state.clinic.settings):
        raise NotFound
    figures: Figures = await state.clinic.figures()
    text = generate_latest(COUNTED) + generate_latest(_Now(figures))
    return Response(text, media_type="text/plain; version=0.0.4", headers={"Cache-Control": "no-store"})


def may_read(request: Request[Any, Any, Any], settings: Settings) -> bool:
    """The token's holder; with no token, this machine itself, and not a stranger for whom a proxy here asks."""
    if settings.metrics_token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), settings.metrics_token.encode())
    if settings.trusted_proxies or any(name in request.headers for name in FORWARDED):
        return False
    host = urlsplit("//" + request.headers.get("host", "")).hostname or ""
    return _loopback(request.client.host if request.client else "") and (host == "localhost" or _loopback(host))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class _Now(CollectorRegistry):
    """The figures of one moment, as if they had been collected."""

    def __init__(self, figures: Figures) -> None:
        super().__init__()
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        now, load = self._figures.now, self._figures.load
        yield _gauge("bedside_sockets", "Live sockets open", self._figures.sockets)
        yield _gauge(
            "bedside_loop_lag_seconds", "How late this process was, at worst, in the last 15 s", self._figures.lag
        )
        yield _gauge("bedside_journal_pending", "Entries that wait for their number", load.pending)
        yield _gauge("bedside_journal_lag_seconds", "Age of the oldest of them", _age(now, load.oldest_pending))
        yield _gauge("bedside_deadline_overdue_seconds", "How late the timekeeper is", _age(now, load.next_deadline))
        yield _by("bedside_reader_behind", "Entries not heard yet, by reader", "reader", load.behind)
        yield _by("bedside_visits", "Visits under way, by state", "state", load.visits)
        live = CounterMetricFamily(
            "bedside_live", "What went over live sockets, by what and kind", labels=["what", "kind"]
        )
        for (what, kind), times in sorted(self._figures.live.items()):
            live.add_metric([what, kind], times)
        yield live


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value)


def _by(name: str, says: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for each, value in sorted(values.items()):
        family.add_metric([each], value)
    return family


def _age(now: Instant, since: Instant | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
