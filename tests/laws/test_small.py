"""Law 10. Files stay small: 300 lines, functions 40. Exceptions stand here, each with its reason.

A test may take the space that its story needs; what it calls may not.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE, FUNCTION = 300, 40

MADE = "# Written from the description of the API by "
"""What a program writes, nobody reads from top to bottom."""

LONG_FILES = {
    "tests/clinic.py": "the harness is one page: everything a test may say stands in one place",
}

LONG_FUNCTIONS = {
    "src/bedside/care/consultation/views.py::show": "one view, field by field: laid out, nothing decided",
    "tests/journeys/test_hostile_text.py::requests": "one request of each kind: a list",
    "tests/web/people.py::visit": "one invented visit, field by field",
    "tests/web/screens.py::screens": "one screen after the other: a list",
}


def sources() -> Iterator[Path]:
    """Everything that is read as code: Python, SQL, scripts, styles."""
    for folder in ("src", "tests", "tools"):
        for file in sorted((ROOT / folder).rglob("*")):
            code = file.suffix in (".py", ".sql", ".js", ".mjs", ".css", ".html") and "__pycache__" not in file.parts
            if code and MADE not in file.read_text():
                yield file


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines it takes from its `def` to its last, without its docstring."""
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if told else 0)


def long_functions(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("test_"):
            continue
        if length(node) > FUNCTION:
            yield f"{file.relative_to(ROOT)}::{node.name}", length(node)


def test_files_stay_small() -> None:
    long = {str(f.relative_to(ROOT)): n for f in sources() if (n := len(f.read_text().splitlines())) > FILE}
    assert {name: n for name, n in long.items() if name not in LONG_FILES} == {}
    assert LONG_FILES.keys() - long.keys() == set(), "an exception that is none any more"


def test_functions_stay_small() -> None:
    long = {name: n for file in sources() if file.suffix == ".py" for name, n in long_functions(file)}
    assert {name: n for name, n in long.items() if name not in LONG_FUNCTIONS} == {}
    assert LONG_FUNCTIONS.keys() - long.keys() == set(), "an exception that is none any more"
