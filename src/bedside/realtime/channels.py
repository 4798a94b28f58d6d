"""Channels as they are asked about over HTTP: what an address means, and which visits' channels are active."""

from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from bedside.care import people
from bedside.care.availability import SILENCE
from bedside.journal import Work
from bedside.kernel import Instant, NotFound, Topic
from bedside.realtime import registry
from bedside.store import Queries

Q = Queries(__file__)
VIEWS = {
    "consultation": "/api/v1/consultations/{id}",
    "queue": "/api/v1/departments/{id}/queue",
    "waiting-room": "/api/v1/waiting-room",
    "notification": "/api/v1/notifications",
    "presence.providers": "/api/v1/departments/{id}/providers/available",
    "line": None,
}
"""Where the state stands of which a channel tells that it changed."""


class ChannelView(msgspec.Struct, frozen=True):
    """What an address means for whoever asks: the topic to listen to, and the view to fetch."""

    name: str
    topic: str
    content: bool
    view: str | None


class TakingPart(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody in a visit, and as what. Patients have no name here."""

    account: UUID
    role: str
    name: str | None
    since: Instant
    here: bool
    in_room: bool


class ActiveChannel(msgspec.Struct, frozen=True, rename="camel"):
    """A visit that is going on: under which addresses it is heard, and who takes part."""

    channel: str
    pair: str | None
    consultation: UUID
    state: str
    since: Instant
    people: list[TakingPart]


@get("/channels/{name:str}")
async def channel(work: NamedDependency[Work], name: FromPath[str]) -> ChannelView:
    """What an address means now. Not there, not yours, not built: all the same."""
    async with work:
        topic = await registry.resolve(work, name)
        row = topic and await work.row(Q.may_hear, work.org, work.actor.account, topic.kind, topic.id)
    if topic is None or row is None or not row["ok"]:
        raise NotFound
    view = VIEWS[topic.kind]
    return ChannelView(name, str(topic), bool(row["content"]), view and view.format(id=topic.id))


@get("/departments/{id:uuid}/channels")
async def active(work: NamedDependency[Work], id: FromPath[UUID]) -> list[ActiveChannel]:
    """Which visits' channels of a department are active, and who takes part in each."""
    async with work:
        mine = await people.departments_of(work, work.actor.account) if work.actor.role.is_staff else []
        if id not in [department for department, _ in mine]:
            raise NotFound
        rows = await work.rows(Q.active_channels, work.org, id, work.now - SILENCE)
    return [_channel(list(one)) for _, one in groupby(rows, key=lambda row: row["id"])]


def _channel(rows: list[Any]) -> ActiveChannel:
    visit = rows[0]
    pair = visit["provider"] and f"consultation.{visit['provider']}.{visit['patient']}"
    taking_part = [
        TakingPart(row["account"], row["as_role"], row["display_name"], row["joined_at"], row["here"], row["in_room"])
        for row in rows
        if row["account"]
    ]
    topic = str(Topic.consultation(visit["id"]))
    return ActiveChannel(topic, pair, visit["id"], visit["state"], visit["checked_in_at"], taking_part)


router = Router("/", tags=["channels"], route_handlers=[channel, active])
