"""What nobody should send, and how an answer to it may look.

A marker stands in every value: no answer to a request that was refused may hold it.
"""

import json

import httpx

from bedside.web import locale

MARKER = "marker7731"
HTML = f"<img src=x onerror=alert(1)><script>alert('{MARKER}')</script>\"'`"
BIDI = f"\u202e{MARKER}\u2066 \u200f"
VALUES: dict[str, dict[str, bytes]] = {
    "markup": {
        "html": json.dumps(HTML).encode(),
        "template": json.dumps(f"{{{{7*7}}}} ${{7*7}} %s {{n}} **{MARKER}**").encode(),
        "bidi": json.dumps(BIDI).encode(),
        "control": json.dumps(f"\x1b[31m{MARKER}\r\nSet-Cookie: a=b").encode(),
        "noncharacter": json.dumps(f"{MARKER}\ufffe\U0010ffff").encode(),
        "zalgo": json.dumps(MARKER + "\u0335" * 5000).encode(),
        "sql": json.dumps(f"'; drop table message; -- {MARKER}").encode(),
    },
    "nul": {"nul": json.dumps(f"{MARKER}\0").encode(), "only nul": rb'"\u0000"'},
    "encoding": {
        "lone surrogate": f'"{MARKER}\\ud800"'.encode(),
        "lone surrogate as bytes": b'"' + MARKER.encode() + b'\xed\xa0\x80"',
        "not utf-8": b'"' + MARKER.encode() + b'\xff"',
        "overlong": b'"\xc0\xbcscript"',
    },
    "size": {
        "long": json.dumps(MARKER * 10_000).encode(),
        "empty": b'""',
        "blank": b'" \\u00a0\\u200b "',
        "too long by far": json.dumps(MARKER * 100_000).encode(),
    },
    "kind": {
        "null": b"null",
        "true": b"true",
        "list": json.dumps([MARKER]).encode(),
        "object": json.dumps({MARKER: MARKER}).encode(),
        "uuid": json.dumps("00000000-0000-0000-0000-000000000000").encode(),
    },
    "number": {
        "number": b"7731",
        "negative": b"-1",
        "beyond 64 bits": b"9223372036854775808",
        "huge": b"9" * 400,
        "fraction": b"1e400",
    },
    "time": {
        "far future": b'"9999-12-31T23:59:59Z"',
        "far past": b'"0001-01-01T00:00:00Z"',
        "no zone": b'"2026-03-16T10:00:00"',
        "odd zone": b'"2026-03-16T10:00:00+23:59"',
        "leap second": b'"2026-03-16T23:59:60Z"',
    },
}
BODIES: dict[str, dict[str, bytes]] = {
    "deep": {
        "list": b'{"content":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "object": b'{"content":' * 50_000 + b"1" + b"}" * 50_000,
        "unknown": b'{"zz":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    },
    "broken": {
        "nothing": b"",
        "no json": MARKER.encode(),
        "half": b'{"content": "' + MARKER.encode(),
        "number": b"NaN",
        "bom": b"\xef\xbb\xbf{}",
        "utf-16": "{}".encode("utf-16"),
        "binary": bytes(range(256)),
    },
    "kind": {
        "null": b"null",
        "list": b"[]",
        "text": b'"' + MARKER.encode() + b'"',
        "unknown member": json.dumps({MARKER: 1}).encode(),
        "unknown members": json.dumps({f"{MARKER}{at}": at for at in range(5000)}).encode(),
    },
    "size": {
        "one megabyte": json.dumps({"content": "x" * 1_040_000}).encode(),
        "more than one": json.dumps({"content": MARKER * 200_000}).encode(),
    },
}


def wrong_with(answer: httpx.Response) -> str | None:
    """What an answer should not be like, if anything."""
    if answer.status_code < 400:
        return None
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.headers["content-type"] != "application/problem+json":
        return f"{answer.headers['content-type']}, no problem+json"
    problem = answer.json()
    if not {"type", "title", "status", "can"} <= problem.keys():
        return f"only {sorted(problem)}"
    if problem["status"] != answer.status_code or not locale.knows(f"refused.{problem['type']}"):
        return f"{problem['type']} {problem['status']} with {answer.status_code}"
    return "echoes what was sent" if MARKER in answer.text else None
