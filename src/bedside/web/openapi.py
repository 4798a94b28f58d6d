"""The API described for strangers: what the framework reads from the handlers, and what holds for all of them.

Every operation has a name that stays (`consultation.check_in`), its words from the handler's docstring, the key that a
change carries, the refusals that may come, and an example. Reference pages and SDK are written from this.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from bedside.web import samples

Described = dict[str, Any]
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 8, "maxLength": 255},
    "description": "The same request again under the same key gets the first answer; nothing is done twice.",
    "example": "3d6f0a52-check-in",
}
WHY = {
    401: ("session-missing", "Nobody is known here: sign in."),
    403: ("not-your-part", "Not for somebody in this part."),
    404: ("not-found", "Not there, or not yours to see: both look the same."),
    409: ("not-from-here", "The rules say no, as things stand; `can` lists what is possible instead."),
    413: ("too-large", "Longer than is taken here."),
    415: ("media-unknown", "The body does not call itself JSON in UTF-8."),
    422: ("invalid", "Not of the form that is taken here."),
    500: ("broken", "A mistake of ours; `reference` finds it in the log."),
    503: ("unavailable", "Not now: ask again with the same key, after `Retry-After` seconds."),
}
PROBLEM = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). `type` is a slug that stays, `title` a sentence in the asker's language.",
    "type": "object",
    "required": ["type", "title", "status", "can"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "can": {"type": "array", "items": {"type": "string"}},
        "state": {"type": "string"},
        "fields": {"type": "string"},
        "reference": {"type": "string"},
    },
    "additionalProperties": True,
}


def named(handler: HTTPRouteHandler, method: str, path: object) -> str:
    """An operation's name: its slice, and the verb as it is called in the code."""
    module = handler.fn.__module__.split(".")
    owner = module[2] if module[1] == "care" else next(iter(sorted(handler.tags or ())), module[-1])
    return f"{owner}.{handler.fn.__name__.removeprefix('get_')}"


class Whole(JsonRenderPlugin):
    """Answers with the whole description, made once."""

    made: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: Described) -> bytes:
        """The description as JSON."""
        self.made = self.made or msgspec.json.encode(complete(openapi_schema))
        return self.made


def config() -> OpenAPIConfig:
    """What the framework needs to know."""
    bearer = SecurityScheme(type="http", scheme="bearer", description="The token of `POST /api/v1/sessions`.")
    cookie = SecurityScheme(type="apiKey", name="__Host-bedside", security_scheme_in="cookie")
    return OpenAPIConfig(
        title="Bedside",
        version="1",
        description="A virtual clinic: visits, the line, messages, consent. The live feed is described apart.",
        path="/api/schema",
        create_examples=False,
        use_handler_docstrings=True,
        operation_id_creator=named,
        components=Components(security_schemes={"bearer": bearer, "session": cookie}),
        security=[{"bearer": []}, {"session": []}],
        render_plugins=[Whole()],
    )


def complete(described: Described) -> Described:
    """The framework's description, with what it cannot know."""
    components = described["components"]
    for name, words in _docstrings(components["schemas"]):
        components["schemas"][name].setdefault("description", words)
    for schema in components["schemas"].values():
        schema.setdefault("additionalProperties", False)  # nothing is said or taken beside what is named
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {str(status): _refusal(status) for status in WHY}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            _finish(operation, path, method, components["schemas"])
    return described


def _docstrings(schemas: Described) -> Iterable[tuple[str, str]]:
    """What our own classes say of themselves; a name that two share stays without."""
    found: dict[str, set[str]] = {}
    for kind in _below(msgspec.Struct):
        if kind.__module__.startswith("bedside.") and kind.__name__ in schemas:
            found.setdefault(kind.__name__, set()).add(" ".join((kind.__doc__ or "").split()))
    return ((name, words.pop()) for name, words in found.items() if len(words) == 1)


def _below(kind: type[Any]) -> Iterable[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _finish(operation: Described, path: str, method: str, schemas: Described) -> None:
    words = " ".join(operation.get("description", "").split())
    operation["summary"] = re.split(r"(?<=\.) ", words)[0].rstrip(".")
    operation["description"] = words
    if operation["operationId"] == "people.sign_in":
        operation["security"] = []
    elif method != "get":
        operation.setdefault("parameters", []).append(KEY)
    told = [status for status in WHY if method != "get" or status not in (409, 413, 415)]
    operation["responses"].pop("400", None)
    for status, response in operation["responses"].items():
        response["description"] = "Done." if status == "204" else words
        response.pop("headers", None)
        _show(response.get("content", {}), schemas)
    operation["responses"] |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in told}
    _show(operation.get("requestBody", {}).get("content", {}), schemas)


def _show(content: Described, schemas: Described) -> None:
    for media in content.values():
        media["example"] = samples.of(media["schema"], schemas)


def _refusal(status: int) -> Described:
    slug, when = WHY[status]
    example = {"type": slug, "title": samples.sentence(slug), "status": status, "can": []}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": when, "content": {"application/problem+json": {"schema": schema, "example": example}}}
