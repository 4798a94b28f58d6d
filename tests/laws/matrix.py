"""The hand-typed authorization matrix, its words spelled out."""

import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bedside.care
from bedside.kernel import Role

GROUPS = {
    "cared-for": (Role.PATIENT, Role.GUARDIAN, Role.PROXY),
    "staff": (Role.PROVIDER, Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR),
}
TYPED = tomllib.loads((Path(__file__).parents[1] / "vectors/authorization.toml").read_text())


def roles(words: str) -> frozenset[Role] | None:
    """The roles that a row names; None for anyone."""
    if words == "anyone":
        return None
    return frozenset(role for word in words.split() for role in GROUPS.get(word) or (Role(word),))


ACTIONS: dict[str, frozenset[Role]] = {name: roles(words) or frozenset() for name, words in TYPED["action"].items()}
ROUTES: dict[str, frozenset[Role] | None] = {name: roles(words) for name, words in TYPED["route"].items()}
PAGES: dict[str, frozenset[Role] | None] = {name: roles(words) for name, words in TYPED["page"].items()}


def actions() -> Iterator[tuple[str, Any]]:
    """Every public coroutine, as `slice.name`, of the modules that act: those that name somebody with `@by`."""
    for slice in pkgutil.iter_modules(bedside.care.__path__):
        package = importlib.import_module(f"bedside.care.{slice.name}")
        for inside in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{inside.name}")
            if "@by(" not in inspect.getsource(module):
                continue
            for name, act in inspect.getmembers(module, inspect.iscoroutinefunction):
                if act.__module__ == module.__name__ and not name.startswith("_"):
                    yield f"{slice.name}.{name}", act
