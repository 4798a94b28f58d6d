"""The files that every page shares. Their address holds the hash of all of them: a browser keeps them for a year, and
after an upgrade asks at another address. So no browser runs yesterday's module beside today's.

They are the only answers that are compressed: a page mixes words that people wrote with what is secret, and the length
of the two squeezed together tells one from the other (BREACH).
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from litestar import Response, get
from litestar.params import FromPath

from bedside.kernel import NotFound
from bedside.web.pages.render import STATIC, AnyRequest, assets

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file as it leaves the house: whole, and squeezed where that is shorter."""

    kind: str
    whole: bytes
    squeezed: bytes | None


@cache
def shelf() -> dict[str, Asset]:
    """Every file by its name, read and squeezed once."""
    return {path.name: _asset(path) for path in STATIC.iterdir() if path.suffix in KINDS}


def _asset(path: Path) -> Asset:
    whole = path.read_bytes()
    squeezed = gzip.compress(whole, 9, mtime=0)
    return Asset(KINDS[path.suffix], whole, squeezed if len(squeezed) < len(whole) else None)


@get(["/static/{name:str}", "/static/{version:str}/{name:str}"], opt={"open": True}, include_in_schema=False)
async def send_asset(request: AnyRequest, name: FromPath[str], version: FromPath[str] = "") -> Response[bytes]:
    """A file that pages share. At another address than today's it is not kept."""
    asset = shelf().get(name)
    if asset is None:
        raise NotFound
    squeeze = asset.squeezed is not None and "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "Cache-Control": FOREVER if f"/static/{version}" == assets() else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{hashlib.sha256(asset.whole).hexdigest()[:16]}{"-gz" if squeeze else ""}"',
    } | ({"Content-Encoding": "gzip"} if squeeze else {})
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers, media_type=asset.kind)
    body = asset.squeezed if squeeze and asset.squeezed else asset.whole
    return Response(body, headers=headers, media_type=asset.kind)
