"""How notifications are asked for."""

from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care.notification import actions, views
from bedside.care.notification.views import NotificationView
from bedside.journal import Work


@get("/")
async def get_notifications(work: NamedDependency[Work]) -> list[NotificationView]:
    """What I was told."""
    async with work:
        return await views.mine(work)


@post("/{id:uuid}/read", status_code=204)
async def take_note(work: NamedDependency[Work], id: FromPath[UUID]) -> None:
    """Take note of one."""
    async with work:
        await actions.read(work, id)


router = Router("/notifications", tags=["notification"], route_handlers=[get_notifications, take_note])
