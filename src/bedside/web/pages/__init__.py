"""The pages, by person. What the composition root needs: the routes, and how a problem is drawn."""

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

from bedside.web.pages import desk, links, patient, provider
from bedside.web.pages.problem import page_for
from bedside.web.pages.render import STATIC

static = create_static_files_router(
    path="/static",
    directories=[STATIC],
    opt={"open": True},
    include_in_schema=False,
    # Asked again each time, and answered with 304: after an upgrade no browser runs yesterday's module.
    cache_control=CacheControlHeader(no_cache=True),
)

routes = [
    links.show_door,
    links.show_patient_link,
    links.show_staff_link,
    links.open_patient_link,
    links.open_staff_link,
    links.sign_out,
    patient.router,
    provider.show_waiting_room,
    provider.become,
    provider.router,
    desk.show_desk,
    static,
]

__all__ = ["page_for", "routes", "static"]
