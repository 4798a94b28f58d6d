"""How a page is made: a template, the reader's words, and headers that let nothing else in."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from markupsafe import Markup, escape

from bedside.web import locale
from bedside.web.pages import when

TEMPLATES = Path(__file__).parent.parent / "templates"
STATIC = Path(__file__).parent.parent / "static"
LANGUAGE_COOKIE = "bedside-language"

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types bedside"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=()",
    # Not `no-referrer`: with it browsers send `Origin: null` along with our own forms too.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept, Accept-Language, Cookie, X-Fragment",
    "X-Content-Type-Options": "nosniff",
}

Html = Response[str]
AnyRequest = Request[Any, Any, Any]


def page(template: str, lang: str, *, now: datetime | None = None, **context: Any) -> str:
    """The page's HTML. `now` is what the clinic's clock says; everything relative is told from it."""
    now = now or datetime.now(UTC)
    words: dict[str, Callable[..., object]] = {
        "t": partial(locale.t, lang),
        "marked": partial(locale.marked, lang),
        "template": partial(locale.template, lang),
        "refusal": partial(locale.refusal, lang),
        "has": locale.knows,
        "device_words": partial(device_words, lang),
        "day": partial(when.day, lang),
        "near": lambda at, zone: when.near(lang, at, now, zone),
        "born": partial(when.born, lang),
        "age": lambda on, zone: when.age(on, now, zone),
        "minutes": lambda since: when.minutes(since, now),
    }
    return (
        _environment()
        .get_template(template)
        .render(
            {"topics": (), "cursor": None, "fragment": False, "mistakes": {}, "typed": {}, "problem": None}
            | words
            | {"lang": lang, "other_lang": "en" if lang == "es" else "es", "now": now}
            | context
        )
    )


def render(
    request: AnyRequest, template: str, *, status: int = 200, topics: Iterable[str] = (), **context: Any
) -> Html:
    """The page as an answer: never stored, nothing from elsewhere, in the reader's language."""
    lang = language(request, context.pop("language", None))
    fragment = request.headers.get("x-fragment") == "main"
    html = page(template, lang, topics=tuple(topics), fragment=fragment, here=request.url.path, **context)
    chosen = request.query_params.get("lang")
    cookies = [chose(chosen)] if chosen in locale.LANGUAGES else []
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=HEADERS, cookies=cookies)


def chose(language: str) -> Cookie:
    """The language that somebody chose on this device, remembered for a year."""
    return Cookie(key=LANGUAGE_COOKIE, value=language, path="/", httponly=True, samesite="lax", max_age=365 * 24 * 3600)


def see_other(path: str) -> Redirect:
    """Done; look there. A reload repeats nothing."""
    return Redirect(path, status_code=303, headers={"Cache-Control": "no-store", "Referrer-Policy": "same-origin"})


def language(request: AnyRequest, preferred: str | None = None) -> str:
    """What they chose on this device, else the language their record names, else what the browser likes best."""
    asked = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), preferred)
    return next((wish for wish in asked if wish in locale.LANGUAGES), None) or locale.best(
        request.headers.get("accept-language", "")
    )


@cache
def assets() -> str:
    """Where the files that pages share are found: an address that changes whenever one of them does."""
    every = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        every.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"/static/{every.hexdigest()[:16]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=one_direction,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shapes: dict[str, Any] = {
        "clock": when.clock,
        "later": when.later,
        "initials": initials,
        "prose": prose,
        "iso": datetime.isoformat,
    }
    environment.filters.update(shapes)
    helpers: dict[str, Any] = {
        "may": may,
        "why_closed": why_closed,
        "new_key": lambda: str(uuid4()),
        "part_of_day": when.part_of_day,
        "static": assets(),
    }
    environment.globals.update(helpers)
    return environment


def device_words(lang: str) -> dict[str, str]:
    """What the device check says, for its script."""
    slugs = [slug for slug in locale.catalogue(lang) if slug.startswith(("device.result.", "device.remedy."))]
    return {slug.removeprefix("device."): locale.t(lang, slug) for slug in slugs} | {
        "again": locale.t(lang, "device.again")
    }


def may(thing: Any, verb: str) -> bool:
    """Is this verb among what is possible now? The table decides; the page only asks."""
    return verb.replace("-", "_") in {offered.replace("-", "_") for offered in thing.can}


def why_closed(view: Any) -> str:
    """Why nobody writes here now, or not this reader: which sentence says it."""
    cared_for = view.mine in ("patient", "guardian", "proxy")
    if view.state in ("cancelled", "no-show"):
        return "off"
    if view.state == "scheduled":
        return "before" if cared_for else "not-arrived"
    if view.state in ("wrapping-up", "completed") and (cared_for or view.state == "completed"):
        return "ended" if cared_for else "completed"
    return "consent" if view.takes_part else "outside"


_TURNS = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))


def one_direction(value: Any) -> Any:
    """What people wrote may not turn the direction of what stands around it: the marks that could are left out."""
    if isinstance(value, Markup):
        return Markup(value.translate(_TURNS))  # noqa: S704 - it was markup before, and has lost characters only
    return value.translate(_TURNS) if isinstance(value, str) else value


def initials(name: str) -> str:
    """Two letters for the round mark beside a name."""
    parts = [part for part in name.replace("Dr.", "").replace("Dra.", "").split() if part]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


def prose(text: str) -> Markup:
    """Plain paragraphs, `## headings` and `- points`; everything else is only text."""
    html: list[Markup] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = block.strip().splitlines()
        if not lines:
            continue
        if lines[0].startswith("#"):
            html.append(Markup("<h2>{}</h2>").format(lines.pop(0).lstrip("# ")))
        if lines and all(line.startswith("- ") for line in lines):
            points = Markup("").join(Markup("<li>{}</li>").format(line[2:]) for line in lines)
            html.append(Markup("<ul>{}</ul>").format(points))
        elif lines:
            html.append(Markup("<p>{}</p>").format(Markup(" ").join(escape(line) for line in lines)))
    return Markup("\n").join(html)
