"""Examples for the description of the API: of invented people, the same each time."""

from typing import Any

from bedside.web import locale

ID = "0199d3a2-7c1e-7b40-9d57-2f6f5b1c8a01"
AT = "2026-03-16T09:00:00Z"
SAID: dict[str, Any] = {
    "place": "14 Quay Lane, flat 3, Fernhollow",
    "callback": "+43 555 0142",
    "state": "waiting",
    "status": "waiting",
    "priority": "normal",
    "reason": "patient-asked",
    "closeReason": None,
    "closeCode": None,
    "camera": "works",
    "microphone": "works",
    "connection": "works",
    "device": "tab-4f1c90aa27e35b86",
    "summary": "Rest your ankle for a week. Come back if it still hurts.",
    "content": "My ankle is still swollen.",
    "body": "My ankle is still swollen.",
    "role": "patient",
    "mine": "patient",
    "zone": "Europe/Vienna",
    "language": "en",
    "type": "telehealth",
    "can": ["cancel"],
    "operations": ["read", "send"],
    "name": "Amara Okafor",
    "patientName": "Amara Okafor",
    "givenName": "Amara",
    "familyName": "Okafor",
    "senderName": None,
    "birthDate": "1955-02-03",
    "provider": ID,
    "providerName": "Dr. Kwame Osei",
    "specialty": "General practice",
    "providerSpecialty": "General practice",
    "clinicName": "Fernhollow Clinic",
    "departmentName": "General practice",
    "emergencyNumber": "112",
    "phone": "+43 555 0142",
    "kind": "PATIENT_CHECKED_IN",
    "token": "the token, said once",
    "link": "the secret of a link",
    "sha256": "5f" * 32,
    "textSha256": "5f" * 32,
    "minutes": 20,
    "time": "10:30",
    "day": "2026-03-16",
    "maxPatients": 4,
    "currentPatientCount": 1,
    "n": 57,
    "seq": 3,
    "upTo": 3,
    "version": 7,
    "position": 2,
    "ahead": 1,
}
"""By name, as it is spelled in JSON; what has no entry is told by its kind."""


def sentence(slug: str) -> str:
    """What is said of a refusal, in English."""
    return locale.refusal("en", slug)


def of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "") -> Any:
    """An example of this kind of value."""
    if "$ref" in schema:
        return of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    if schema.get("properties"):
        return {member: of(each, schemas, member) for member, each in schema["properties"].items()}
    allowed = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if allowed:
        return allowed[0]
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        kinds = [each for each in choices if each.get("type") != "null"]
        return of(kinds[0], schemas, name) if SAID.get(name, True) is not None else None
    return _plain(schema, schemas, name)


def _plain(schema: dict[str, Any], schemas: dict[str, Any], name: str) -> Any:
    kind = schema.get("type")
    if name in SAID and kind not in ("object", "boolean") and (kind != "array" or isinstance(SAID[name], list)):
        return SAID[name]
    if kind == "array":
        return [of(schema["items"], schemas)] if schema.get("items") else []
    by_format = {"uuid": ID, "date-time": AT, "date": "1955-02-03"}
    if kind == "string":
        return by_format.get(schema.get("format", ""), schema.get("default", "…"))
    return {"integer": 1, "number": 1.5, "boolean": True, "object": {}}.get(str(kind))
