"""What a soak found, kept for everybody to read: a line of bench/soak.json, a paragraph of docs/reference/assurance.md.

Nothing is kept unless `make soak` asks for it, so that a test run by hand leaves the tree as it was.
"""

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "bench/soak.json"
PAGE = ROOT / "docs/reference/assurance.md"
HEAD = """<!-- Written by the run itself: `make soak`. -->
# What was tried, and what came of it

Each paragraph was written by the run it tells of. The figures are in [bench/soak.json](../../bench/soak.json);
`make soak` does it all again.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. `value` is what was found, `goal` what it is held against, `runs` how often it was tried."""

    name: str
    value: float
    unit: str
    goal: str
    met: bool
    runs: int
    baseline: str | None = None
    baseline_value: float | None = None
    ratio: float | None = None
    spread: float | None = None


ORDER = ("name", "value", "unit", "baseline", "baseline_value", "ratio", "goal", "met", "runs", "spread")


def keep(figure: Figure, says: str, *, minutes: float = 0.0) -> None:
    """Put a figure on record with a sentence in plain words; an earlier one of the same name goes."""
    line = asdict(figure)
    print(f"\n{json.dumps({name: line[name] for name in ORDER})}\n{says}")
    if os.environ.get("BEDSIDE_SOAK") != "keep":
        return
    kept = json.loads(FIGURES.read_text()) if FIGURES.exists() else []
    lines = [each for each in kept if each["name"] != figure.name] + [{name: line[name] for name in ORDER}]
    FIGURES.write_text(json.dumps(sorted(lines, key=lambda each: each["name"]), indent=2) + "\n")
    PAGE.write_text(page(PAGE.read_text() if PAGE.exists() else HEAD, figure, says, minutes))


def page(before: str, figure: Figure, says: str, minutes: float, today: datetime | None = None) -> str:
    """The page with this figure's paragraph written anew, in the order of the names."""
    _, *sections = re.split(r"^## ", before, flags=re.MULTILINE)
    paragraphs = {section.partition("\n")[0]: section.partition("\n")[2].strip() for section in sections}
    day = (today or datetime.now(UTC)).date().isoformat()
    took = f", {minutes:.0f} minutes" if minutes >= 1 else ""
    beside = f" Beside it: {figure.baseline}, {figure.baseline_value:g}." if figure.baseline_value is not None else ""
    paragraphs[figure.name] = (
        f"{says}\n\nFound: **{figure.value:g} {figure.unit}** in {figure.runs:,} tries (goal: {figure.goal}; "
        f"{'met' if figure.met else '**not met**'}).{beside} Run on {day}{took}."
    )
    return HEAD + "".join(f"\n## {name}\n\n{text}\n" for name, text in sorted(paragraphs.items()))
