"""The files that pages share: squeezed, kept for a year under an address that changes with them. Pages are neither."""

import gzip
import re

import pytest

from bedside.web.pages.assets import FOREVER, KINDS, shelf
from bedside.web.pages.render import STATIC, assets
from clinic import Clinic

GZIP = {"accept-encoding": "gzip, br"}


def test_every_file_is_on_the_shelf_and_shorter_squeezed() -> None:
    assert {path.name for path in STATIC.iterdir()} == shelf().keys()
    for name, asset in shelf().items():
        assert asset.kind == KINDS[name[name.rindex(".") :]]
        if asset.squeezed is not None:
            assert gzip.decompress(asset.squeezed) == asset.whole
            assert len(asset.squeezed) < len(asset.whole)


async def test_what_a_page_names_is_kept_for_a_year(clinic: Clinic) -> None:
    page = (await clinic.http.get("/", headers={"accept": "text/html"})).text
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert len(named) >= 4
    for path in named:
        assert path.startswith(f"{assets()}/")
        answer = await clinic.http.get(path, headers=GZIP)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, FOREVER), path
        assert answer.content == (STATIC / path.rpartition("/")[2]).read_bytes()
    script = await clinic.http.get(f"{assets()}/page.js", headers=GZIP)
    assert script.headers["content-encoding"] == "gzip" and script.headers["vary"] == "Accept-Encoding"
    whole = await clinic.http.get(f"{assets()}/page.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in whole.headers and whole.content == script.content


async def test_at_another_address_nothing_is_kept(clinic: Clinic) -> None:
    for path in ("/static/page.js", "/static/0123456789abcdef/page.js"):
        answer = await clinic.http.get(path, headers=GZIP)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        known = GZIP | {"if-none-match": answer.headers["etag"]}
        assert (await clinic.http.get(path, headers=known)).status_code == 304


@pytest.mark.parametrize("path", ["x.js", "..%2Fclinic.py", "%2e%2e/app.py", "page.js/../../x", "", "a/b/page.js"])
async def test_nothing_else_is_sent(clinic: Clinic, path: str) -> None:
    assert (await clinic.http.get(f"/static/{path}")).status_code == 404


async def test_a_page_is_never_squeezed(clinic: Clinic) -> None:
    """It mixes what people write with what is secret: its length would tell."""
    for path in ("/", "/k/any-secret", "/visit/00000000-0000-0000-0000-000000000000", "/api/v1/me"):
        answer = await clinic.http.get(path, headers=GZIP | {"accept": "text/html"})
        assert "content-encoding" not in answer.headers and answer.headers["cache-control"] == "no-store"
