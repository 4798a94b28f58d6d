"""The demonstration as its command runs it, for documents that are followed word for word."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bedside.store.embedded import lodging


@pytest.fixture
def links(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The demo, as its command runs it; closed by Ctrl-C."""
    data = tmp_path / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bedside.cli", "demo", "--port", str(port), "--data", str(data)]
    demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 90
        while not (data / "links.json").exists() or not opened(port):
            assert demo.poll() is None and time.monotonic() < until, "the demo did not open"
            time.sleep(0.2)
        yield json.loads((data / "links.json").read_text())
    finally:
        demo.send_signal(signal.SIGINT)
        said = demo.communicate(timeout=60)[1]
        lodging.discard(data)
    assert (demo.returncode, said) == (0, ""), "it ended badly, or had something to complain of"


def opened(port: int) -> bool:
    """Whether the clinic is open."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
