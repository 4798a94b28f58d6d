"""Which instant a clinic's wall clock means."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bedside.care.appointments.model import NoSuchTime, TimePast
from bedside.kernel import Instant

FARTHEST = timedelta(days=366)


def instant_of(day: date, at: time, zone: str, *, now: Instant) -> Instant:
    """The instant of a day and a time on the clinic's wall, to come and within a year.

    Where the clocks go forward, an hour of the wall never comes. Where they go back, one comes twice: the first that is
    still to come is meant. This very minute is still to come.
    """
    # Far off is refused first: at the ends of the calendar another zone's day cannot be said.
    if abs(day - now.date()) > FARTHEST + timedelta(days=1):
        raise TimePast
    wall, tz = datetime.combine(day, at), ZoneInfo(zone)
    twice = [wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [instant for instant in twice if instant.astimezone(tz).replace(tzinfo=None) == wall]
    if not real:
        raise NoSuchTime
    first = now.replace(second=0, microsecond=0)
    to_come = [instant for instant in real if first <= instant <= now + FARTHEST]
    if not to_come:
        raise TimePast
    return to_come[0]
