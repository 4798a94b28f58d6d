"""The SDK's typed half, written from the description of the API: what views hold, and one method for each operation.

`make docs` writes it with the reference pages, so that the SDK knows every verb as soon as there is one.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap
from typing import Any

from reference_text import said

MADE = "# Written from the description of the API by tools/reference_client.py: change that, then `make docs`."
OF_A_VISIT = "/api/v1/consultations/{id}"
BY_HAND = ("people.sign_in", "people.sign_out")
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "object": "dict[str, Any]"}
Described = dict[str, Any]


def modules(described: Described, notices: Iterable[str], refusals: Iterable[str]) -> dict[Path, str]:
    """Each file below `src/bedside_client` and its text."""
    folder = Path("src/bedside_client")
    described = _spelled_out(described, described["components"]["schemas"])
    schemas = described["components"]["schemas"]
    operations = [(m.upper(), p, one) for p, methods in described["paths"].items() for m, one in methods.items()]
    operations.sort(key=lambda each: each[2]["tags"])
    mine = [each for each in operations if each[1].startswith(OF_A_VISIT)]
    others = [each for each in operations if each not in mine and each[2]["operationId"] not in BY_HAND]
    return {
        folder / "views.py": _views(schemas, _answers(operations, schemas)),
        folder / "names.py": _names(notices, refusals),
        folder / "visit_verbs.py": _verbs("VisitVerbs", "VisitCaller", "in a visit", mine, schemas),
        folder / "clinic_verbs.py": _verbs("ClinicVerbs", "Caller", "in the clinic", others, schemas),
    }


def _spelled_out(part: Any, schemas: Described) -> Any:
    """The same, with lists of words and plain values in the place where they are referred to."""
    if isinstance(part, list):
        return [_spelled_out(each, schemas) for each in part]
    if not isinstance(part, dict):
        return part
    meant = schemas.get(str(part.get("$ref", "")).rpartition("/")[2], {"properties": {}})
    if "properties" not in meant:
        return _spelled_out(meant, schemas)
    return {name: _spelled_out(each, schemas) for name, each in part.items()}


# ── Views ────────────────────────────────────────────────────────────────────


def _answers(operations: list[tuple[str, str, Described]], schemas: Described) -> set[str]:
    """Every kind of object that an answer may hold: what is only asked is spelled as arguments."""
    found: set[str] = set()

    def add(schema: Any) -> None:
        if isinstance(schema, dict):
            name = str(schema.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                add(schemas[name])
            for inner in schema.values():
                add(inner)
        elif isinstance(schema, list):
            for inner in schema:
                add(inner)

    for _, _, operation in operations:
        add([response.get("content") for status, response in operation["responses"].items() if status < "3"])
    return {name for name in found if schemas[name].get("properties")}


def _views(schemas: Described, shown: set[str]) -> str:
    lines = ['"""What the clinic answers, member by member, as it is spelled in JSON."""', "", MADE, ""]
    lines += ["from __future__ import annotations", "", "from typing import Any, Literal, NotRequired, TypedDict", ""]
    for name in sorted(shown):
        schema = schemas[name]
        required = set(schema.get("required", ()))
        lines += ["", f"class {name}(TypedDict):", f'    """{_words(schema, name)}"""', ""]
        for member, each in schema["properties"].items():
            kind = _kind(each)
            lines.append(f"    {member}: {kind if member in required else f'NotRequired[{kind}]'}")
        lines.append("")
    return _imported("\n".join(lines))


def _words(schema: Described, name: str) -> str:
    return said(str(schema.get("description") or "").split("\n\n")[0]) or f"{name}."


def _kind(schema: Described) -> str:
    """How a value is typed."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema or "const" in schema:
        allowed = schema.get("enum") or [schema["const"]]
        return f"Literal[{', '.join(repr(each) for each in allowed)}]".replace("'", '"')
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " | ".join(dict.fromkeys(_kind(each) for each in choices))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_kind({**schema, "type": each}) for each in kind)
    if kind == "array":
        return f"list[{_kind(schema['items'])}]" if schema.get("items") else "list[Any]"
    return "None" if kind == "null" else PLAIN.get(str(kind), "Any")


# ── Verbs ────────────────────────────────────────────────────────────────────


