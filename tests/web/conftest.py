"""Every screen with invented data behind a small server, and a browser to look at them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from web.preview import draw, serve

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("preview")
    draw(folder, "en")
    draw(folder, "es")
    server = serve(folder)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
        )
