"""What was read in a unit of work goes on record at its end, all at once and in one order.

Two people (or two tabs of one) who look at the same patients in opposite order would else hold each other up. The
first reading of an hour (viewer, patient, purpose, visit, session) is an entry of its own; later ones are counted, and
summed up when the hour is over.
"""

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
Reading = tuple[UUID, str, UUID | None]
"""Patient, purpose, and the visit that was opened; none where only a list was seen, which is another reading."""


async def keep_readings(work: "Work", readings: set[Reading]) -> None:
    """Count them, in the order of the patients; tell those that are the first of their hour."""
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    session, viewer = work.actor.session or work.actor.account, work.actor.account
    windows = {(patient, f"{purpose} {visit}" if visit else purpose): visit for patient, purpose, visit in readings}
    order = sorted(windows)
    entries = {each: work.new_id() for each in order}
    patients, names = [patient for patient, _ in order], [name for _, name in order]
    opened = await work.rows(Q.open_windows, work.org, viewer, session, hour, patients, names, list(entries.values()))
    fresh = {(row["patient"], row["purpose"]) for row in opened if row["first"]}
    for (patient, name), entry in entries.items():
        if (patient, name) in fresh:
            seen = PhiDisclosed(subject=patient, patient=patient, consultation=windows[patient, name])
            await work.tell(seen, id=entry, purpose=name.partition(" ")[0])
    if fresh:
        due = hour + timedelta(hours=1, minutes=1)
        # Of each hour its own, and set once: so nobody who reads waits for others who do.
        await work.execute(Q.keep_window, work.org, WINDOW, uuid5(work.org, hour.isoformat()), due)
