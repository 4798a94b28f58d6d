"""What follows by itself: deadlines that fall due, and facts heard. Always as SYSTEM, through the ordinary actions."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from bedside.care.availability import RoomEntered
from bedside.care.consent import TELEHEALTH, ConsentRevoked
from bedside.care.consultation import actions, store
from bedside.care.consultation.facts import DeviceCheckWaits, Moved, Unseen, WhereaboutsForgotten, WrapUpWaits
from bedside.care.consultation.model import State
from bedside.journal import Work
from bedside.kernel import Deadline, Entry, NotFound, Outcome, Refused
from bedside.store import Queries

Q = Queries(__file__)
Act = Callable[[Work, UUID], Awaitable[object]]


def _unless_moved_on(act: Act, *, again: timedelta | None) -> Callable[[Work, UUID, int], Awaitable[None]]:
    """Perform at the version for which the deadline was set. Refused because somebody is there: look again later."""

    async def perform(work: Work, ref: UUID, version: int) -> None:
        try:
            visit = await store.look(work, ref)
            if visit.version == version:
                await act(work, ref)
        except NotFound:
            return
        except Refused:
            if again is not None:
                await work.settle(
                    Outcome(deadlines=(Deadline(_KIND_OF[act], ref, work.now + again, version),)),
                )

    return perform


async def _missed(work: Work, id: UUID) -> None:
    await actions.give_up(work, id)


async def _abandoned(work: Work, id: UUID) -> None:
    await actions.cancel(work, id, reason="abandoned")


async def _in_vain(work: Work, id: UUID) -> None:
    await actions.give_up(work, id)


async def _nobody_came(work: Work, id: UUID) -> None:
    try:
        # Both may be in the room, and the reader that connects them behind: then this is no absence.
        await actions.connect(work, id)
    except Refused:
        await actions.send_back(work, id, reason="nobody-came")


async def _room_empty(work: Work, id: UUID) -> None:
    await actions.end(work, id)


async def _nag(work: Work, id: UUID) -> None:
    """The summary is still to be written: say so, and again in an hour. Never completed by itself."""
    await _say(work, id, WrapUpWaits, again="wrap-up-waits")


async def _nudge(work: Work, id: UUID) -> None:
    """Checked in, and the device check is not passed: once, whoever helps is told."""
    await _say(work, id, DeviceCheckWaits)


async def _day_over(work: Work, id: UUID) -> None:
    """The day is over. Who is not here is swept; who is here and unseen is an alarm, again every hour, never swept."""
    visit = await store.look(work, id)
    try:
        async with work.attempt():
            if visit.state == State.WAITING:
                await actions.give_up(work, id)
            else:
                await actions.cancel(work, id, reason="abandoned")
    except Refused:
        if await store.here(work, visit):
            await _say(work, id, Unseen, again="day-over")
        else:  # gone for a moment, perhaps: look again soon
            soon = Deadline("day-over", id, work.now + timedelta(minutes=5), visit.version)
            await work.settle(Outcome(deadlines=(soon,)))


async def _say(work: Work, id: UUID, told: type[Moved], *, again: str | None = None) -> None:
    """Put on record, and tell, that something about a visit waits for somebody; perhaps again after a while."""
    visit = await store.look(work, id)
    fact = told(
        subject=id,
        consultation=id,
        patient=visit.patient,
        queue_entry=visit.queue_entry,
        department=visit.department,
        provider=visit.provider,
        before=str(visit.state),
        state=str(visit.state),
        version=visit.version,
    )
    later = work.now + (await store.times(work)).again
    await work.settle(Outcome(facts=(fact,), deadlines=(Deadline(again, id, later, visit.version),) if again else ()))


async def _forget_place(work: Work, id: UUID) -> None:
    """The visit is over: where the patient was becomes unreadable, here, in the write-ahead log and in every backup.

    The key goes first. A crash after it leaves the deadline standing, and destroying a key twice changes nothing.
    """
    visit = await store.look(work, id)
    await work.vault.destroy(visit.transient_key, work.now)
    await work.execute(Q.forget_place, work.org, id)
    fact = WhereaboutsForgotten(subject=id, consultation=id, patient=visit.patient, key=visit.transient_key)
    await work.settle(Outcome(facts=(fact,)))


_KIND_OF: dict[Act, str] = {
    _missed: "visit-missed",
    _nudge: "device-check-waits",
    _abandoned: "device-check-abandoned",
    _in_vain: "called-in-vain",
    _nobody_came: "connecting-over",
    _room_empty: "room-empty",
    _nag: "wrap-up-waits",
    _forget_place: "forget-place",
    _day_over: "day-over",
}

DEADLINES = {
    "visit-missed": _unless_moved_on(_missed, again=timedelta(minutes=5)),
    "device-check-waits": _unless_moved_on(_nudge, again=None),
    "device-check-abandoned": _unless_moved_on(_abandoned, again=timedelta(minutes=5)),
    "called-in-vain": _unless_moved_on(_in_vain, again=timedelta(minutes=5)),
    "connecting-over": _unless_moved_on(_nobody_came, again=timedelta(minutes=1)),
    "room-empty": _unless_moved_on(_room_empty, again=timedelta(minutes=1)),
    "wrap-up-waits": _unless_moved_on(_nag, again=None),
    "forget-place": _unless_moved_on(_forget_place, again=timedelta(minutes=1)),
    "day-over": _unless_moved_on(_day_over, again=timedelta(minutes=5)),
}


CONCERNS = frozenset({RoomEntered.kind, ConsentRevoked.kind})


async def hear(work: Work, entry: Entry) -> None:
    """Both in the room: connect. Telehealth consent withdrawn: what goes on ends, who is being called is sent back."""
    if (entry.kind, entry.action) == (RoomEntered.kind, RoomEntered.action) and entry.consultation:
        await _quietly(actions.connect, work, entry.consultation)
    elif entry.kind == ConsentRevoked.kind and entry.refs.get("type") == TELEHEALTH:
        for row in await work.rows(Q.open_of_patient, work.org, entry.patient):
            if row["state"] == State.IN_PROGRESS:
                await _quietly(actions.end, work, row["id"])
            elif row["state"] == State.CONNECTING:
                await _quietly(_withdrawn, work, row["id"])


async def _withdrawn(work: Work, id: UUID) -> None:
    await actions.send_back(work, id, reason="consent-withdrawn")


async def _quietly(act: Act, work: Work, id: UUID) -> None:
    """Heard, and by now moot: the rules refused before anything was written, so there is nothing to undo."""
    try:
        await act(work, id)
    except Refused:
        return
