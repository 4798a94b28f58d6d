"""How the reference pages take words from the code: docstrings, notes below fields, tables."""

import ast
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast


def below(base: type[Any]) -> Iterable[type[Any]]:
    """Every kind of it that the program itself knows."""
    for one in base.__subclasses__():
        if one.__module__.startswith("bedside.") and not one.__name__.startswith("_"):
            yield one
        yield from below(one)


def notes(kind: type[Any]) -> dict[str, str]:
    """The docstrings that stand below the fields of a class."""
    tree = ast.parse(Path(cast("str", sys.modules[kind.__module__].__file__)).read_text())
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__).body
    found: dict[str, str] = {}
    for field, note in pairwise(body):
        target = field.target if isinstance(field, ast.AnnAssign) else getattr(field, "targets", [None])[0]
        if isinstance(target, ast.Name) and isinstance(note, ast.Expr) and isinstance(note.value, ast.Constant):
            found[target.id] = said(str(note.value.value))
    return found


def doc(thing: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    return said((thing.__doc__ or "").strip().split("\n\n")[0])


def said(text: str | None) -> str:
    """Words on one line."""
    return " ".join((text or "").split())


def codes(names: Iterable[object]) -> str:
    """Names as they are spelled in code."""
    return ", ".join(f"`{name}`" for name in names)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """A Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
