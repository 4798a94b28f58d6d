"""Hostile words on every page where they are seen: names, a message, a place, a summary. Shown, and inert."""

import re
from html.parser import HTMLParser

import pytest

from clinic import Clinic, Person
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
    visit = await clinic.in_progress(amara, osei)
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
    await osei.enters(visit)
    await amara.enters(visit)
    await clinic.settle()
    await osei.do(visit, "end")
    await osei.raw("POST", f"/consultations/{visit}/complete", {"summary": words, "followUp": True})
    return pages | {"ended": await page(clinic, amara, f"/visit/{visit}")}


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


@pytest.mark.xfail(strict=True, reason="names stand in sentences and lists without <bdi>")
async def test_writing_direction_does_not_leave_its_place(clinic: Clinic) -> None:
    """A word that turns the direction around turns nothing but itself."""
    names = (f"Dr. {BIDI}".strip(), f"{BIDI} Okafor", BIDI.strip())
    loose: list[str] = []
    for name, html in (await pages_with(clinic, BIDI)).items():
        for block in Words(html).blocks:
            beside = re.sub("|".join(map(re.escape, names)), "", block)
            if MARKER in block and re.search(r"\w", beside):
                loose.append(f"{name}: {block!r}")
    assert not loose, "\n" + "\n".join(loose)
