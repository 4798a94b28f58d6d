"""`bedside demo --simulate`: a clinic day goes on by itself, beside the links that were printed."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedside.store.embedded import lodging
from bedside_client import Bedside


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    """The demo with a day sixty times as fast; closed by Ctrl-C, cleanly."""
    data = tmp_path / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bedside.cli", "demo", "--port", str(port), "--data", str(data)]
    running = subprocess.Popen(
        [*command, "--simulate", "60"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 120
        while not (data / "links.json").exists():
            assert running.poll() is None and time.monotonic() < until, "the demo did not open"
            time.sleep(0.2)
        yield data
    finally:
        running.send_signal(signal.SIGINT)
        said, wrong = running.communicate(timeout=60)
        lodging.discard(data)
    assert (running.returncode, wrong) == (0, ""), "it ended badly, or had something to complain of"
    assert "An invented day goes on by itself" in said
    assert not (data / "day.json").exists(), "no link is left behind"


@pytest.mark.slow
async def test_people_come_wait_and_are_seen_while_somebody_watches(demo: Path) -> None:
    links = json.loads((demo / "links.json").read_text())
    async with await Bedside.sign_in(links["desk"].rpartition("/s/")[0], links["desk"]) as desk:
        [department] = (await desk.me())["departments"]
        states: set[str] = set()
        told: set[str] = set()
        until = time.monotonic() + 90
        while not {"waiting", "in-progress", "completed"} <= states or not told:
            assert time.monotonic() < until, (states, told)
            rows = (await desk.queue(department))["rows"]
            states |= {row["state"] for row in rows}
            told |= {row["waitBasis"] for row in rows if row["estimatedWaitMinutes"]}
            await asyncio.sleep(0.2)
    # The links that were printed work beside it.
    async with await Bedside.sign_in(links["patient"].rpartition("/k/")[0], links["patient"]) as amara:
        assert (await amara.consultation((await amara.me())["visits"][0]).get())["state"] == "scheduled"
