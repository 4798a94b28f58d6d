"""Days and times as people say them: in the clinic's zone, in the reader's language."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bedside.web.locale import t


def local(at: datetime, zone: str) -> datetime:
    """The clinic's wall clock at this instant."""
    return at.astimezone(ZoneInfo(zone))


def clock(at: datetime, zone: str) -> str:
    """10:30."""
    return f"{local(at, zone):%H:%M}"


def day(lang: str, at: datetime | date, zone: str = "UTC") -> str:
    """Thursday 14 May."""
    on = local(at, zone).date() if isinstance(at, datetime) else at
    weekday, month = t(lang, f"day.{on.isoweekday()}"), t(lang, f"month.{on.month}")
    return t(lang, "day.named", weekday=weekday, day=on.day, month=month)


def near(lang: str, at: datetime, now: datetime, zone: str) -> str:
    """Today, Thursday 14 May; or only the day when it is another."""
    named = day(lang, at, zone)
    apart = (local(at, zone).date() - local(now, zone).date()).days
    return t(lang, {0: "day.today", 1: "day.tomorrow"}[apart], day=named) if apart in (0, 1) else named


def born(lang: str, on: date | str) -> str:
    """3 February 1955."""
    on = date.fromisoformat(on) if isinstance(on, str) else on
    return t(lang, "day.born", day=on.day, month=t(lang, f"month.{on.month}"), year=on.year)


def age(on: date | str, now: datetime, zone: str) -> int:
    """Full years today, by the clinic's calendar."""
    on = date.fromisoformat(on) if isinstance(on, str) else on
    today = local(now, zone).date()
    return today.year - on.year - ((today.month, today.day) < (on.month, on.day))


def minutes(since: datetime, now: datetime) -> int:
    """Whole minutes gone by, never less than none."""
    return max(0, int((now - since).total_seconds() // 60))


def part_of_day(at: datetime, zone: str) -> str:
    """Which greeting fits."""
    hour = local(at, zone).hour
    return "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"


def later(at: datetime, minutes: int) -> datetime:
    """So many minutes after."""
    return at + timedelta(minutes=minutes)
