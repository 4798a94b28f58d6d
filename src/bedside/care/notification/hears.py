"""Notification hears facts; nobody calls it. Each fact that concerns somebody becomes one row for each person."""

from uuid import UUID

from bedside.care.availability import AvailabilityChanged, Status
from bedside.care.consultation import (
    CalledBack,
    CalledIn,
    DeviceCheckWaits,
    Moved,
    PatientCheckedIn,
    State,
    Unseen,
    VisitCompleted,
    WrapUpWaits,
)
from bedside.care.notification.model import (
    DEVICE_CHECK_WAITS,
    PATIENT_READY,
    PATIENT_UNSEEN,
    PRIORITY_OF_QUEUE,
    PROVIDER_READY,
    WRAP_UP_WAITS,
    NotificationSent,
    NotificationSettled,
)
from bedside.care.queue import PriorityChanged, Transferred
from bedside.journal import Work
from bedside.kernel import Entry
from bedside.store import Queries

Q = Queries(__file__)


NEWS_WHILE = {
    DEVICE_CHECK_WAITS: State.CHECKED_IN,
    PATIENT_READY: State.WAITING,
    PROVIDER_READY: State.CONNECTING,
    WRAP_UP_WAITS: State.WRAPPING_UP,
}
"""Each is news while the visit is in that state, and no longer."""


CONCERNS = frozenset(
    {AvailabilityChanged.kind, Transferred.kind, Moved.kind, PatientCheckedIn.kind, VisitCompleted.kind}
)


async def hear(work: Work, entry: Entry) -> None:
    """Tell whom it concerns."""
    if entry.kind == AvailabilityChanged.kind and entry.refs.get("status") == Status.AVAILABLE:
        await _tell_who_is_free(work, entry)
    if entry.kind == Transferred.kind and entry.refs.get("state") == State.WAITING:
        await _tell_who_sees_them_now(work, entry)
    if entry.consultation is None or entry.kind not in (Moved.kind, PatientCheckedIn.kind, VisitCompleted.kind):
        return
    if entry.action in (CalledIn.action, CalledBack.action):
        await _tell_patient(work, entry, PROVIDER_READY, "high")
    elif entry.action == DeviceCheckWaits.action:
        await _tell_patient(work, entry, DEVICE_CHECK_WAITS, "normal")
    elif entry.action == Unseen.action:
        await _tell_desk(work, entry, PATIENT_UNSEEN, "high")
    elif entry.action == WrapUpWaits.action:
        await _tell_provider(work, entry, WRAP_UP_WAITS, "normal")
    elif entry.refs.get("state") == State.WAITING:
        await _tell_provider(work, entry, PATIENT_READY, None)
    await _settle_old_news(work, entry)


async def _tell_patient(work: Work, entry: Entry, kind: str, priority: str) -> None:
    for row in await work.rows(Q.carers, work.org, entry.patient):
        await _tell(work, entry, row["account"], kind, priority)


async def _tell_who_sees_them_now(work: Work, entry: Entry) -> None:
    """Another provider sees this patient, or sooner: the old news is over, the new is told as loudly as it is now."""
    sooner = entry.refs.get("priority") in ("emergency", "urgent")
    if entry.action == Transferred.action or (entry.action == PriorityChanged.action and sooner):
        await work.execute(Q.settle_all, work.org, entry.consultation, [PATIENT_READY], work.now)
        await _tell_provider(work, entry, PATIENT_READY, None)


async def _tell_desk(work: Work, entry: Entry, kind: str, priority: str) -> None:
    """Everybody at the department's desk, and the assigned provider."""
    for row in await work.rows(Q.desk, work.org, entry.refs["department"], entry.refs.get("provider")):
        await _tell(work, entry, row["account"], kind, priority)


async def _tell_provider(work: Work, entry: Entry, kind: str, priority: str | None) -> None:
    """The assigned provider; with nobody assigned, those on duty."""
    visit = await work.row(Q.visit, work.org, entry.consultation)
    loud = priority or PRIORITY_OF_QUEUE[visit["priority"]]
    if visit["provider"]:
        await _tell(work, entry, visit["provider"], kind, loud)
        return
    for row in await work.rows(Q.on_duty, work.org, visit["department"]):
        await _tell(work, entry, row["account"], kind, loud)


async def _tell_who_is_free(work: Work, entry: Entry) -> None:
    """Somebody is available now: whoever waits for nobody in particular was told to nobody who was away."""
    for row in await work.rows(Q.waiting_for_anybody, work.org, entry.refs["departments"]):
        account = UUID(entry.on["id"])
        if await work.value(Q.told_already, work.org, account, PATIENT_READY, row["id"]):
            continue
        id = work.new_id()
        added = (id, account, PATIENT_READY, PRIORITY_OF_QUEUE[row["priority"]], row["id"], work.new_id(), work.now)
        if await work.value(Q.add, work.org, *added):
            await work.tell(
                NotificationSent(
                    subject=id,
                    patient=row["patient"],
                    consultation=row["id"],
                    account=account,
                    type=PATIENT_READY,
                    priority=PRIORITY_OF_QUEUE[row["priority"]],
                )
            )


async def _tell(work: Work, entry: Entry, account: UUID, kind: str, priority: str) -> None:
    id = work.new_id()
    if await work.value(Q.add, work.org, id, account, kind, priority, entry.consultation, entry.id, work.now):
        await work.tell(
            NotificationSent(
                subject=id,
                patient=entry.patient,
                consultation=entry.consultation,
                account=account,
                type=kind,
                priority=priority,
            )
        )


async def _settle_old_news(work: Work, entry: Entry) -> None:
    """Who waits no longer is not announced as waiting; who was called and went on is not called."""
    state = entry.refs.get("state")
    over = [kind for kind, needed in NEWS_WHILE.items() if state != needed]
    if state != State.IN_PROGRESS or entry.action != CalledBack.action:
        for row in await work.rows(Q.settle_all, work.org, entry.consultation, over, work.now):
            settled = NotificationSettled(
                subject=row["id"], patient=entry.patient, consultation=entry.consultation, account=row["account"]
            )
            await work.tell(settled)
