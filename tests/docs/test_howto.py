"""The programs of "write a client", run as they are printed, and what they print."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HOWTO = Path(__file__).parents[2] / "docs/howto/write-a-client.md"
PROGRAM = re.compile(r"```python (\w+)\n(.*?)```\s*```text\n(.*?)```", re.DOTALL)


@pytest.mark.slow
def test_each_program_prints_what_the_page_says(links: dict[str, str]):
    programs = PROGRAM.findall(HOWTO.read_text())
    assert len(programs) == HOWTO.read_text().count("```python") == 3
    for whose, program, printed in programs:
        command = [sys.executable, "-c", program, links[whose]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.stdout, done.stderr) == (printed, ""), program
