"""How the journal reads to a patient: entries become looks, and looks that belong together one line."""

from collections.abc import Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from bedside.care.audit.model import LONGEST, Glance, Look, QuestionUnfit
from bedside.kernel import Entry, Instant


def glances(entry: Entry, times: int, parts: Mapping[tuple[UUID | None, UUID], str]) -> list[Glance]:
    """Who saw something by this entry. `parts`: as what somebody takes part in a visit; `times`: how often, so far.

    Words that are sent are shown at once to everybody whom the entry names; who wrote them saw nothing new.
    """
    at = Instant.fromisoformat(entry.at)
    actor = UUID(entry.actor["id"] or "")
    if entry.kind in ("PHI_MESSAGE_SENT", "PHI_MESSAGE_EDITED"):
        told = [account for account in map(UUID, entry.refs["told"]) if account != actor]
        roles = {account: parts.get((entry.consultation, account), "staff") for account in told}
    else:
        roles = {actor: entry.actor["role"] or ""}
    what = _what(entry)
    return [
        Glance(entry=entry.id, at=at, account=who, role=role, what=what, visit=entry.consultation, times=times)
        for who, role in roles.items()
    ]


def _what(entry: Entry) -> str:
    """What of the record was seen: which sentence says it."""
    if entry.kind != "PHI_DISCLOSED":
        return "messages"
    if entry.purpose == "BTG":
        return "emergency"
    if entry.purpose == "HCOMPL":
        return "question"
    if entry.purpose == "HOPERAT":
        return "birth-date" if entry.actor["role"] == "system" else "books"
    return "visit" if entry.consultation else "list"


def together(seen: Iterable[Glance], zone: str) -> list[Look]:
    """One line for each person, thing, visit and day of the clinic's calendar; the latest first."""
    lines: dict[tuple[object, ...], list[Glance]] = {}
    here = ZoneInfo(zone)
    for glance in sorted(seen, key=lambda g: (g.at, g.entry)):
        day = glance.at.astimezone(here).date()
        lines.setdefault((glance.account, glance.role, glance.what, glance.visit, day), []).append(glance)
    looks = [
        Look(
            entry=of[0].entry,
            entries=tuple(glance.entry for glance in of),
            account=of[0].account,
            role=of[0].role,
            what=of[0].what,
            visit=of[0].visit,
            day=of[0].at.astimezone(here).date(),
            first=of[0].at,
            last=of[-1].at,
            times=sum(glance.times for glance in of),
        )
        for of in lines.values()
    ]
    return sorted(looks, key=lambda look: (look.last, look.entry), reverse=True)


def fit(words: str) -> str:
    """The words, if they are words that can be kept."""
    words = words.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST or "\x00" in words or any("\ud800" <= c <= "\udfff" for c in words):
        raise QuestionUnfit(longest=LONGEST)
    return words
