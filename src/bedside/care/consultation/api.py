"""How visits are asked for: one route for each verb. Every mutation takes an Idempotency-Key."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from bedside.care.consultation import actions, room, views
from bedside.care.consultation.model import DeviceCheck, Whereabouts
from bedside.care.consultation.refusals import NewTimeNeeded
from bedside.care.consultation.views import Done
from bedside.journal import Work
from bedside.kernel import Instant


class WithReason(msgspec.Struct, forbid_unknown_fields=True):
    """A step that takes a reason out of the list."""

    reason: str


class CallIn(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Whom the provider is about to see was confirmed; `anyway`: also though no page of the patient is open."""

    identity_confirmed: bool = False
    anyway: bool = False


class Complete(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """The closing words for the patient, and whether to come again. A colleague adds the reason."""

    summary: str
    follow_up: bool
    reason: str | None = None


class NewTime(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A time later today."""

    starts_at: datetime


class Reschedule(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Where the patient is now, and perhaps another time today."""

    place: str
    callback: str
    starts_at: datetime | None = None


class Enter(msgspec.Struct, forbid_unknown_fields=True):
    """Which device goes in; without one, the session's page."""

    device: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[\w.-]*$")] = "page"


class GrantIssued(msgspec.Struct, frozen=True, rename="camel"):
    """A permission to take part: an opaque token, what it allows, and its end."""

    token: str
    operations: list[str]
    expires_at: Instant


class CheckedIn(Done, frozen=True, rename="camel"):
    """The answer to a check-in: where the visit is now, and the permission to take part in it."""

    grant: GrantIssued | None = None


@post("/{id:uuid}/check-in", status_code=201)
async def check_in(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Whereabouts]) -> CheckedIn:
    """Arrive, having said where one is and on which number. Who arrives in person gets their permission with it."""
    async with work:
        visit = await actions.check_in(work, id, whereabouts=data)
        arrived = views.done(work, visit)
        issued = None
        if not work.actor.role.is_staff:
            token, grant = await room.permit(work, visit)
            issued = GrantIssued(token, list(grant.operations), grant.expires_at)
        return work.reply(201, CheckedIn(**msgspec.structs.asdict(arrived), grant=issued), ref=id)


@post("/{id:uuid}/device-check", status_code=200)
async def pass_device_check(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[DeviceCheck]) -> Done:
    """Say what the device check found, or why it was skipped."""
    async with work:
        visit = await actions.pass_device_check(work, id, check=data)
        return work.reply(200, views.done(work, visit), ref=id)


@post("/{id:uuid}/call-in", status_code=200)
async def call_in(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[CallIn]) -> Done:
    """Start the visit with a patient who waits."""
    async with work:
        visit = await actions.call_in(work, id, identity_confirmed=data.identity_confirmed, anyway=data.anyway)
        return work.reply(200, views.done(work, visit), ref=id)


@post("/{id:uuid}/minute", status_code=200)
async def ask_for_a_minute(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Ask for a minute before going in."""
    async with work:
        return work.reply(200, views.done(work, await actions.ask_for_a_minute(work, id)), ref=id)


@post("/{id:uuid}/send-back", status_code=200)
async def send_back(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[WithReason]) -> Done:
    """Let the patient wait again, in the same place."""
    async with work:
        return work.reply(200, views.done(work, await actions.send_back(work, id, reason=data.reason)), ref=id)


@post("/{id:uuid}/end", status_code=200)
async def end(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """End the visit for the patient."""
    async with work:
        return work.reply(200, views.done(work, await actions.end(work, id)), ref=id)


@post("/{id:uuid}/call-back", status_code=200)
async def call_back(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Go on with a visit that was ended too early."""
    async with work:
        return work.reply(200, views.done(work, await actions.call_back(work, id)), ref=id)


@post("/{id:uuid}/complete", status_code=200)
async def complete(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Complete]) -> Done:
    """Write the closing summary and close the visit."""
    async with work:
        visit = await actions.complete(work, id, summary=data.summary, follow_up=data.follow_up, reason=data.reason)
        return work.reply(200, views.done(work, visit), ref=id)


@post("/{id:uuid}/give-up", status_code=200)
async def give_up(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Say that the patient did not come."""
    async with work:
        return work.reply(200, views.done(work, await actions.give_up(work, id)), ref=id)


@post("/{id:uuid}/come-back", status_code=200)
async def come_back(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Take the old place in line after a no-show."""
    async with work:
        return work.reply(200, views.done(work, await actions.come_back(work, id)), ref=id)


@post("/{id:uuid}/reopen", status_code=200)
async def reopen(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[NewTime]) -> Done:
    """Take another time today for a visit that never began."""
    async with work:
        return work.reply(200, views.done(work, await actions.reopen(work, id, new_time=_utc(data.starts_at))), ref=id)


@post("/{id:uuid}/cancel", status_code=200)
async def cancel(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[WithReason]) -> Done:
    """Say that the visit does not take place."""
    async with work:
        return work.reply(200, views.done(work, await actions.cancel(work, id, reason=data.reason)), ref=id)


@post("/{id:uuid}/reschedule", status_code=200)
async def reschedule(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Reschedule]) -> Done:
    """Take a cancelled visit up again today."""
    async with work:
        where = Whereabouts(data.place, data.callback)
        visit = await actions.reschedule(work, id, whereabouts=where, new_time=_utc(data.starts_at))
        return work.reply(200, views.done(work, visit), ref=id)


@post("/{id:uuid}/enter", status_code=200)
async def enter(work: NamedDependency[Work], id: FromPath[UUID], data: JSONBody[Enter]) -> Done:
    """Go into the room."""
    async with work:
        visit = await room.enter(work, id, connection=room.page_in(work, id), device=data.device)
        return work.reply(200, views.done(work, visit), ref=id)


@post("/{id:uuid}/leave", status_code=200)
async def leave(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Leave the room; the seat is kept."""
    async with work:
        return work.reply(200, views.done(work, await room.leave(work, id)), ref=id)


@post("/{id:uuid}/join", status_code=200)
async def join(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Take part as what one is, to answer the patient."""
    async with work:
        return work.reply(200, views.done(work, await room.join(work, id)), ref=id)


@post("/{id:uuid}/step-out", status_code=200)
async def step_out(work: NamedDependency[Work], id: FromPath[UUID]) -> Done:
    """Take part no longer, after having joined."""
    async with work:
        return work.reply(200, views.done(work, await room.step_out(work, id)), ref=id)


@post("/{id:uuid}/grant", status_code=201)
async def renew_grant(work: NamedDependency[Work], id: FromPath[UUID]) -> GrantIssued:
    """Be permitted to take part for the next while."""
    async with work:
        token, grant = await room.renew_grant(work, id)
        return work.reply(201, GrantIssued(token, list(grant.operations), grant.expires_at), ref=id)


def _utc(at: datetime | None) -> Instant | None:
    """A time without a zone is refused, for nobody guesses which clock was meant; so is one of another age."""
    if at is not None and (at.tzinfo is None or not 2000 < at.year < 2200):
        raise NewTimeNeeded
    return at


router = Router(
    "/consultations",
    tags=["consultation"],
    route_handlers=[
        check_in,
        pass_device_check,
        call_in,
        ask_for_a_minute,
        send_back,
        end,
        call_back,
        complete,
        give_up,
        come_back,
        reopen,
        cancel,
        reschedule,
        enter,
        leave,
        join,
        step_out,
        renew_grant,
    ],
)
