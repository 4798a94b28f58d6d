"""The end of an hour of readings. The first reading of a window is an entry of its own (`Work.disclose`); how often its
viewer came back is journaled here, once. So no reading is unrecorded, and the one that matters is not buried under a
screen that refreshes.
"""

from datetime import timedelta
from uuid import UUID

from bedside.journal.record import PhiDisclosedAgain
from bedside.journal.work import Work
from bedside.store import Queries

Q = Queries(__file__)
KEPT_ANSWERS = timedelta(days=7)
"""How long a repeat gets its first answer: longer than any client stays offline and tries again."""


async def close_windows(work: Work, ref: UUID, version: int) -> None:
    """The hour is over: say how often each viewer came back, and forget counters and answers that are old."""
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
    await work.execute(Q.forget_answers, work.org, work.now - KEPT_ANSWERS)
    await work.execute(Q.forget_refusals, work.org, work.now - timedelta(days=1))
