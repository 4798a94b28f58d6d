"""The hand-typed authorization matrix, its words spelled out."""

import tomllib
from pathlib import Path

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
