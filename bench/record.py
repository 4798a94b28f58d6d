"""Keeps what was measured: one row for each name in bench/results.json, the others left as they are."""

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
MEMBERS = {"name", "value", "unit", "baseline", "baseline_value", "ratio", "goal", "met", "runs", "spread"}


def keep(*rows: dict[str, Any], file: Path = RESULTS) -> None:
    """Put these rows in the place of those of the same name. A figure without a goal or a baseline says None."""
    for row in rows:
        assert row.keys() == MEMBERS, row.keys() ^ MEMBERS
    kept: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    by_name = {row["name"]: row for row in [*kept, *rows]}
    file.write_text(json.dumps([by_name[name] for name in sorted(by_name)], indent=2) + "\n")
