"""Every screen draws in both languages, with nothing inline, and hostile text lies still."""

import re
from html.parser import HTMLParser

import pytest

from bedside.web.locale import LANGUAGES
from bedside.web.pages.render import HEADERS, page, prose
from web.hostile_words import hostile
from web.people import HOSTILE, NOW
from web.screens import screens

SCREENS = screens()


class Seen(HTMLParser):
    """The tags of a page, and what is wrong with them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_it_draws_with_nothing_inline(name: str, lang: str):
    template, context = SCREENS[name]
    html = page(template, lang, now=NOW, **context)
    seen = Seen(html)
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert not seen.named("style")
    assert all(script.get("src", "").startswith("/static/") for script in seen.named("script"))  # type: ignore[union-attr]
    assert not [a for _, attributes in seen.tags for a in attributes if a == "style" or a.startswith("on")]
    assert len([1 for tag, _ in seen.tags if tag == "h1"]) == 1
    assert f'lang="{lang}"' in html


@pytest.mark.parametrize("name", SCREENS)
def test_hostile_words_are_only_words(name: str):
    template, context = SCREENS[name]
    html = page(template, "en", now=NOW, **hostile(context))
    assert "<script>alert" not in html
    assert "onerror=alert(2)>" not in html.replace("onerror=alert(2)&gt;", "")
    # The form keys are chance and may hold any digits: only what stands as a word was computed.
    assert not re.search(r"(?<![\w-])49(?![\w-])", html) or "{{ 7*7 }}" in html
    assert all("onerror" not in attributes and attributes.get("src") != "x" for _, attributes in Seen(html).tags)


@pytest.mark.parametrize("name", SCREENS)
def test_people_are_not_in_addresses_ids_or_keys(name: str):
    template, context = SCREENS[name]
    html = page(template, "en", now=NOW, **context)
    spoken = {"aria-label", "placeholder", "value", "content", "data-words"}
    for tag, attributes in Seen(html).tags:
        for attribute, value in attributes.items():
            if attribute in spoken or (value or "").startswith("tel:"):
                continue
            told = re.search(r"amara|okafor|quay|555 ?01|mei chow", value or "", re.IGNORECASE)
            assert not told, (tag, attribute, value)


@pytest.mark.parametrize("name", SCREENS)
def test_every_form_carries_a_key_and_one_button_is_filled(name: str):
    template, context = SCREENS[name]
    html = page(template, "en", now=NOW, **context)
    seen = Seen(html)
    posts = [form for form in seen.named("form") if form.get("method") == "post"]
    keys = [field["value"] for field in seen.named("input") if field.get("name") == "key"]
    assert len(keys) == len(posts) == len(set(keys))
    if name.startswith("patient"):
        filled = [
            a
            for tag, a in seen.tags
            if tag in ("a", "button") and " main" in (a.get("class") or "") and "send" not in (a.get("class") or "")
        ]
        assert len(filled) <= 1


@pytest.mark.parametrize("name", SCREENS)
def test_what_somebody_may_hold_has_a_key_of_its_own(name: str):
    """A menu, a sheet, a field: a page that renews itself finds it again, wherever it moved."""
    template, context = SCREENS[name]
    tags = Seen(page(template, "en", now=NOW, **context)).tags
    chosen = ("hidden", "radio", "checkbox")  # found by what they stand for
    held = [
        (tag, key.get("data-key") or key.get("id"))
        for tag, key in tags
        if tag in ("details", "dialog", "textarea", "select") or (tag == "input" and key.get("type") not in chosen)
    ]
    assert all(key for _, key in held) and len(held) == len(set(held))


def test_yes_and_no_weigh_the_same():
    template, context = SCREENS["patient-consent"]
    buttons = [b for b in Seen(page(template, "en", now=NOW, **context)).named("button") if b.get("name") == "granted"]
    assert [b["value"] for b in buttons] == ["yes", "no"]
    assert len({b["class"] for b in buttons}) == 1


def test_buttons_come_from_what_is_possible():
    template, context = SCREENS["patient-waiting"]
    view = context["view"]
    assert "/cancel" in page(template, "en", now=NOW, **context)
    can, view.can = view.can, []
    try:
        assert "/cancel" not in page(template, "en", now=NOW, **context)
    finally:
        view.can = can


def test_an_unreadable_queue_is_never_empty():
    template, context = SCREENS["provider-empty"]
    html = page(template, "en", now=NOW, **context)
    assert "We cannot read the queue" in html and "Nobody waits in the department" not in html


def test_the_policy_lets_nothing_else_in():
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy and "trusted-types bedside" in policy and "frame-ancestors 'none'" in policy
    assert HEADERS["Cache-Control"] == "no-store"


def test_consent_prose_is_inert():
    assert "<script>" not in prose(f"# {HOSTILE}\n\n- {HOSTILE}\n\n{HOSTILE}")
