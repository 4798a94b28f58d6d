"""Which item of the ledger is proven by which test.

One line per item: its id, then `traced`, `ruled` (and by which ruling), `later` (with which capability) or
`open`, then the tests. A test that asserts nothing traces nothing.
"""

import ast
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ROOT / "docs/reference/ledger.toml"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def ledger() -> dict[str, dict[str, str]]:
    """Every item by its number, in order."""
    return tomllib.loads(LEDGER.read_text())


def traces(folder: Path = ROOT / "tests") -> tuple[dict[str, list[str]], list[str]]:
    """The tests of each item, and what is wrong with the marks themselves."""
    found: dict[str, list[str]] = defaultdict(list)
    wrong: list[str] = []
    for file in sorted(folder.rglob("*.py")):
        tree = ast.parse(file.read_text(), filename=str(file))
        for name, mark, asserts in _marks(tree):
            where = f"{file.relative_to(folder.parent)}{name}"
            ids = list(_ids(mark))
            if not ids:
                wrong.append(f"{where}: spec(...) takes the items' numbers as plain strings")
            if not asserts:
                wrong.append(f"{where}: asserts nothing, so it traces nothing")
                continue
            for item in ids:
                found[item].append(where)
    return found, wrong


def _marks(tree: ast.Module) -> Iterator[tuple[str, ast.Call, bool]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(_named(t, "pytestmark") for t in node.targets):
            yield from (("", mark, _asserts(tree)) for mark in _specs(node.value))
        elif isinstance(node, Definition):
            yield from _of(node, "")


def _of(node: Definition, prefix: str) -> Iterator[tuple[str, ast.Call, bool]]:
    name = f"{prefix}::{node.name}"
    for decorator in node.decorator_list:
        yield from ((name, mark, _asserts(node)) for mark in _specs(decorator))
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            if isinstance(inner, Definition):
                yield from _of(inner, name)


def _specs(node: ast.AST) -> Iterator[ast.Call]:
    # Anywhere inside, so that the marks of single pytest.param(...) cases count too.
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "spec":
            yield each


def _ids(mark: ast.Call) -> Iterator[str]:
    for argument in mark.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield from _expanded(argument.value)


def _expanded(item: str) -> Iterator[str]:
    span = re.fullmatch(r"([SXU])(\d+)\.\.\1(\d+)", item)
    if span:
        yield from (f"{span[1]}{n}" for n in range(int(span[2]), int(span[3]) + 1))
    else:
        yield item


def _asserts(node: ast.AST) -> bool:
    # `with refused(…)`, `with pytest.raises(…)` and Playwright's expect(…) assert as well.
    return any(
        isinstance(each, ast.Assert | ast.With | ast.AsyncWith)
        or (isinstance(each, ast.Call) and _named(each.func, "expect"))
        for each in ast.walk(node)
    )


def _named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def state(item: dict[str, str], tests: list[str]) -> tuple[str, str]:
    """How an item stands, in a word and its supplement."""
    if tests:
        return "traced", ""
    if "ruled" in item:
        return "ruled", f" {item['ruled']}"
    if "later" in item:
        return "later", f" ({item['later']})"
    return "open", ""


def main() -> int:
    items = ledger()
    tests, wrong = traces()
    wrong += [f"{tests[unknown][0]}: the ledger has no {unknown}" for unknown in tests if unknown not in items]
    counts: Counter[str] = Counter()
    for number, item in items.items():
        word, supplement = state(item, tests.get(number, []))
        counts[word] += 1
        print(" ".join([f"{number} {word}{supplement}", *tests.get(number, [])]))
    summary = ", ".join(f"{counts[word]} {word}" for word in ("traced", "ruled", "later", "open"))
    print(f"{len(items)} items: {summary}")
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
