"""What was read in a unit of work goes on record at its end, all at once and in one order.

Two people (or two tabs of one) who look at the same patients in opposite order would else hold each other up. The
first reading of an hour (viewer, patient, purpose, session) is an entry of its own; later ones are counted, and summed
up when the hour is over.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bedside.journal.record import PhiDisclosed
from bedside.store import Queries

if TYPE_CHECKING:
    from bedside.journal.work import Work

Q = Queries(__file__)
WINDOW = "disclosure-windows"
"""The deadline at which an hour's readings are summed up."""
Readings = Mapping[tuple[UUID, str], UUID | None]
"""Patient and purpose: the visit for whose sake, if it was for one's."""


async def keep_readings(work: "Work", readings: Readings) -> None:
    """Count them, in the order of the patients; tell those that are the first of their hour."""
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    session, viewer = work.actor.session or work.actor.account, work.actor.account
    order = sorted(readings)
    entries = {each: work.new_id() for each in order}
    patients, purposes = [patient for patient, _ in order], [purpose for _, purpose in order]
    opened = await work.rows(
        Q.open_windows, work.org, viewer, session, hour, patients, purposes, list(entries.values())
    )
    fresh = {(row["patient"], row["purpose"]) for row in opened if row["first"]}
    for (patient, purpose), entry in entries.items():
        if (patient, purpose) in fresh:
            visit = readings[patient, purpose]
            await work.tell(PhiDisclosed(subject=patient, patient=patient, consultation=visit), id=entry)
    if fresh:
        due = hour + timedelta(hours=1, minutes=1)
        # Of each hour its own, and set once: so nobody who reads waits for others who do.
        await work.execute(Q.keep_window, work.org, WINDOW, uuid5(work.org, hour.isoformat()), due)
