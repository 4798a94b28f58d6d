"""How a refusal leaves the house: problem+json for programs, a page for people. Status codes live only here."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotAuthorizedException,
    NotFoundException,
    ValidationException,
)

from bedside.care.consultation import path_of
from bedside.crypto import KeystoreDown
from bedside.journal import Collided, Replay, as_refusal
from bedside.kernel import NotFound, Refused, Unavailable, Unfit
from bedside.store import PoolUnavailable
from bedside.web import locale, metrics
from bedside.web.again import not_answered
from bedside.web.bodies import UNFIT

log = structlog.get_logger("bedside.web")

STATUS = {
    "refused": 409,
    "forbidden": 403,
    "invalid": 422,
    "not-found": 404,
    "conflict": 409,
    "unavailable": 503,
    "unauthenticated": 401,
    "too-large": 413,
    "media": 415,
    "method": 405,
    "slow": 408,
    "broken": 500,
}
Asked = Request[Any, Any, Any]


class SignInNeeded(Refused):
    """Nobody is known here: no session, or one that ended."""

    slug = "session-missing"
    status = "unauthenticated"


class KeyMissing(Refused):
    """A change was asked for without an Idempotency-Key, so a retry could do it twice."""

    slug = "key-missing"
    status = "invalid"


class ForeignOrigin(Refused):
    """A change was asked for from a page that is not ours."""

    slug = "origin-foreign"
    status = "forbidden"


class Broken(Refused):
    """A mistake of ours. The reference finds it in the log."""

    slug = "broken"
    status = "broken"


class TooLarge(Refused):
    """A request that is longer than this route takes."""

    slug = "too-large"
    status = "too-large"


class TooSlow(Refused):
    """A request whose bytes came so slowly that its door was closed. Said by the doorkeeper, before any route."""

    slug = "too-slow"
    status = "slow"


class MethodUnknown(Refused):
    """The address is there, and takes other methods."""

    slug = "method-unknown"
    status = "method"


def problem_of(refused: Refused, lang: str = "en") -> dict[str, Any]:
    """The refusal as its problem object (RFC 9457), with what is possible now."""
    return {
        "type": refused.slug,
        "title": locale.refusal(lang, refused.slug, **refused.facts),
        "status": STATUS[refused.status],
        "can": [path_of(verb) for verb in refused.can],
    } | {name: value for name, value in refused.facts.items() if name not in ("type", "title", "status", "can")}


def explain(error: Exception) -> dict[str, Any] | None:
    """For the socket: a refusal as its problem object; None for a bug."""
    if isinstance(error, PoolUnavailable):
        error = Unavailable()
    if isinstance(error, Refused):
        metrics.REFUSALS.labels(error.slug).inc()
    return problem_of(error) if isinstance(error, Refused) else None


PageFor = Callable[[Asked, dict[str, Any]], Response[Any]]


class Answers:
    """The exception handlers of the whole application. `page_for` draws a problem for a person."""

    def __init__(self, page_for: PageFor) -> None:
        self.page_for = page_for

    def handlers(self) -> dict[Any, Any]:
        """By kind of exception, as the application takes them."""
        return {
            Collided: not_answered,
            Refused: self.refused,
            PoolUnavailable: self.outage,
            Replay: self.replay,
            HTTPException: self.http,
            Exception: self.bug,
        }

    def refused(self, request: Asked, error: Refused, *, reference: str | None = None) -> Response[Any]:
        """No, in the asker's form and language."""
        metrics.REFUSALS.labels(error.slug).inc()
        problem = problem_of(error, _language(request))
        if reference:
            problem["reference"] = reference
        if _wants_page(request):
            return self.page_for(request, problem)
        headers = {"Cache-Control": "no-store"}
        if problem["status"] == 503:
            headers["Retry-After"] = "2"
        if problem["status"] == 401:
            headers["WWW-Authenticate"] = "Bearer"
        body, kind = msgspec.json.encode(problem), "application/problem+json"
        return Response(body, status_code=problem["status"], media_type=kind, headers=headers)

    def outage(self, request: Asked, error: PoolUnavailable) -> Response[Any]:
        """The database is not there: an error, never an empty answer."""
        log.warning("database_unavailable", route=_route(request))
        return self.refused(request, Unavailable())

    def replay(self, request: Asked, error: Replay) -> Response[Any]:
        """Done before: the first answer again."""
        body = b"" if error.status == 204 else error.answer
        headers = {"Cache-Control": "no-store", "Idempotent-Replay": "true"}
        return Response(body, status_code=error.status, media_type="application/json", headers=headers)

    def http(self, request: Asked, error: HTTPException) -> Response[Any]:
        """What the framework refused by itself."""
        unfit = request.scope.get(UNFIT) if isinstance(error, ValidationException) else None
        if isinstance(unfit, Refused):
            return self.refused(request, unfit)
        return self.refused(request, _of_http(error)) if error.status_code < 500 else self.bug(request, error)

    def bug(self, request: Asked, error: Exception) -> Response[Any]:
        """Ours, not theirs. Where it happened goes to the log, never what was in hand."""
        if isinstance(error, UnicodeDecodeError | RecursionError):  # out of the parser of a body
            return self.refused(request, Unfit())
        if isinstance(error, KeystoreDown):
            log.warning("keystore_unavailable", route=_route(request))
            return self.refused(request, Unavailable())
        if refused := as_refusal(error):  # a statement outside of a unit of work
            log.warning("database_refused", sqlstate=getattr(error, "sqlstate", None), route=_route(request))
            return self.refused(request, refused)
        reference = uuid4().hex
        log.error("bug", reference=reference, error=type(error).__name__, at=_where(error), route=_route(request))
        return self.refused(request, Broken(), reference=reference)


def _of_http(error: HTTPException) -> Refused:
    if isinstance(error, NotFoundException):
        return NotFound()
    if isinstance(error, NotAuthorizedException):
        return SignInNeeded()
    if isinstance(error, MethodNotAllowedException):
        return MethodUnknown()
    if error.status_code == 413:
        return TooLarge()
    if isinstance(error, ValidationException):
        names = [str(item["key"]) for item in error.extra or [] if isinstance(item, dict) and "key" in item]
        return Unfit(fields=", ".join(sorted(names))[:200]) if names else Unfit()
    return Unfit()


def _wants_page(request: Asked) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _language(request: Asked) -> str:
    chosen = request.cookies.get("bedside-language")
    return chosen if chosen in locale.LANGUAGES else locale.best(request.headers.get("accept-language", ""))


def _route(request: Asked) -> str:
    """The route's pattern: a path may hold a secret, its pattern never does."""
    return str(request.scope.get("path_template", ""))


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
