"""Which actions were done while a law looked on, and of which there is nothing to be seen."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from laws.matrix import actions

UNSEEN = {
    "consultation.book": "a visit that nobody could see before; tests/care/consultation/test_booking.py",
    "consultation.walk_in": "a visit that nobody could see before; tests/care/consultation/test_booking.py",
    "consultation.new_time": "a visit that nobody could see before; tests/care/consultation/test_booking.py",
    "consultation.give_link": "a link stands in nobody's view",
    "people.lead_links_on": "a link stands in nobody's view",
    # Oneself alone, in a way that no view tells.
    "people.touch": "a session lives on",
    "people.speak": "the language of one's own pages",
    "people.sign_out": "one's own session",
    "people.patient_of": "a look-up",
    "people.seek": "a look-up, on record as a disclosure",
    "people.hear_birth_date": "nobody is signed in yet",
    "people.refuse_duplicate": "a look-up before somebody is registered",
    "availability.beat": "who is here is true only as of the moment of asking; told by `here`",
    "availability.beat_session": "as above",
    "availability.gone": "as above",
    "consultation.fell_silent": "as above",
    "consultation.leave_every_room": "as above",
    # What is new: nobody had it on a screen, and who makes it is shown it.
    "people.register_patient": "a patient without a visit stands in no view",
    "people.issue_link": "the link is handed over by hand",
    "people.found_clinic": "nobody is there yet",
    "appointments.book": "part of consultation.schedule",
    # Done by a command or by the house while nobody looks on: pages show it when they are next fetched.
    "consultation.schedule": "a visit that is due appears with its check-in, which is heard",
    "people.hire": "a colleague appears with their status, which is heard",
    "people.open_department": "a department without anybody in it",
    "consent.publish_text": "a text is fetched when it is to be decided upon",
}
"""Actions of which nobody sees anything who had looked before, and why that is so."""

OWED = {
    "consultation.book",
    "consultation.walk_in",
    "consultation.new_time",
    "consultation.give_link",
    "people.lead_links_on",
    "consent.note_spoken",
    "queue.undo",
}
"""Actions that are not held against this law yet: each owes it a step. Nothing new may be added here."""


@contextmanager
def watched_actions() -> Iterator[set[str]]:
    """Every action of the house that is done meanwhile, by its dotted name."""
    done, cells = set[str](), list[tuple[Any, Any]]()

    def telling(name: str, action: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def told(*given: Any, **named: Any) -> Any:
            answer = await action(*given, **named)
            done.add(name)
            return answer

        return told

    for name, guarded in actions():
        if "action" in guarded.__code__.co_freevars:
            cell = guarded.__closure__[guarded.__code__.co_freevars.index("action")]
            cells.append((cell, cell.cell_contents))
            cell.cell_contents = telling(name, cell.cell_contents)
    try:
        yield done
    finally:
        for cell, action in cells:
            cell.cell_contents = action
