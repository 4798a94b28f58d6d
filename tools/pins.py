"""Pins say what, never from where: no registry's address stands in a requirements or lock file."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|-f\s")


def problems() -> list[str]:
    """Every place that names an address, and every pin without a hash."""
    found: list[str] = []
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if ADDRESS.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: names an address")
            if "==" in line and not line.lstrip().startswith("#") and not line.rstrip().endswith("\\"):
                found.append(f"{file.relative_to(ROOT)}:{number}: a pin without its hash")
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, entry in lock["packages"].items():
        if "resolved" in entry:
            found.append(f"package-lock.json: {name} names an address")
        if name and "integrity" not in entry:
            found.append(f"package-lock.json: {name} has no hash")
    found += [
        f"{stray} records download addresses; pins stand in requirements/"
        for stray in ("uv.lock", "pylock.toml", "yarn.lock", "pnpm-lock.yaml")
        if (ROOT / stray).exists()
    ]
    return found


if __name__ == "__main__":
    told = problems()
    print("\n".join(told) or "Pins: every one hashed, none with an address.")
    raise SystemExit(bool(told))
