"""On the local network: a phone that trusts the clinic's authority is given the camera; nothing goes in the clear."""

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Error, expect

from bedside.cli import lan
from bedside.store.embedded import lodging
from browser.people import Laptop, Phone, real_chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AMARA, OSEI = "Amara Okafor", "Dr. Kwame Osei"
FURTHER = 443
"""How much higher the port of the secured door is."""


@dataclass(frozen=True)
class OnTheNetwork:
    """A demonstration as `make demo LAN=1` runs it."""

    data: Path
    address: str
    port: int
    links: dict[str, str]

    @property
    def secure(self) -> str:
        return f"https://{self.address}:{self.port + FURTHER}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnTheNetwork]:
    """`bedside demo --lan ADDRESS`, a process of its own. Without a network, an address of loopback stands in."""
    data, port = tmp_path_factory.mktemp("lan"), _two_free_ports()
    address = lan.own_address() or "127.0.0.2"
    order = [sys.executable, "-m", "bedside.cli", "demo", "--port", str(port), "--data", str(data), "--lan", address]
    process = subprocess.Popen(order, stdout=subprocess.DEVNULL)
    try:
        _wait_until_open(process, port, data / "links.json")
        yield OnTheNetwork(data, address, port, json.loads((data / "links.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
            lodging.discard(data)


def _wait_until_open(process: subprocess.Popen[bytes], port: int, links: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, f"the demonstration ended with {process.returncode}"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/healthz").json().get("status") == "ok" and links.exists():
                return
        time.sleep(0.1)
    pytest.fail("the demonstration did not open")


def _two_free_ports() -> int:
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("", 0))
            port = int(one.getsockname()[1])
            try:
                other.bind(("", port + FURTHER))
            except (OSError, OverflowError):
                continue
            return port


@asynccontextmanager
async def _trusted(authority: Path, home: Path) -> AsyncIterator[Path]:
    """A home folder whose Chromium trusts this authority, as a person would add it."""
    no_password = home / "no-password"
    no_password.write_text("\n")
    # Chromium looks in the second place; older ones in the first.
    for place in (home / ".pki" / "nssdb", home / ".local" / "share" / "pki" / "nssdb"):
        place.mkdir(parents=True)
        common = ("-d", f"sql:{place}", "-f", str(no_password))
        for order in (("-N", *common), ("-A", *common, "-n", "bedside", "-t", "C,,", "-i", str(authority))):
            process = await asyncio.create_subprocess_exec("certutil", *order)
            assert await process.wait() == 0
    yield home


async def test_a_phone_on_the_network_gets_the_camera(demo: OnTheNetwork, tmp_path: Path):
    async with (
        _trusted(demo.data / "lan" / "authority.crt", tmp_path) as home,
        real_chromium(home=home) as browser,
    ):
        amara, osei = await Phone.of(browser), await Laptop.of(browser)
        assert demo.links["patient"].startswith(demo.secure)
        await osei.signs_in(demo.links["provider"])
        await amara.checks_in(demo.links["patient"])
        assert await amara.page.evaluate("isSecureContext")
        (kept,) = [c for c in await amara.context.cookies() if c.get("name") == "__Host-bedside"]
        assert (kept.get("secure"), kept.get("httpOnly"), kept.get("path")) == (True, True, "/")
        assert kept.get("domain") == demo.address
        # Live over TLS too.
        await expect(osei.row(AMARA)).to_contain_text(osei.t("row.devices-work"))
        await osei.calls_in(AMARA)
        await amara.title("ready.title", who=OSEI)
        assert amara.complaints == osei.complaints == []


async def test_who_does_not_know_the_authority_is_warned(demo: OnTheNetwork, tmp_path: Path):
    async with real_chromium(home=tmp_path) as browser:
        page = await browser.new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            await page.goto(demo.secure)


async def test_nothing_is_served_in_clear_on_the_network(demo: OnTheNetwork):
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(demo.address, demo.port)
    reader, writer = await asyncio.open_connection(demo.address, demo.port + FURTHER)
    writer.write(f"GET / HTTP/1.1\r\nHost: {demo.address}\r\n\r\n".encode())
    with contextlib.suppress(ConnectionResetError):
        assert not (await reader.read(64)).startswith(b"HTTP/")
    writer.close()