def _verbs(name: str, base: str, where: str, operations: list[tuple[str, str, Described]], schemas: Described) -> str:
    lines = [f'"""What can be done {where}: one method for each operation of the API."""', "", MADE, ""]
    lines += ["from __future__ import annotations", "", "from typing import Any, Literal", ""]
    lines += [f"from bedside_client.caller import {base}, some"]
    lines += [f"from bedside_client.views import {', '.join(sorted(schemas))}", ""]
    lines += ["", f"class {name}({base}):", f'    """What can be done {where}."""', ""]
    known: set[str] = set()
    for method, path, operation in operations:
        called = _called(operation, method, path)
        assert called not in known, f"two operations are called {called}: the SDK would know one of them"
        known.add(called)
        lines += [*_method(method, path, operation, schemas), ""]
    return _imported("\n".join(lines))


def _called(operation: Described, method: str, path: str) -> str:
    name = operation["operationId"].rpartition(".")[2]
    return "get" if path == OF_A_VISIT and method == "GET" else name


def _method(method: str, path: str, operation: Described, schemas: Described) -> Iterable[str]:
    name = _called(operation, method, path)
    of_a_visit = path.startswith(OF_A_VISIT)
    given = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"]
    given = [each for each in given if not (of_a_visit and each == "id")]
    query = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
    body = _body(operation, schemas)
    needed = set(body.get("required", ()))
    keywords = [f"{_snake(m)}: {_kind(s)}" for m, s in body.get("properties", {}).items() if m in needed]
    keywords += [
        f"{_snake(m)}: {_optional(s)} = None" for m, s in body.get("properties", {}).items() if m not in needed
    ]
    keywords += [f"{p['name']}: {_optional(p['schema'])} = None" for p in query]
    if method != "GET":
        keywords.append("key: str | None = None")
    arguments = ["self", *(f"{each}: str" for each in given), *(["*", *keywords] if keywords else [])]
    yield f"    async def {name}({', '.join(arguments)}) -> {_answer(operation)}:"
    words = wrap(said(operation["description"]), 105)
    yield '        """' + "\n        ".join(words) + '"""'
    address = path.replace("{id}", "{self.id}") if of_a_visit else path
    spelled = f'f"{address}"' if "{" in address else f'"{address}"'
    asked = ", ".join(f"{p['name']}={p['name']}" for p in query)
    extra = f", {_sent(body)}" if body else ""
    extra += f", query=some({asked})" if query else ""
    extra += ", key=key" if method != "GET" else ""
    yield f'        return await self.call("{method}", {spelled}{extra})'


def _body(operation: Described, schemas: Described) -> Described:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if not content:
        return {}
    schema = content["schema"]
    return dict(schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema)


def _answer(operation: Described) -> str:
    content = next((r.get("content") for status, r in operation["responses"].items() if status < "3"), None)
    return _kind(content["application/json"]["schema"]) if content else "None"


def _optional(schema: Described) -> str:
    kind = _kind(schema)
    return kind if "None" in kind.split(" | ") else f"{kind} | None"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _sent(body: Described) -> str:
    """The body: what must be there always is, what may be left out only if it was given."""
    needed = [m for m in body.get("properties", {}) if m in body.get("required", ())]
    more = ", ".join(f"{m}={_snake(m)}" for m in body.get("properties", {}) if m not in needed)
    always = "{" + ", ".join(f'"{m}": {_snake(m)}' for m in needed) + "}"
    return f"{always} | some({more})" if needed and more else f"some({more})" if more else always


def _names(notices: Iterable[str], refusals: Iterable[str]) -> str:
    lines = ['"""Names that stay: what is heard on the live feed, and why something is refused."""', "", MADE, ""]
    lines += ["from typing import Literal, TypeAlias", ""]
    for title, names in (("NoticeName", notices), ("RefusalSlug", refusals)):
        lines += [f"{title}: TypeAlias = Literal[", *(f'    "{name}",' for name in sorted(set(names))), "]"]
    return "\n".join([*lines, ""])


def _imported(text: str) -> str:
    """Only what is used is imported."""
    kept: list[str] = []
    rest = "\n".join(line for line in text.splitlines() if not line.startswith("from "))
    words = set(re.findall(r"\w+", re.sub(r'"""(?:.|\n)*?"""', "", rest)))
    for line in text.splitlines():
        if line.startswith("from ") and "__future__" not in line:
            head, _, names = line.partition(" import ")
            used = [name for name in names.split(", ") if name in words]
            line = f"{head} import {', '.join(used)}" if used else None
        if line is not None:
            kept.append(line)
    return re.sub(r"(annotations\n)\n+(?=from)", r"\1\n", "\n".join(kept)).rstrip() + "\n"
