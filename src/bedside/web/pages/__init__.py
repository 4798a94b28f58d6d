"""The pages of people: patient, provider, desk. `app.py` takes `routes`, `STATIC` and `problem_page` from here."""

from pathlib import Path
from typing import Any

from litestar import Response

from bedside.web.pages.render import page

STATIC = Path(__file__).parent.parent / "static"
routes: list[Any] = []


def problem_page(request: Any, problem: dict[str, Any]) -> Response[Any]:
    """A refusal as a page for a person. `problem` is the problem object: type, title, status, can, facts, reference."""
    html = page("problem.html", "en", title=problem["title"], status=problem["status"], reference=problem.get("reference"))
    return Response(html, status_code=problem["status"], media_type="text/html; charset=utf-8")
