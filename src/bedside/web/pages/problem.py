"""A refusal or an outage as a page for a person: what happened, what it does not mean, what to do now."""

import re
from typing import Any

from litestar import Response

from bedside.web import locale
from bedside.web.pages.render import AnyRequest, language, render


def problem_page(request: AnyRequest, problem: dict[str, Any]) -> Response[Any]:
    """The page of a problem. A queue that cannot be read says so; it is never drawn empty."""
    status, path = problem["status"], request.url.path
    if status == 503 and path in ("/waiting-room", "/desk"):
        return render(request, "staff/unreadable.html", status=status)
    title = f"problem.title-{status}"
    return render(
        request,
        "problem.html",
        status=status,
        title=locale.t(language(request), title if locale.knows(title) else "problem.title-other"),
        sentence=problem["title"],
        problem_status=status,
        back=_back(path),
        reference=problem.get("reference", ""),
    )


def _back(path: str) -> str:
    """The page on which one can see how it is now: never an address with a secret."""
    visit = re.match(r"(/visit/[0-9a-f-]{36})", path)
    if visit:
        return visit[1]
    if path.startswith("/desk"):
        return "/desk"
    return "/waiting-room" if path.startswith(("/consultations/", "/waiting-room", "/availability")) else ""
