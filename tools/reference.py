"""The reference pages, written from the code they describe: `make docs` writes them, `--check` says if one is stale.

What can be read from the code is read from it. The few sentences that only live here (what a deadline does) are
keyed by names from the code, and a name without its sentence stops this program.
"""

import importlib
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import click
import msgspec
import typer
from litestar.handlers import HTTPRouteHandler

import bedside
import reference_api
import reference_client
from bedside import app, cli
from bedside.care import consultation as visits
from bedside.care.consultation import CONSULTATION
from bedside.care.notification import NotificationSent
from bedside.care.notification.model import PATIENT_READY, PROVIDER_READY, WRAP_UP_WAITS
from bedside.config import Settings
from bedside.crypto.rootkey import ROOT_FILE, ROOT_VARIABLE
from bedside.kernel import Fact, Refused, Topic
from bedside.web import locale, openapi
from bedside.web.problems import STATUS
from reference_text import below, codes, doc, notes, table
from reference_visit import NOON, SOMEBODY, consultation

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/reference"
WRITTEN = "<!-- Written from the code by tools/reference.py. Change the code, then run `make docs`. -->"
ALSO = {  # facts of a visit that are no verb of the table, with the states they stand between
    "SCHEDULE": [("", "scheduled")],
    "ASK_FOR_A_MINUTE": [("connecting", "connecting")],
    "WRAP_UP_WAITS": [("wrapping-up", "wrapping-up")],
}
KINDS = (PATIENT_READY, PROVIDER_READY, WRAP_UP_WAITS)


