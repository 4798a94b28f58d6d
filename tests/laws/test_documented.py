"""Law 8. Everything is documented: route, refusal, fact, setting, topic, action."""

import ast
import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bedside
from bedside import config
from bedside.journal.may import WHO_MAY
from bedside.kernel import Fact, Refused, Topic
from clinic import Clinic
from laws.matrix import PAGES, ROUTES, actions

SOURCE = Path(bedside.__file__).parent
REFERENCE = SOURCE.parents[1] / "docs/reference"


def everything() -> None:
    """Import every module, so that every class is known."""
    for module in pkgutil.walk_packages(bedside.__path__, "bedside."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def heirs(of: type[Any]) -> Iterator[type[Any]]:
    """Every class below this one."""
    everything()
    for heir in of.__subclasses__():
        yield heir
        yield from heirs(heir)


def own_words(thing: Any) -> str:
    """What it says of itself; what it inherited does not count."""
    return inspect.cleandoc(thing.__dict__.get("__doc__") or "")


def ours(thing: type[Any]) -> bool:
    """Not a test's own, and not a common root."""
    return thing.__module__.startswith("bedside.")


REFUSALS = sorted({r for r in heirs(Refused) if ours(r)}, key=lambda r: r.slug)
FACTS = sorted(
    {f for f in heirs(Fact) if ours(f) and hasattr(f, "kind") and hasattr(f, "action")}, key=lambda f: f.__name__
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_refusal_has_a_sentence_in_every_language(language: str) -> None:
    catalogue = tomllib.loads((SOURCE / f"web/locale/{language}.toml").read_text())["refused"]
    slugs = {refusal.slug for refusal in REFUSALS}
    assert len(slugs) > 30
    assert slugs - catalogue.keys() == set(), "said by nobody"
    assert catalogue.keys() - slugs - {"other"} == set(), "said of nothing"
    assert all(sentence.strip().endswith((".", "?")) for sentence in catalogue.values())


def test_refusals_are_told_apart_and_explained() -> None:
    statuses: dict[str, set[str]] = {}
    for refusal in REFUSALS:
        statuses.setdefault(refusal.slug, set()).add(refusal.status)
    assert [slug for slug, said in statuses.items() if len(said) > 1] == [], "one slug, one meaning"
    assert [refusal.__name__ for refusal in REFUSALS if not own_words(refusal)] == []
    assert {slug for refusal in REFUSALS if (slug := refusal.slug) != slug.lower() or " " in slug} == set()


def test_every_fact_is_explained_and_told_apart() -> None:
    assert len(FACTS) > 25
    assert [fact.__name__ for fact in FACTS if not own_words(fact)] == []
    named = [(fact.kind, fact.action) for fact in FACTS]
    assert len(named) == len(set(named))


def test_every_action_says_what_is_done() -> None:
    said = {name: inspect.getdoc(act) for name, act in actions()}
    assert WHO_MAY.keys() <= said.keys()
    assert [name for name, words in said.items() if not words] == []


async def test_every_route_says_what_it_is_for(clinic: Clinic) -> None:
    silent = [
        route.path
        for route in clinic.running.asgi.routes
        if hasattr(route, "route_handlers") and not route.path.startswith("/api/schema")
        for handler in route.route_handlers
        if not inspect.getdoc(handler.fn) and not route.path.startswith("/static")
    ]
    assert silent == []


def test_every_setting_has_its_words() -> None:
    tree = ast.parse(inspect.getsource(config))
    settings = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "Settings")
    silent: list[str] = []
    for field, after in zip(settings.body, [*settings.body[1:], None], strict=True):
        said = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and str(after.value.value).strip()
        if isinstance(field, ast.AnnAssign) and not said:
            silent.append(ast.unparse(field.target))
    assert silent == []


# --- the reference pages name what there is


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text()


def test_the_reference_names_every_route_refusal_fact_and_topic() -> None:
    routes, refusals, facts, topics = page("routes"), page("refusals"), page("facts"), page("topics")
    paths = {row.split(" ")[1] for row in (*ROUTES, *PAGES)}
    known = routes.replace(":uuid", "").replace(":str", "").replace(":path", "")
    assert {path for path in paths if f"`{path}`" not in known} - {
        "/static/{name}",
        "/static/{version}/{name}",
        "/live",
    } == set()
    assert {r.slug for r in REFUSALS if f"`{r.slug}`" not in refusals} == set()
    assert {f.kind for f in FACTS if f"`{f.kind}`" not in facts} == set()
    assert {kind for kind in Topic.KINDS if f"`{kind}" not in topics} == set()


def test_the_wire_names_every_topic_that_is_heard() -> None:
    wire = page("wire")
    heard = set(Topic.KINDS) - {"emergency", "audit"}  # kept for their capabilities
    assert {kind for kind in heard if f"`{kind}." not in wire} == set()


def test_the_reference_names_every_setting() -> None:
    settings = page("settings")
    fields = {"data", "database_url", "host", "port", "tls_cert", "tls_key", "trusted_proxies"}
    assert {name for name in fields if f"--{name.replace('_', '-')}" not in settings} == set()
