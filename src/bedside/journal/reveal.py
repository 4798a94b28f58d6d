"""The record of a reading. First reading in a window (viewer, patient, purpose, session, hour): an entry.
Later ones bump a counter, and when the hour is over the house journals the count. So no reading is unrecorded, and the
one that matters is not buried under a screen that refreshes.
"""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from bedside.journal.record import PhiDisclosed, PhiDisclosedAgain
from bedside.kernel import Deadline, Disclosure
from bedside.store import Queries

if TYPE_CHECKING:
    from bedside.journal.work import Work

Q = Queries(__file__)
WINDOW = "disclosure-windows"


async def record(work: "Work", disclosure: Disclosure, consultation: UUID | None, what: str) -> None:
    """Count the reading, and write the entry where it is the first of its window."""
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    session = work.actor.session or work.actor.account
    patients = sorted(disclosure.patients)
    if not patients:
        return
    first_entry = work.new_id()
    counted = await work.rows(
        Q.open_window, work.org, disclosure.viewer, disclosure.purpose, session, hour, first_entry, patients
    )
    fresh = [row["patient"] for row in counted if row["first"]]
    for patient in fresh:
        await work.tell(PhiDisclosed(subject=patient, patient=patient, consultation=consultation))
    if fresh:
        due = Deadline(WINDOW, work.org, hour + timedelta(hours=1, minutes=1))
        await work.execute(Q.set_deadline, work.org, due.kind, due.ref, due.due, due.version)


async def close_windows(work: "Work", ref: UUID, version: int) -> None:
    """The hour is over: say how often each viewer came back, and forget the counters."""
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    for row in await work.rows(Q.close_windows, work.org, hour):
        if row["count"] > 1:
            await work.tell(
                PhiDisclosedAgain(
                    subject=row["patient"],
                    patient=row["patient"],
                    viewer=row["viewer"],
                    first=row["first_entry"],
                    times=row["count"] - 1,
                )
            )
