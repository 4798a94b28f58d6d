"""Keeps what was measured: one row for each name in bench/results.json, the others left as they are."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
MEMBERS = {"name", "value", "unit", "baseline", "baseline_value", "ratio", "goal", "met", "runs", "spread"}


def figure(
    name: str,
    unit: str,
    runs: Sequence[float],
    *,
    baseline: str | None = None,
    beside: Sequence[float] = (),
    at_most: float | None = None,
) -> dict[str, Any]:
    """One row: the median over the runs, their range as a share of it, and the median of what ran beside."""
    value = statistics.median(runs)
    limit = statistics.median(beside) if beside else None
    return {
        "name": name,
        "value": _round(value),
        "unit": unit,
        "baseline": baseline,
        "baseline_value": None if limit is None else _round(limit),
        "ratio": _round(value / limit) if limit else None,
        "goal": None if at_most is None else f"<= {at_most:g} {unit}",
        "met": None if at_most is None else value <= at_most,
        "runs": len(runs),
        "spread": round((max(runs) - min(runs)) / value, 2) if value else None,
    }


def keep(*rows: dict[str, Any], file: Path = RESULTS) -> None:
    """Put these rows in the place of those of the same name, and say them. Without a goal or a baseline it is None."""
    for row in rows:
        assert row.keys() == MEMBERS, row.keys() ^ MEMBERS
        beside = f"  (beside {row['baseline_value']}: {row['baseline']})" if row["baseline"] else ""
        print(f"{row['name']}: {row['value']} {row['unit']}, spread {row['spread']}{beside}", flush=True)
    kept: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
    by_name = {row["name"]: row for row in [*kept, *rows]}
    file.write_text(json.dumps([by_name[name] for name in sorted(by_name)], indent=2) + "\n")


def _round(value: float) -> float:
    """Three digits that mean something, and no fewer before the point."""
    return float(f"{value:.3g}") if abs(value) < 100 else round(value, 1)
