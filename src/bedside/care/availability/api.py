"""How availability is asked for."""

from typing import Literal
from uuid import UUID

import msgspec
from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care.availability import actions, views
from bedside.care.availability.model import Status
from bedside.care.availability.views import ProviderView
from bedside.journal import Work


class SetStatus(msgspec.Struct, forbid_unknown_fields=True):
    """What a provider says of themselves. That they are in a visit, their visits say."""

    status: Literal["available", "away", "offline"]


@put("/availability", status_code=204)
async def set_availability(work: NamedDependency[Work], data: JSONBody[SetStatus]) -> None:
    """Say that one is available, away or gone."""
    async with work:
        await actions.become(work, status=Status(data.status))


@get("/departments/{id:uuid}/providers/available")
async def get_available_providers(work: NamedDependency[Work], id: FromPath[UUID]) -> list[ProviderView]:
    """Who is free in a department."""
    async with work:
        return await views.free_providers(work, id)


router = Router("/", tags=["availability"], route_handlers=[set_availability, get_available_providers])
