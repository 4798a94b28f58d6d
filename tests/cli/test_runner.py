"""The door before the house is ready, and the order in which everything closes."""

import datetime as dt
import json
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bedside.cli import lan, links

HOUSE = """
import asyncio, contextlib, json, os, sys
from pathlib import Path
from bedside.cli import lan, links
from bedside.cli.front import Front
from bedside.cli.runner import Door, run

port, data = int(sys.argv[1]), Path(sys.argv[2])
tell = lambda *what: print(*what, flush=True)

async def house(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            tell(kind)
            await send({"type": kind + ".complete"})
            if kind.endswith("shutdown"):
                return
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})

@contextlib.asynccontextmanager
async def opening(say):
    say("making the database")
    while not (data / "go").exists():
        await asyncio.sleep(0.02)
    if (data / "fail").exists():
        raise ValueError("broken")
    try:
        yield house
    finally:
        await asyncio.sleep(0.05)
        tell("database closed")

count = 0
async def refresh():
    global count
    count += 1
    links.write(data, {"desk": f"link {count}"})

with links.running(data) as announce:
    async def ready():
        await refresh()
        announce()
        tell("ready")
    doors, say = [Door("127.0.0.1", port)], lambda s: tell("say", s)
    if len(sys.argv) > 3:
        doors.append(Door(sys.argv[3], port + 1, data / "lan/server.crt", data / "lan/server.key"))
    code = run(doors, opening, front=Front(), say=say, ready=ready, refresh=refresh)
tell("end", code)
sys.exit(code)
"""


class House:
    """The runner in a process of its own."""

    def __init__(self, data: Path, *network: str, at_once: bool = True) -> None:
        self.data = data
        if at_once:
            (data / "go").touch()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOUSE, str(self.port), str(data), *network],
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, line: str) -> None:
        assert self.process.stdout
        for told in self.process.stdout:
            if told.strip() == line:
                return
        raise AssertionError(f"never said {line!r}")

    def rest(self) -> list[str]:
        out, _ = self.process.communicate(timeout=20)
        return out.split("\n")[:-1]


def health(url: str) -> httpx.Response:
    until = time.monotonic() + 10
    while True:
        try:
            return httpx.get(f"{url}/healthz", trust_env=False)
        except httpx.ConnectError:
            assert time.monotonic() < until
            time.sleep(0.02)


def test_before_it_is_ready_the_door_says_why(tmp_path: Path):
    house = House(tmp_path, at_once=False)
    house.wait_for("say making the database")
    answer = health(house.url)
    assert (answer.status_code, answer.json()["reason"]) == (503, "making the database")
    page = httpx.get(f"{house.url}/waiting-room", trust_env=False)
    assert (page.status_code, page.json()["type"]) == (503, "starting")
    assert page.headers["content-type"] == "application/problem+json"
    (tmp_path / "go").touch()
    house.wait_for("ready")
    assert health(house.url).text == "ok"
    house.process.terminate()
    house.rest()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_closes_from_the_outside_in(tmp_path: Path, how: signal.Signals):
    house = House(tmp_path)
    house.wait_for("ready")
    house.process.send_signal(how)
    assert house.rest() == ["lifespan.shutdown", "database closed", "end 0"]
    assert house.process.returncode == 0


def test_what_was_asked_before_the_end_is_still_answered(tmp_path: Path):
    house = House(tmp_path)
    house.wait_for("ready")
    with socket.create_connection(("127.0.0.1", house.port)) as visitor:
        visitor.sendall(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        time.sleep(0.15)
        house.process.terminate()
        visitor.settimeout(10)
        assert visitor.recv(4096).startswith(b"HTTP/1.1 200")
    house.rest()
    assert house.process.returncode == 0


@pytest.mark.spec("S279", "S283")
def test_on_the_network_only_https_is_spoken(tmp_path: Path):
    network = "127.0.0.2"  # stands for the machine's address: another one than the loopback door's
    made = lan.certificate(tmp_path / "lan", network, "clinic", now=dt.datetime.now(dt.UTC))
    house = House(tmp_path, network)
    house.wait_for("ready")
    trusting = ssl.create_default_context(cafile=str(made.authority))
    secure = f"https://{network}:{house.port + 1}"
    assert httpx.get(secure, verify=trusting, trust_env=False).text == "ok"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{network}:{house.port}", trust_env=False)
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://{network}:{house.port + 1}", trust_env=False)
    house.process.terminate()
    house.rest()


def test_stopped_while_starting_it_leaves_quietly(tmp_path: Path):
    house = House(tmp_path, at_once=False)
    house.wait_for("say making the database")
    health(house.url)
    house.process.send_signal(signal.SIGINT)
    house.rest()
    assert house.process.returncode == 0


def test_an_error_on_the_way_up_is_an_error(tmp_path: Path):
    (tmp_path / "fail").touch()
    house = House(tmp_path)
    house.process.communicate(timeout=20)
    assert house.process.returncode == 1


def test_new_links_are_made_on_request(tmp_path: Path):
    house = House(tmp_path)
    house.wait_for("ready")
    assert links.renew(tmp_path) == {"desk": "link 2"}
    assert (tmp_path / "links.json").stat().st_mode & 0o777 == 0o600
    house.process.terminate()
    house.rest()
    with pytest.raises(links.NotRunning, match="No clinic runs"):
        links.renew(tmp_path)


def test_a_number_left_behind_is_never_signalled(tmp_path: Path):
    (tmp_path / "running").write_text(f"{os.getpid()}\n")  # this very process would die of SIGUSR1
    with pytest.raises(links.NotRunning):
        links.renew(tmp_path)


def test_two_on_one_data_folder_is_refused(tmp_path: Path):
    with (
        links.running(tmp_path),
        pytest.raises(links.NotRunning, match="already runs"),
        links.running(tmp_path),
    ):
        pass


def test_the_file_of_links_is_whole_at_every_moment(tmp_path: Path):
    links.write(tmp_path, {"patient": "a"})
    links.write(tmp_path, {"patient": "b"})
    assert json.loads((tmp_path / "links.json").read_text()) == {"patient": "b"}
    assert [p.name for p in tmp_path.iterdir()] == ["links.json"]


def test_each_open_page_may_have_its_file(tmp_path: Path):
    """However few open files the shell allows that it is started from."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    try:
        house = House(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    house.wait_for("ready")
    assert resource.prlimit(house.process.pid, resource.RLIMIT_NOFILE) == (before[1], before[1])
    house.process.terminate()
    house.rest()
