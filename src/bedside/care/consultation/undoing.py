"""Steps taken back within moments, by arrows that the table has: each leaves its own entry, with `undo` as its code.

No arrow leads from waiting to checked-in. A skipped device check is taken back by two that do: cancelled, and taken up
again the same day under the same entry (as a cancel from the room is two steps in one request).
"""

from dataclasses import replace

from bedside.care.consultation import facts
from bedside.care.consultation.model import Consultation, Said, Situation, Undo
from bedside.care.consultation.rules import follow, step
from bedside.kernel import Outcome, Party

UNDO = "undo"
_DESK = frozenset({Party.DESK})


def unskip(visit: Consultation, s: Situation, was: Undo) -> Outcome:
    """The first half: off the line."""
    s = replace(s, said=Said(reason=UNDO))
    state = follow(visit, "cancel", s, _DESK)
    gone = replace(visit, state=state, closed_at=s.now, close_reason="cancelled", close_code=UNDO)
    return step(visit, gone, facts.Cancelled, s, code=UNDO)


def unskipped(visit: Consultation, s: Situation, was: Undo) -> Outcome:
    """The second half: checked in as before, with the device check still to pass."""
    s = replace(s, said=Said(place_confirmed=True))
    again = replace(
        visit,
        state=follow(visit, "reschedule", s, _DESK),
        checked_in_at=was.checked_in_at,
        waiting_since=None,
        rank_at=None,
        device=None,
        closed_at=None,
        close_reason=None,
        close_code=None,
    )
    return step(visit, again, facts.Rescheduled, s, code=UNDO)


def unreturn(visit: Consultation, s: Situation, was: Undo) -> Outcome:
    """Who was brought back by mistake is a no-show since then; their time to come back by themselves is not longer."""
    state = follow(visit, "give_up", s, _DESK)
    gone = replace(visit, state=state, closed_at=was.closed_at, close_reason="no-show")
    return step(visit, gone, facts.GivenUp, s, code=UNDO)
