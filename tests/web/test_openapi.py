"""The API's own description: a stranger could write a client from it, and everything it shows is true."""

import json
import re
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from clinic import DEVICE, WHERE, Clinic, problem

LIKE: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


async def described(clinic: Clinic) -> dict[str, Any]:
    answer = await clinic.http.get("/api/schema/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(m, p, operation) for p, methods in described["paths"].items() for m, operation in methods.items()]


async def test_every_route_is_described_with_name_words_key_and_refusals(clinic: Clinic):
    whole = await described(clinic)
    found = operations(whole)
    routes = {
        (method.lower(), re.sub(r":\w+}", "}", route.path))
        for route in clinic.running.asgi.routes
        if route.path.startswith("/api/v1/")
        for method in route.methods - {"OPTIONS"}
    }
    assert {(method, path) for method, path, _ in found} == routes
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names)
    for method, path, operation in found:
        where = f"{method} {path}"
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", operation["operationId"]), where
        assert operation["summary"] and operation["description"] and operation["tags"], where
        headers = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method != "get" and path != "/api/v1/sessions"), where
        assert {"401", "404", "422", "503"} <= operation["responses"].keys(), where
        assert ("409" in operation["responses"]) == (method != "get"), where
        assert operation.get("security", whole["security"]) == ([] if path == "/api/v1/sessions" else whole["security"])
    assert {"bearer", "session"} == whole["components"]["securitySchemes"].keys()


async def test_every_reference_leads_somewhere(clinic: Clinic):
    whole = await described(clinic)
    for target in set(re.findall(r'"#/([^"]+)"', json.dumps(whole))):
        at: Any = whole
        for part in target.split("/"):
            at = at[part]


def bodies(asgi: Any) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for route in asgi.routes:
        for handler in getattr(route, "route_handlers", ()):
            assert isinstance(handler, HTTPRouteHandler) or not route.path.startswith("/api/v1/")
            data = handler.parsed_fn_signature.parameters.get("data") if route.path.startswith("/api/v1/") else None
            if data is not None:
                for method in handler.http_methods:
                    found[method.lower(), re.sub(r":\w+}", "}", route.path)] = data.annotation
    return found


async def test_every_example_of_a_body_is_of_the_form_that_is_taken(clinic: Clinic):
    whole = await described(clinic)
    for at, kind in bodies(clinic.running.asgi).items():
        example = whole["paths"][at[1]][at[0]]["requestBody"]["content"]["application/json"]["example"]
        msgspec.convert(example, kind, strict=True)


async def test_answers_are_of_the_form_that_is_described(clinic: Clinic):
    """The views of a visit that goes on, and a refusal, held against their schemas member by member."""
    whole = await described(clinic)
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    with problem("consent-missing") as no:
        await amara.do(visit, "check-in", WHERE)
    fits(no.value.problem, {"$ref": "#/components/schemas/Problem"}, whole)
    await amara.consents()
    asked = {
        ("post", "/api/v1/consultations/{id}/check-in", "201"): await amara.do(visit, "check-in", WHERE),
        ("post", "/api/v1/consultations/{id}/device-check", "200"): await amara.do(visit, "device-check", DEVICE),
        ("get", "/api/v1/consultations/{id}", "200"): await amara.see(visit),
        ("get", "/api/v1/waiting-room", "200"): await osei.get("/waiting-room"),
        ("get", "/api/v1/departments/{id}/queue", "200"): await osei.get(f"/departments/{clinic.department}/queue"),
        ("get", "/api/v1/me", "200"): await amara.get("/me"),
    }
    for (method, path, status), answer in asked.items():
        content = whole["paths"][path][method]["responses"][status]["content"]["application/json"]
        fits(answer, content["schema"], whole, path)
        fits(content["example"], content["schema"], whole, f"the example of {path}")


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "") -> None:
    """A value against its schema: members, kinds, null only where it may be."""
    if "$ref" in schema:
        return fits(value, whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], whole, at)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        kinds = [each for each in choices if (each.get("type") == "null") == (value is None)]
        assert kinds, f"{at}: {value!r}"
        return None if value is None else fits(value, kinds[0], whole, at)
    assert isinstance(value, LIKE[schema["type"]]), f"{at}: {value!r} is no {schema['type']}"
    if schema["type"] == "object" and "properties" in schema:
        assert set(schema.get("required", ())) <= value.keys(), at
        assert schema.get("additionalProperties") or value.keys() <= schema["properties"].keys(), at
        for name, each in value.items():
            if name in schema["properties"]:
                fits(each, schema["properties"][name], whole, f"{at}.{name}")
    if schema["type"] == "array" and schema.get("items"):
        for each in value:
            fits(each, schema["items"], whole, f"{at}[]")
    return None
