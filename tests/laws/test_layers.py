"""Law 1. Layers hold: who may know whom stands in `.importlinter`, and the code keeps to it."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_layers_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", ran.stdout)
    assert kept is not None, ran.stdout
    assert int(kept[1]) >= 17, "a contract was taken away"
