"""The tutorial, as somebody does it who follows it: its commands start what they say, its steps work word for word."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import sync_playwright

from bedside.invented import ZONE
from bedside.store.embedded import lodging
from docs.test_tour import ARGUMENTS, WINDOW, Step, Traveller

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/tutorial/run-a-clinic.md"
PART = re.compile(
    r"^```sh\n(?P<command>[^`]+?)\n```|^```text\n(?P<said>[^`]+)```"
    r"|^(?P<number>\d+)\. (?P<who>[^:\n]+): (?P<step>[^\n]+)$",
    re.MULTILINE,
)


def parts() -> Iterator[re.Match[str]]:
    """Commands, what they say, and steps, in the order of the page."""
    return PART.finditer(PAGE.read_text())


def command(target: str, *given: str) -> list[str]:
    """What `make` would run, with this Python."""
    # By itself, whoever started these tests: a make within a make speaks of its folders too.
    alone = {name: value for name, value in os.environ.items() if "MAKE" not in name and name != "MFLAGS"}
    asked = ["make", "-n", target, *given]
    told = subprocess.run(asked, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    words = shlex.split(told.strip().splitlines()[-1])
    assert words[:2] == ["exec", ".venv/bin/bedside"]
    return [sys.executable, "-m", "bedside.cli", *words[2:]]


@contextmanager
def clinic(port: int, data: Path) -> Iterator[str]:
    """`make demo`, until Ctrl-C; what it said until it was open."""
    asked = command("demo", f"PORT={port}", f"DATA={data}")
    running = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout
    said = ""
    try:
        for line in running.stdout:
            said += line
            if "Ctrl-C stops it" in " ".join(said.split()):
                break
        assert running.poll() is None, said
        yield " ".join(said.split())
    finally:
        running.send_signal(signal.SIGINT)
        wrong = running.communicate(timeout=60)[1]
    assert (running.returncode, wrong) == (0, ""), "it ended badly, or had something to complain of"


@pytest.mark.browser
@pytest.mark.slow
def test_the_tutorial_can_be_followed(tmp_path: Path):
    data = tmp_path / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    numbers = [int(part["number"]) for part in parts() if part["number"]]
    assert numbers == list(range(1, len(numbers) + 1))
    try:
        _follow(port, data)
    finally:
        lodging.discard(data)


def _follow(port: int, data: Path) -> None:
    now = datetime.now(ZoneInfo(ZONE))
    late = (now + timedelta(minutes=30)).date() != now.date()  # then the board of today holds nobody of these
    running = clinic(port, data)
    opened = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        links: dict[str, str] = {}
        windows = {
            "ordinary": Traveller(browser.new_context(viewport={"width": 390, "height": 844}).new_page(), links),
            "private": Traveller(browser.new_context(viewport={"width": 1280, "height": 800}).new_page(), links),
        }
        said = ""
        try:
            for part in parts():
                if part["command"] == "make demo":
                    if opened:
                        running.__exit__(None, None, None)
                        running = clinic(port, data)
                    said, opened = running.__enter__(), opened + 1
                elif part["command"]:
                    assert part["command"] == "make links"
                    subprocess.run(command("links", f"DATA={data}"), check=True, capture_output=True, timeout=30)
                elif part["said"]:
                    assert [line for line in part["said"].splitlines() if line not in said] == []
                elif not (late and part["who"] == "The desk"):
                    windows[WINDOW[part["who"]]].links = json.loads((data / "links.json").read_text())
                    _take(windows[WINDOW[part["who"]]], Step(int(part["number"]), part["who"], part["step"]))
        finally:
            browser.close()
            if opened:
                running.__exit__(None, None, None)
    assert opened == 2


def _take(traveller: Traveller, step: Step) -> None:
    if "reload the page" in step.text:
        traveller.page.reload()
    try:
        traveller.take(step)
    except BaseException as trouble:
        trouble.add_note(f"{PAGE.name}, step {step.number}: {step.who}: {step.text}")
        raise
