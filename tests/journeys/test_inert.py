"""Hostile words on every page where they are seen: names, a message, a place, a summary. Shown, and inert."""

import re
from html.parser import HTMLParser
from urllib.parse import quote_plus
from uuid import UUID, uuid4

import pytest

from bedside.care.people import rules
from clinic import DEVICE, Clinic, Person
from journeys.hostile import BIDI, HTML, MARKER


class Words(HTMLParser):
    """The page as a browser takes it: its elements, and what stands beside each other in them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[list[str]] = [[]]
        self.blocks: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("img", "br", "input", "meta", "link", "use", "path"):
            self.open.append([])

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1:
            self.blocks.append("".join(self.open.pop()).strip())

    def handle_data(self, data: str) -> None:
        self.open[-1].append(data)


async def pages_with(clinic: Clinic, words: str) -> dict[str, str]:
    """Names, a message, a place and a summary of these words, and every page on which they are seen."""
    amara, osei = await clinic.patient(words, "Okafor"), await clinic.provider(f"Dr. {words}".replace("\0", ""))
    desk = await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", {"place": f"{words} 14", "callback": f"{words} +43 555 0142"})
    await amara.do(visit, "device-check", DEVICE)
    await osei.do(visit, "call-in", {"identityConfirmed": True, "anyway": True})
    await enter(clinic, visit, amara, osei)
    for person in (amara, osei):
        await person.do(visit, "grant")
        await person.raw("POST", f"/consultations/{visit}/messages", {"content": words})
    seen = {"room": (osei, f"/consultations/{visit}"), "patient's room": (amara, f"/visit/{visit}")}
    pages = {name: await page(clinic, *where) for name, where in seen.items()}
    await osei.do(visit, "send-back", {"reason": "other"})
    seen = {
        "waiting room": (osei, "/waiting-room"),
        "desk": (desk, "/desk"),
        "guard": (osei, f"/consultations/{visit}/guard"),
        "waiting": (amara, f"/visit/{visit}"),
    }
    pages |= {name: await page(clinic, *where) for name, where in seen.items()}
    await osei.do(visit, "call-in", {"identityConfirmed": True, "anyway": True})
    await enter(clinic, visit, amara, osei)
    await osei.do(visit, "end")
    await osei.raw("POST", f"/consultations/{visit}/complete", {"summary": words, "followUp": True})
    return pages | {"ended": await page(clinic, amara, f"/visit/{visit}")}


async def enter(clinic: Clinic, visit: UUID, *people: Person) -> None:
    for person in people:
        await person.here()
        await person.enters(visit)
    await clinic.settle()
    assert await clinic.state(visit) == "in-progress"


async def page(clinic: Clinic, person: Person, path: str) -> str:
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    answer = await clinic.http.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.text


async def test_markup_is_shown_as_the_words_it_is(clinic: Clinic) -> None:
    """In names, messages, place and summary: no element, no attribute, no handler comes of it."""
    for name, html in (await pages_with(clinic, HTML)).items():
        words = Words(html)
        assert not [tag for tag, at in words.tags if tag == "img" and at.get("src") == "x"], name
        assert not [at for _, at in words.tags if any(attribute.startswith("on") for attribute in at)], name
        scripts = [at.get("src") or "" for tag, at in words.tags if tag == "script"]
        assert all(source.startswith("/static/") for source in scripts), name
        assert MARKER in html, name
        assert not re.search(rf"<script>[^<]*{MARKER}", html), name


async def test_writing_direction_does_not_leave_its_place(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """The marks that turn the direction of what stands around them do not reach a page, whoever let them in."""
    monkeypatch.setattr(rules, "must_fit_a_card", lambda *_: None)
    monkeypatch.setattr(rules, "fits_a_door", lambda _: True)
    assert re.search("[\u202a-\u202e\u2066-\u2069]", BIDI)
    for name, html in (await pages_with(clinic, BIDI)).items():
        assert MARKER in html, name
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html), name


FORMS = {
    "check-in": ("place", "callback"),
    "consent": ("granted", "sha256"),
    "device-check": ("camera", "microphone", "connection", "reason"),
    "messages": ("content", "key"),
    "cancel": ("reason",),
    "reopen": ("time",),
    "reschedule": ("place", "callback"),
    "enter": ("device",),
    "nonsense": ("a",),
}
TYPED = {
    "markup": quote_plus(HTML),
    "direction": quote_plus(BIDI),
    "nul": f"{MARKER}%00",
    "not utf-8": f"{MARKER}%ff",
    "surrogate": f"{MARKER}%ed%a0%80",
    "half an escape": f"{MARKER}%",
    "long": MARKER * 20_000,
    "nothing": "",
    "a time": "99:99",
    "midnight": "24:00",
}


@pytest.mark.slow
async def test_forms_take_anything(clinic: Clinic) -> None:
    """Each field of each of the patient's forms with anything: a page or a way on, never a mistake of ours."""
    amara, osei = await clinic.patient(), await clinic.provider()
    await amara.consents()
    visit, gone = await clinic.connecting(amara, osei), await clinic.book(amara, osei)
    await amara.do(gone, "cancel", {"reason": "cannot-come"})
    wrong: list[str] = []
    for verb, fields in FORMS.items():
        for field in fields:
            for what, typed in TYPED.items():
                for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
                    headers = {
                        "cookie": f"__Host-bedside={amara.token}",
                        "accept": "text/html",
                        "content-type": kind,
                        "idempotency-key": uuid4().hex,
                    }
                    path = f"/visit/{gone if verb == 'reopen' else visit}/{verb}"
                    answer = await clinic.http.post(path, content=f"{field}={typed}", headers=headers)
                    markup = f"<script>alert('{MARKER}')" in answer.text
                    if answer.status_code >= 500 or markup:
                        wrong.append(f"{verb}.{field} = {what} as {kind[:19]}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)
