"""Draw every screen with invented data: `python tests/web/preview.py [folder]`, then open the printed address.

With `--shots folder` a headless Chromium photographs each, at 390 and 1280 pixels, light and dark.
"""

import argparse
import http.server
import sys
import tempfile
import threading
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from bedside.web.pages.render import HEADERS, STATIC, page
from web.people import NOW
from web.screens import screens


def draw(folder: Path, lang: str = "en") -> list[str]:
    """Every screen as a file; the names of what was drawn."""
    for name, (template, context) in screens().items():
        (folder / f"{name}.{lang}.html").write_text(page(template, lang, now=NOW, **context))
    return list(screens())


QUIET = b"""export const live = Object.assign(new EventTarget(), {
  start() {}, enter() {}, leave() {}, do: async () => ({ entry: "" }),
});
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """The folder, our static files under /static, and the headers that a real page carries."""

    def translate_path(self, path: str) -> str:
        inside = path.split("?", maxsplit=1)[0]
        return (
            str(STATIC / inside.rpartition("/")[2]) if inside.startswith("/static/") else super().translate_path(path)
        )

    def do_GET(self) -> None:
        """There is no clinic behind a preview: its socket is a silent one."""
        if not self.path.split("?")[0].endswith("/live.js"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.end_headers()
        self.wfile.write(QUIET)
        return None

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """A small server on loopback, already running."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def shoot(base: str, names: list[str], into: Path, only: str = "", langs: tuple[str, ...] = ("en",)) -> None:
    """Photograph what was drawn."""
    from playwright.sync_api import sync_playwright

    into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for scheme in ("light", "dark"):
            for width, height in ((390, 844), (1280, 800)):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                tab = context.new_page()
                tab.on(
                    "console",
                    lambda m: print("console:", m.text) if m.type == "error" and "404" not in m.text else None,
                )
                for name in (n for n in names if only in n):
                    for lang in langs:
                        tab.goto(f"{base}/{name}.{lang}.html")
                        tab.screenshot(
                            path=into / f"{name}-{width}-{scheme}{'' if lang == 'en' else '-' + lang}.png",
                            full_page=True,
                        )
                context.close()
        browser.close()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--lang", default="en")
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.mkdtemp())
    names = draw(folder, args.lang)
    server = serve(folder, 0 if args.shots else args.port)
    base = f"http://127.0.0.1:{server.server_port}"
    if args.shots:
        shoot(base, names, args.shots, args.only, (args.lang,))
        return
    print(*(f"{base}/{name}.{args.lang}.html" for name in names), sep="\n")
    threading.Event().wait()


if __name__ == "__main__":
    main()
