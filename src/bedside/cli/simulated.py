"""The invented day beside the demonstration: a process of its own, which ends with us."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

PATIENCE = 5.0


@contextlib.contextmanager
def day(data: Path) -> Generator[Callable[[Mapping[str, Any]], None]]:
    """Yields what begins the day with these people. Their links stand in a file only until they are read."""
    running: list[subprocess.Popen[bytes]] = []
    file = data / "day.json"

    def begin(people: Mapping[str, Any]) -> None:
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(people, out)
        # In a session of its own, so that Ctrl-C reaches it through us and it says nothing about it.
        command = [sys.executable, "-m", "bedside_client.day", str(file)]
        running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True))

    try:
        yield begin
    finally:
        for process in running:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
        file.unlink(missing_ok=True)