def pages() -> dict[str, str]:
    """Each page's file name and text."""
    for module in pkgutil.walk_packages(bedside.__path__, "bedside."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    writers: dict[str, Callable[[], Iterable[str]]] = {
        "consultation.md": consultation,
        "routes.md": _routes,
        "api.md": _api,
        "refusals.md": _refusals,
        "settings.md": _settings,
        "facts.md": _facts,
        "topics.md": _topics,
    }
    return {name: "\n".join([WRITTEN, "", *write(), ""]) for name, write in writers.items()}


# ── Routes ───────────────────────────────────────────────────────────────────


def _routes() -> Iterable[str]:
    yield """\
# Routes

A running clinic serves the same as OpenAPI at `/api/schema/openapi.json`.

- **Who asks** is said by the session: the cookie `__Host-bedside`, or `Authorization: Bearer <token>` with the token
  that `POST /api/v1/sessions` gives for a link's secret.
- **Every change carries a key** of 8 to 255 characters: the header `Idempotency-Key`, or the field `key` of a form.
  The same request again gets the first answer; another request under the same key is refused. Only the exchange of
  a link's secret does without.
- **A refusal is a problem object** (RFC 9457): a [slug](refusals.md) as `type`, a sentence as `title`, and `can`, the
  steps that are possible instead.
- Members are in camelCase; times are UTC. `?` marks what may be left out.
"""
    handlers = sorted(_handlers(), key=lambda one: (one[1], one[0]))
    yield "## For programs\n"
    api = ((m, f"`{p}`", doc(h.fn), _takes(h), _gives(h)) for m, p, h in handlers if p.startswith("/api/v1"))
    yield from table(("", "Path", "What", "Takes", "Answers"), api)
    yield "\n## Pages, and the rest\n"
    yield "Forms post to these and are answered with 303. Pages need a session unless marked *open*.\n"
    rest = (
        (m, f"`{p}`", doc(h.fn) + (" *open*" if h.opt.get("open") else ""))
        for m, p, h in handlers
        if not p.startswith(("/api/", "/static"))
    )
    yield from table(("", "Path", "What"), rest)
    yield "\nThe live socket is `/live`: see [the wire](wire.md)."


def _built() -> Any:
    """The application as it is composed, without a database behind it."""
    return app.build(Settings(data=Path("data")))


def _handlers() -> Iterable[tuple[str, str, HTTPRouteHandler]]:
    """Every door of the application."""
    for route in _built().routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                yield method, route.path, handler


def _takes(handler: HTTPRouteHandler) -> str:
    data = handler.parsed_fn_signature.parameters.get("data")
    if data is None:
        return ""
    fields = msgspec.structs.fields(data.annotation)
    return ", ".join(f"`{f.encode_name}`{'' if f.required else '?'}" for f in fields)


def _gives(handler: HTTPRouteHandler) -> str:
    raw = handler.parsed_fn_signature.return_type.raw
    named = getattr(raw, "__name__", "") if isinstance(raw, type) and not getattr(raw, "__args__", ()) else str(raw)
    short = " ".join(part.rpartition(".")[2] if "[" not in part else _inner(part) for part in named.split())
    return f"{handler.status_code}" + (f" {short}".replace("|", "or") if short not in ("None", "NoneType") else "")


def _inner(text: str) -> str:
    outer, _, inner = text.partition("[")
    return f"{outer.rpartition('.')[2]} of {inner.rstrip(']').rpartition('.')[2]}"


def _api() -> Iterable[str]:
    handlers = {(method, re.sub(r":\w+}", "}", path)): handler.fn for method, path, handler in _handlers()}
    return reference_api.page(openapi.complete(_built().openapi_schema.to_schema()), handlers)


# ── Refusals, settings, facts, topics ────────────────────────────────────────


def _refusals() -> Iterable[str]:
    yield "# Refusals"
    yield "\nThe slug is for programs and stays; the sentence is for people, in the language of who asked (the"
    yield "catalogues are `src/bedside/web/locale/`). What the rules refuse to somebody known is put on record.\n"
    rows = sorted((r.slug, STATUS[r.status], doc(r), locale.refusal("en", r.slug)) for r in (Refused, *below(Refused)))
    yield from table(("Slug", "Status", "When", "What is said"), ((f"`{s}`", str(n), d, t) for s, n, d, t in rows))


def _settings() -> Iterable[str]:
    yield "# Commands and settings"
    command = cast("click.Group", typer.main.get_command(cli.app))
    for name, each in command.commands.items():
        yield f"\n## `bedside {name}`\n\n{each.help}\n"
        yield from table(("Option", "Or in the environment", "Default", "What"), map(_option, each.params))
    yield "\n## The root key\n"
    yield f"`{ROOT_VARIABLE}` (32 bytes, base64url) is the key above all others. Where it is not set, the keystore"
    yield f"makes one and keeps it in the data folder, as `keystore/{ROOT_FILE}`.\n"
    yield "## Inside\n"
    yield "What the commands make of it (`src/bedside/config.py`):\n"
    yield from table(("Setting", "What"), ((f"`{name}`", said) for name, said in notes(Settings).items()))


def _option(option: Any) -> Sequence[str]:
    default = "" if option.default in (None, "", False) else f"`{option.default}`"
    return f"`{option.opts[0]}`", f"`{option.envvar}`" if option.envvar else "", default, option.help or ""


def _facts() -> Iterable[str]:
    yield "# Facts"
    yield "\nEverything that happens is an entry of the journal. Kind and action name it for ever. It carries opaque"
    yield "ids, codes, numbers and times, never a name or free text. *Heard* says on which [topics](topics.md).\n"
    rows: list[tuple[str, str, str, str, str]] = []
    for fact in below(Fact):
        if "action" not in vars(fact):
            continue
        own = [f.name for f in msgspec.structs.fields(fact) if f.name not in ("subject", "patient", "consultation")]
        heard = ", ".join(sorted({kind for kind, _ in _heard(fact)}))
        action = f"`{fact.action}_<type>`" if "act" in vars(fact) else f"`{fact.action}`"
        rows.append((f"`{fact.kind}`", action, doc(fact), codes(own), heard))
    yield from table(("Kind", "Action", "What happened", "Says besides whose and where", "Heard"), sorted(rows))


def _topics() -> Iterable[str]:
    yield "# Topics"
    yield "\nA topic is spelled `kind.<uuid>`. [The wire](wire.md) says how one listens.\n"
    makers = [
        getattr(Topic, name) for name, made in vars(Topic).items() if isinstance(made, classmethod) and name != "parse"
    ]
    rows: list[tuple[str, str, str]] = []
    for make in makers:
        kind = make(SOMEBODY).kind
        names = {name for fact in app.HEARD for topic, name in _heard(fact) if topic == kind}
        rows.append((f"`{kind}.<{next(iter(make.__code__.co_varnames[1:]))}>`", doc(make), codes(sorted(names))))
    yield from table(("Topic", "What is heard there", "Notices"), rows)
    spare = [kind for kind in Topic.KINDS if not any(f"`{kind}." in row[0] for row in rows)]
    yield f"\nReserved, and heard by nobody yet: {codes(spare)}." if spare else ""
    yield "\n## Who may hear\n"
    yield "Judged in the database, anew whenever a right may have changed (`src/bedside/realtime/queries.sql`):\n"
    queries = (ROOT / "src/bedside/realtime/queries.sql").read_text()
    yield "```sql\n" + queries.partition("-- name: may_hear\n")[2].partition("-- name:")[0].strip() + "\n```"


def _heard(fact: type[Fact]) -> set[tuple[str, str]]:
    """On which kinds of topic a fact is heard, and under which name."""
    speak = app.HEARD.get(fact)
    told = (speak(_sample(fact, given)) for given in _variants(fact)) if speak else ()
    return {(topic.kind, name) for names in told for topic, name in names.items()}


def _variants(fact: type[Fact]) -> Iterable[dict[str, str]]:
    """What may differ from one such fact to the next and decides how it is heard."""
    if fact is NotificationSent:
        return [{"type": kind} for kind in KINDS]
    if not issubclass(fact, visits.Moved):
        return [{}]
    verb = {"END_CONSULTATION": "complete"}.get(fact.action, fact.action.lower())
    moves = ALSO.get(fact.action) or [(a.source, a.target) for a in CONSULTATION.arrows if a.verb == verb]
    return [{"before": before, "state": state} for before, state in moves]


def _sample(fact: type[Fact], given: dict[str, str]) -> Fact:
    made: dict[str, Any] = {}
    for field in msgspec.structs.fields(fact):
        text = str(field.type)
        like: Any = (SOMEBODY,) if "tuple" in text else SOMEBODY if "UUID" in text else 1 if "int" in text else "x"
        made[field.name] = given.get(field.name, NOON if "datetime" in text else like)
    return fact(**made)


# ── The SDK ──────────────────────────────────────────────────────────────────


def written() -> dict[Path, str]:
    """Every file that is made from the code, from the root of the tree."""
    made = {FOLDER.relative_to(ROOT) / name: text for name, text in pages().items()}
    described = openapi.complete(_built().openapi_schema.to_schema())
    notices = {name for fact in app.HEARD for _, name in _heard(fact)} | {"LINE_MOVED"}
    sdk = reference_client.modules(described, notices, [refusal.slug for refusal in below(Refused)])
    return made | _formatted(sdk)


def _formatted(files: dict[Path, str]) -> dict[Path, str]:
    """As the formatter would have it, so that the check of the format has nothing to say."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        for path, text in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_text(text)
        ruff = [sys.executable, "-m", "ruff"]
        config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "-q", folder]
        subprocess.run([*ruff, "format", *config], check=True)
        return {path: (Path(folder) / path).read_text() for path in files}


def stale() -> list[str]:
    """The files that say something else than the code."""
    return [
        f"{path} is stale: run `make docs`"
        for path, text in written().items()
        if not (ROOT / path).exists() or (ROOT / path).read_text() != text
    ]


if __name__ == "__main__":
    if "--check" in sys.argv:
        told = stale()
        print("\n".join(told) or "Reference: every page says what the code says.")
        raise SystemExit(bool(told))
    for path, text in written().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text)
