"""The front desk's page: the department's day as a plain list."""

from litestar import get
from litestar.di import NamedDependency

from bedside.journal import Work
from bedside.kernel import Topic
from bedside.web import reading
from bedside.web.pages.render import AnyRequest, Html, render


@get("/desk", include_in_schema=False)
async def show_desk(request: AnyRequest, work: NamedDependency[Work]) -> Html:
    """Everybody of today, with what can be done for them."""
    view = await reading.desk(work)
    topics = (Topic.queue(view.department), Topic.presence(view.department), Topic.notification(work.actor.account))
    return render(
        request, "staff/desk.html", topics=map(str, topics), view=view, cursor=view.cursor, zone=view.zone, now=work.now
    )
