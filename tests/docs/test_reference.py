"""The reference pages say what the code says."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_no_reference_page_is_stale():
    # In a process of its own: refusals and facts that tests invent are not the program's.
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/reference.py"), "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr
