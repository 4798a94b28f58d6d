"""Forms as the pages themselves offer them, filled in by somebody who means ill or types oddly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from clinic import Person
from journeys.hostile import BIDI, HTML, MARKER

ODD: list[str] = [
    "", " ", "0", "-1", "9" * 400, HTML, BIDI, "\0", f"{MARKER}\0", f"{MARKER}\r\nSet-Cookie: a=b", "x" * 5_000,
    "yes", "no", "other", "14 Quay Lane, flat 3", "+43 555 0142", "25:61", "10:30", "../../etc/passwd", "{{7*7}}",
    "'; drop table message; --", "👩🏽\u200d⚕️", "\ufffe\U0010ffff", "\u0335" * 500, str(uuid4()), "true", "[]",
]  # fmt: skip
INSIDE = ("Traceback", "asyncpg", "litestar", "site-packages", "SQLSTATE", "insert into ", "jinja2")


@dataclass(slots=True)
class Offered:
    """One form of a page: where it goes and what it asks."""

    action: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


class Reader(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Offered] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form" and about.get("method") == "post":
            self.forms.append(Offered(about.get("action", "")))
            self._inside = True
        elif self._inside and tag in ("input", "textarea", "select", "button") and "name" in about:
            self.forms[-1].fields[about["name"]] = about.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def forms_of(page: str, path: str) -> list[Offered]:
    """The forms that change something; one without an address goes to its own page."""
    reader = Reader()
    reader.feed(page)
    return [Offered(form.action or path, form.fields) for form in reader.forms]


def filled(form: Offered, chance: Random) -> Iterator[bytes]:
    """Each field odd in turn, then all of them, then bodies that are no form at all."""

    def said(**odd: str) -> bytes:
        return urlencode(form.fields | {"key": uuid4().hex} | odd).encode()

    for name in form.fields:
        yield said(**{name: chance.choice(ODD)})
    yield said(**{name: chance.choice(ODD) for name in form.fields if name != "key"})
    yield said() + b"&" + said()
    yield chance.choice([b"", b"%", b"&&==", b"key=%00%ff%fe", b"\xff" * 300, b"key=" + b"x" * 1_100_000])
    yield b"&".join(
        name.encode() + chance.choice([b"=%ED%A0%80", b"=\xed\xb0\x80", b"=%FF%FE"]) for name in form.fields
    )


async def sent(
    person: Person, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> httpx.Response:
    """As a browser without scripts would."""
    headers = {
        "cookie": f"__Host-bedside={person.token}", "accept": "text/html", "content-type": kind,
        "origin": "http://127.0.0.1", "host": "127.0.0.1",
    }  # fmt: skip
    return await person.clinic.http.post(path, content=body, headers=headers)


def wrong_with(answer: httpx.Response) -> str | None:
    """What a person must never be shown, and where they must never be led."""
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code == 303:
        return None if re.fullmatch(r"/[\w/-]*", answer.headers["location"]) else answer.headers["location"]
    if not answer.headers["content-type"].startswith("text/html"):
        return answer.headers["content-type"]
    if "<img src=x" in answer.text or "<script>alert" in answer.text:
        return "markup that was sent"
    return next((f"tells of {word!r}" for word in INSIDE if word in answer.text), None)
