"""The catalogues: every language says everything, with the same facts."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import bedside
from bedside.kernel import Refused
from bedside.web import locale
from bedside.web.locale import FALLBACK, LANGUAGES, catalogue, marked, refusal, t

TEMPLATES = Path(locale.__file__).parent.parent / "templates"


def placeholders(sentence: object) -> set[str]:
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return set().union(*(set(re.findall(r"{(\w+)}", str(form))) for form in forms))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_says_everything_with_the_same_facts(lang: str):
    first, other = catalogue(FALLBACK), catalogue(lang)
    assert first.keys() == other.keys()
    assert {slug for slug in first if placeholders(first[slug]) != placeholders(other[slug])} == set()
    assert {slug for slug, sentence in other.items() if not str(sentence).strip()} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_shouts_or_says_oops(lang: str):
    for slug, sentence in catalogue(lang).items():
        assert "!" not in str(sentence) and "oops" not in str(sentence).lower(), slug


def test_what_templates_ask_for_exists():
    asked = {
        slug
        for path in TEMPLATES.rglob("*.html")
        for slug in re.findall(r"""\b(?:t|marked|template)\(["']([\w.-]+)["'][,)]""", path.read_text())
    }
    assert len(asked) > 150
    assert asked - catalogue(FALLBACK).keys() == set()


def refusals(of: type[Refused] = Refused) -> set[str]:
    """The slugs of the house's own refusals; tests make some of theirs."""
    own = {of.slug} if of.__module__.startswith("bedside.") else set[str]()
    return own.union(*(refusals(kind) for kind in of.__subclasses__()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_has_a_sentence(lang: str):
    for module in pkgutil.walk_packages(bedside.__path__, "bedside."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    silent = {slug for slug in refusals() - {"refused"} if f"refused.{slug}" not in catalogue(lang)}
    assert silent == set()


def test_plurals_follow_the_number():
    assert [t("en", "waiting.ahead", n=n) for n in (0, 1, 2)] == ["You are next", "1 before you", "2 before you"]
    assert t("es", "waiting.ahead", n=2) == "2 personas antes"


def test_facts_are_inert_and_only_our_words_are_strong():
    sentence = str(marked("en", "guard.not-here", name="<b>**Amara**</b>"))
    assert "&lt;b&gt;**Amara**&lt;/b&gt;" in sentence
    assert sentence.count("<strong>") == 1


def test_a_refusal_without_a_sentence_still_says_something():
    assert refusal("es", "no-such-reason") == "Ahora no es posible."


@pytest.mark.parametrize(
    ("header", "lang"),
    [("es-MX,es;q=0.9,en;q=0.5", "es"), ("de,en;q=0.7,es;q=0.3", "en"), ("", "en"), ("fr", "en"), ("en;q=x,es", "es")],
)
def test_the_browser_s_wish_is_heard(header: str, lang: str):
    assert locale.best(header) == lang
