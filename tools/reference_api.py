"""The API page by page of its slices, for whoever writes a client: written from the API's own description.

Who may and why not are read from the code that decides: the hand-typed matrix of doors, and the refusals that the
action of a route can come to.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from bedside.care.consultation import CONSULTATION, path_of
from bedside.kernel import Refused
from reference_text import codes, doc, said, table

ROOT = Path(__file__).resolve().parent.parent
MATRIX: dict[str, str] = tomllib.loads((ROOT / "tests/vectors/authorization.toml").read_text())["route"]
EVERYWHERE = {"session-missing", "not-found", "invalid", "key-missing", "unavailable", "conflict", "refused"}
Described = dict[str, Any]
Handlers = dict[tuple[str, str], Callable[..., Any]]


def page(described: Described, handlers: Handlers) -> Iterable[str]:
    """Every operation, by slice."""
    yield """\
# The API, operation by operation

How one signs in, what a key is and how a refusal looks stands under [routes](routes.md); what is heard live, under
[the wire](wire.md); a client to start from, under [write a client](../howto/write-a-client.md). A running clinic serves
the same for programs, as OpenAPI 3.1, at `/api/schema/openapi.json`. *Cared-for* are patient, guardian and proxy.

Everywhere the answer may also be `session-missing` (401), `not-found` (404: not there, or not yours to see), `invalid`
or `key-missing` (422) and `unavailable` (503: ask again under the same key).
"""
    schemas = described["components"]["schemas"]
    operations = [(m.upper(), p, one) for p, methods in described["paths"].items() for m, one in methods.items()]
    for tag in sorted({operation["tags"][0] for _, _, operation in operations}):
        yield f"\n## {tag.capitalize()}\n"
        for method, path, operation in operations:
            if operation["tags"][0] == tag:
                yield from _operation(method, path, operation, schemas, handlers.get((method, path)))


def _operation(
    method: str, path: str, operation: Described, schemas: Described, handler: Callable[..., Any] | None
) -> Iterable[str]:
    yield f"### `{operation['operationId']}`\n"
    yield f"`{method} {path}`\n\n{operation['description']}\n"
    yield f"*Who may:* {MATRIX.get(f'{method} {path}', 'see the matrix').replace(' ', ', ')}\n"
    query = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
    if query:
        yield "*In the address:* " + ", ".join(f"`{p['name']}` ({_kind(p['schema'])})" for p in query) + "\n"
    if body := _content(operation.get("requestBody", {})):
        yield from _members("Body", body["schema"], schemas)
        yield from _example(body["example"])
    for status, response in operation["responses"].items():
        if status < "3":
            answer = _content(response)
            yield f"*Answer:* {status}" + (f", {_kind(answer['schema'])}" if answer else ", nothing") + "\n"
            if answer:
                yield from _example(answer["example"])
    reasons = sorted({(one.slug, doc(one)) for one in refusals_of(handler, path)} if handler else ())
    if reasons:
        yield "*Refused with*\n"
        yield from table(("Slug", "When"), ((f"`{slug}`", why) for slug, why in reasons))
        yield ""


def _content(part: Described) -> Described:
    return next(iter(part.get("content", {}).values()), {})


def _members(title: str, schema: Described, schemas: Described) -> Iterable[str]:
    body = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    needed = body.get("required", ())
    yield f"*{title}:* {said(body.get('description', ''))}\n"
    rows = ((f"`{m}`" + ("" if m in needed else "?"), _kind(each)) for m, each in body.get("properties", {}).items())
    yield from table(("Member", "Kind"), rows)
    yield ""


def _kind(schema: Described) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "enum" in schema:
        return "one of " + codes(schema["enum"])
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(_kind(each) for each in choices)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    words = {"minLength": "at least", "maxLength": "at most"}
    limits = [f"{word} {schema[name]}" for name, word in words.items() if name in schema]
    return " ".join([str(schema.get("format") or schema.get("type") or "anything"), *limits])


def _example(example: Any) -> Iterable[str]:
    text = json.dumps(example, indent=2, ensure_ascii=False)
    short = text if len(text) < 900 else json.dumps(example, ensure_ascii=False)
    yield f"```json\n{short}\n```\n"


# ── Why not ──────────────────────────────────────────────────────────────────


def refusals_of(handler: Callable[..., Any], path: str) -> set[type[Refused]]:
    """What an operation's code can come to, followed through our own functions; for a visit's verb, its guards too."""
    found = set(_followed(handler, set()))
    verb = next((v for v in CONSULTATION.verbs if path.endswith(f"{{id}}/{path_of(v)}")), None)
    for arrow in CONSULTATION.arrows if verb else ():
        if arrow.verb == verb:
            for guard in arrow.unless:
                found |= set(_followed(guard, set()))
    return {one for one in found if one.slug not in EVERYWHERE}


def _followed(function: Any, seen: set[object]) -> Iterator[type[Refused]]:
    function = getattr(function, "__wrapped__", function)
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith("bedside."):
        return
    seen.add(function)
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType):
            inner = [getattr(value, each, None) for each in _names(function.__code__)]
        else:
            inner = [value]
        for each in inner:
            if isinstance(each, type) and issubclass(each, Refused):
                yield each
            elif isinstance(each, FunctionType) and each.__name__ not in ("possible", "possible_for_row"):
                yield from _followed(each, seen)


def _names(code: CodeType) -> list[str]:
    inner = [name for const in code.co_consts if isinstance(const, CodeType) for name in _names(const)]
    return [*code.co_names, *inner]
