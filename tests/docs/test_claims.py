"""What the documents name is there: files, commands, targets. And each law stands under a heading, with its test."""

import re
import tomllib
from pathlib import Path

import pytest

from bedside.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
PATH = re.compile(r"(?<![\w/.-])(?:src|tests|tools|docs|requirements)/[\w./*-]*\w")
ELSEWHERE = re.compile(r"/(?:tmp|work|home|root)/|localhost:\d+/simple")


def said(document: Path) -> str:
    """All code of a document, in spans and fences."""
    return "\n".join(CODE.findall(document.read_text()))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_what_is_named_is_there(document: Path):
    code = said(document)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) - targets == set()
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(re.findall(r"\bbedside ([a-z]+)\b", code)) - commands == set()
    missing = [path for path in PATH.findall(code) if "*" not in path and not (ROOT / path).exists()]
    assert missing == []
    assert ELSEWHERE.search(document.read_text()) is None, "a path of some machine"


def test_each_law_has_its_test_and_each_test_its_heading():
    text = (ROOT / "ARCHITECTURE.md").read_text().partition("## Laws")[2].partition("\n## ")[0]
    laws = dict(re.findall(r"^### (\d+)\. .+?$(.+?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
    named = {number: set(re.findall(r"\]\((tests/[\w/]+\.py)\)", law)) for number, law in laws.items()}
    assert all(named.values()), "a law without a test"
    for file in sorted((ROOT / "tests/laws").glob("test_*.py")):
        number = re.search(r"[Ll]aw (\d+)", file.read_text())
        assert number and f"tests/laws/{file.name}" in named[number[1]], f"{file.name} is under no heading"


def test_the_decisions_name_what_is_installed():
    record = "".join(file.read_text().lower() for file in (ROOT / "docs/decisions").glob("0*.md"))
    pinned = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[^\w-]", pin)[0] for pin in pinned}
    assert {name for name in names if name not in record} == set()
