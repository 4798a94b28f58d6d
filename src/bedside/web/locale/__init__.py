"""What Bedside says, in every language it speaks.

One catalogue per language, keyed by slug, refusals included. A sentence may hold facts in braces and
**strong** words; a table with `one` and `other` is a plural, chosen by the fact `n`.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from markupsafe import Markup, escape

LANGUAGES = ("en", "es")
FALLBACK = "en"
PLURALS = frozenset({"zero", "one", "other"})

Sentence = str | Mapping[str, str]


def t(lang: str, slug: str, **facts: object) -> str:
    """The sentence for this slug, in this language, with its facts filled in."""
    return _pick(lang, slug, facts).replace("**", "").format_map(_Facts(facts))


def marked(lang: str, slug: str, **facts: object) -> Markup:
    """The same for a page: facts are escaped, **words** are strong."""
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(_pick(lang, slug, facts))))
    return Markup(strong.format_map(_Facts({name: escape(fact) for name, fact in facts.items()})))  # noqa: S704


def template(lang: str, slug: str) -> str:
    """A sentence with its braces left in, for a script that fills them later."""
    return _pick(lang, slug, {}).replace("**", "")


def knows(slug: str) -> bool:
    """Is there a sentence of this name?"""
    return slug in catalogue(FALLBACK)


def refusal(lang: str, slug: str, **facts: object) -> str:
    """Why not, in plain words; a refusal without its own sentence gets the common one."""
    name = f"refused.{slug}"
    return t(lang, name if knows(name) else "refused.other", **facts)


def best(accepted: str) -> str:
    """The language among ours that an Accept-Language header likes most."""
    wishes: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wishes.append((-float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    return next(
        (tag for weight, tag in sorted(wishes, key=lambda wish: wish[0]) if weight < 0 and tag in LANGUAGES), FALLBACK
    )


@cache
def catalogue(lang: str) -> dict[str, Sentence]:
    """Every sentence of one language by its slug."""
    text = files("bedside.web.locale").joinpath(f"{lang}.toml").read_text("utf-8")
    return dict(_flat("", tomllib.loads(text)))


def _flat(prefix: str, table: Mapping[str, object]) -> list[tuple[str, Sentence]]:
    found: list[tuple[str, Sentence]] = []
    for key, entry in table.items():
        slug = f"{prefix}{key}"
        if isinstance(entry, str):
            found.append((slug, entry))
            continue
        inner = cast("Mapping[str, object]", entry)
        if inner.keys() <= PLURALS:
            found.append((slug, cast("Mapping[str, str]", inner)))
        else:
            found += _flat(f"{slug}.", inner)
    return found


def _pick(lang: str, slug: str, facts: Mapping[str, object]) -> str:
    sentence = catalogue(lang if lang in LANGUAGES else FALLBACK)[slug]
    if isinstance(sentence, str):
        return sentence
    n = facts.get("n")
    form = "zero" if n == 0 and "zero" in sentence else "one" if n == 1 else "other"
    return sentence[form]


class _Facts(dict[str, object]):
    """A fact that nobody supplied leaves a dash: a sentence with a hole beats no sentence."""

    def __missing__(self, key: str) -> str:
        return "–"
