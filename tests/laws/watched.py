"""Which actions were done while a law looked on, and of which there is nothing to be seen."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from laws.matrix import actions

UNSEEN = {
    # Oneself alone, in a way that no view tells.
    "people.sign_out": "one's own session",
    "people.sign_out_everywhere": "one's own sessions",
    "people.patient_of": "a look-up",
    "credentials.add_passkey": "how one signs in oneself",
    "credentials.remove_passkey": "as above",
    "people.hear_birth_date": "nobody is signed in yet",
    "consultation.fell_silent": "who is here is true only as of the moment of asking; told by `here`",
    "consultation.leave_every_room": "as above",
    # What is new: nobody had it on a screen, and who makes it is shown it.
    "people.found_clinic": "nobody is there yet",
    # Done by a command or by the house while nobody looks on: pages show it when they are next fetched.
}
"""Actions of which nobody sees anything who had looked before, and why that is so."""


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
