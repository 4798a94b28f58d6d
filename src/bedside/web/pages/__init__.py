"""The pages, by person. What the composition root needs: the routes, the static files, how a problem is drawn."""

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

from bedside.web.pages import desk, links, patient, provider
from bedside.web.pages.problem import problem_page
from bedside.web.pages.render import STATIC

static = create_static_files_router(
    "/static",
    [STATIC],
    opt={"open": True},
    include_in_schema=False,
    # Asked about each time and answered 304: after an upgrade no browser runs yesterday's module.
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

__all__ = ["STATIC", "problem_page", "routes"]
