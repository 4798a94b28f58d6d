"""The reference page of a visit: the table of steps, as a diagram and in words, and what happens by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bedside.care import consultation as visits
from bedside.care.consultation import CONSULTATION, guards, hears, path_of, rules
from bedside.care.queue import QUEUE_STATUS
from bedside.kernel import Party, Refused
from reference_text import codes, doc, notes, table

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
SOMEBODY = UUID(int=1)

BY_ITSELF = {
    "visit-missed": "`give-up`: nobody checked in. Put off by five minutes while a page of the patient is open",
    "device-check-waits": "Whoever has not passed the device check is asked, once, whether they need help",
    "device-check-abandoned": "`cancel`: the check-in was not finished. Put off while a page of the patient is open",
    "called-in-vain": "`give-up`: called, did not come, and has no page open. Put off while one is",
    "connecting-over": "`send-back`: one of the two did not come in",
    "room-empty": "`end`: nobody has been in the room for that long. Looked at again each minute while somebody is",
    "wrap-up-waits": "The clinician is reminded of the summary, then hourly. Never completed by itself",
    "forget-place": "The key of place and call-back number is destroyed",
    "day-over": "Who is not here: `give-up` or `cancel`. Who is here and unseen: the desk is alarmed, then hourly",
}


WHO = {"ADMINISTRATOR": "An administrator of the department.", "SYSTEM": "The house itself."}


def consultation() -> Iterable[str]:
    """The page."""
    yield """\
# A visit: its states and its steps

The table is `CONSULTATION` in `src/bedside/care/consultation/machine.py`. Rules follow it, `can` in the API and the
buttons on the pages list it, and the database holds its arrows and refuses every other step.
"""
    yield from _diagram()
    yield "\n## Steps\n"
    yield from table(("From", "Step", "To", "By", "Unless"), map(_arrow, CONSULTATION.arrows))
    yield "\nA queue entry is born at check-in; the way back from `cancelled` and `no-show` depends on it."
    yield "\n## By whom\n"
    who = notes(Party)
    yield from table(("Party", "Who"), ((str(p), who.get(p.name, WHO.get(p.name, ""))) for p in Party))
    yield "\n## Unless\n"
    used = dict.fromkeys(guard for arrow in CONSULTATION.arrows for guard in arrow.unless)
    rows = ((f"`{guard.__name__}`", doc(guard), _why(guard)) for guard in used)
    yield from table(("Guard", "Stops the step when", "Refusal"), rows)
    yield "\n## The queue entry's status\n"
    yield from table(("State", "Status"), ((f"`{s}`", _status(s)) for s in CONSULTATION.states))
    yield "\n## What happens by itself\n"
    yield "Kept as rows, performed as SYSTEM through the ordinary steps. A visit that has moved on is left alone.\n"
    yield from table(("In state", "After", "What"), _deadlines())
    yield "\n## Times\n"
    yield "In minutes. An organization may set its own (`organization.settings`), but for the credits.\n"
    yield from table(("Name", "Minutes"), _times())
    yield "\n## Reasons\n"
    yield from table(("For", "One of"), _reasons())


def _diagram() -> Iterable[str]:
    yield "```mermaid\nstateDiagram-v2"
    yield from (f'    state "{state}" as {_id(state)}' for state in CONSULTATION.states)
    yield f"    [*] --> {_id(CONSULTATION.start)}"
    yield from dict.fromkeys(f"    {_id(a.source)} --> {_id(a.target)}: {path_of(a.verb)}" for a in CONSULTATION.arrows)
    yield "```"


def _status(state: str) -> str:
    return f"`{QUEUE_STATUS[state]}`" if state in QUEUE_STATUS else "none"


def _arrow(arrow: Any) -> Sequence[str]:
    entry = {True: ", with a queue entry", False: ", without one", None: ""}[arrow.entry]
    source = f"`{arrow.source}`{entry if arrow.source in ('cancelled', 'no-show') else ''}"
    by = ", ".join(str(party) for party in Party if party in arrow.by)
    unless = ", ".join(f"`{guard.__name__}`" for guard in arrow.unless)
    return source, f"`{path_of(arrow.verb)}`", f"`{arrow.target}`", by, unless


def _why(guard: Any) -> str:
    named = (getattr(guards, name, None) for name in guard.__code__.co_names)
    return ", ".join(
        f"`{r.slug}`" for r in named if isinstance(r, type) and issubclass(r, Refused) and r is not Refused
    )


def _deadlines() -> Iterable[Sequence[str]]:
    if missing := hears.DEADLINES.keys() ^ BY_ITSELF.keys():
        raise SystemExit(f"tools/reference.py says nothing, or too much, of the deadline {', '.join(missing)}")
    instants = "checked_in_at waiting_since called_at called_in_vain_at room_until ended_at completed_at closed_at"
    ids = "id appointment patient provider department record_key transient_key"
    given: dict[str, Any] = {name: NOON for name in instants.split()} | {name: SOMEBODY for name in ids.split()}  # noqa: C420
    for state in CONSULTATION.states:
        visit = visits.Consultation(**given, starts_at=NOON, minutes=20, zone="UTC", state=state)
        for deadline in rules.deadlines(visit, visits.Times()):
            if deadline.due is not None:
                yield f"`{state}`", _after(deadline.kind, deadline.due - NOON), BY_ITSELF[deadline.kind]


def _after(kind: str, wait: timedelta) -> str:
    since = {
        "visit-missed": " after its time",
        "device-check-waits": " after check-in, or after it opened where that is later",
        "device-check-abandoned": " after check-in or its time, whichever is later",
        "called-in-vain": " after being sent back without having come in",
        "room-empty": " after the call, or the last person's leaving",
        "wrap-up-waits": " after the end",
    }
    if kind == "connecting-over":
        return "when the room closes"
    if kind == "day-over":
        return "at the clinic's midnight"
    if kind == "forget-place":
        return "at the clinic's midnight" if wait else "at once"
    return f"{wait // timedelta(minutes=1)} min{since[kind]}"


def _times() -> Iterable[Sequence[str]]:
    times = visits.Times()
    for field in fields(times):
        if isinstance(value := getattr(times, field.name), timedelta):
            yield f"`{field.name}`", f"{value / timedelta(minutes=1):.3g}"
    for priority, credit in times.credit.items():
        band = " (and a band of its own, before all others)" if priority == "emergency" else ""
        yield f"`credit`, {priority}", f"{credit // timedelta(minutes=1)}{band}"


def _reasons() -> Iterable[Sequence[str]]:
    yield "skipping the device check", codes(visits.SKIP_REASONS)
    yield "`send-back`", codes(visits.SEND_BACK_REASONS)
    yield "`cancel`", codes(visits.CANCEL_REASONS)
    yield "`complete` on a colleague's behalf", codes(visits.ON_BEHALF_REASONS)
    yield "what the house does by itself", codes(rules.HOUSE_REASONS)


def _id(state: str) -> str:
    return str(state).replace("-", "_")
