"""Invented people who looked at somebody's record, and what is asked about it."""

from types import SimpleNamespace as View
from typing import Any

from web.people import NOW, ago, id_of

ASKED = View(id=id_of(700), words="Why did you look?", at=ago(9), answer=None, answered_at=None)
TOLD = View(id=id_of(701), words="Who is that?", at=ago(90), answer="She helped you.", answered_at=ago(60))


def look(n: int, name: str | None, role: str, what: str, **more: Any) -> View:
    """A line of the page of who looked."""
    line = {"entry": id_of(710 + n), "first": ago(50), "last": ago(4), "times": n, "mine": False, "asked": []}
    return View(name=name, role=role, what=what, **line | more)


LOOKED = [
    (
        NOW.date(),
        [look(1, "Dr. Kwame Osei", "provider", "visit"), look(4, "Linh Tran", "nurse", "list", asked=[ASKED])],
    ),
    (
        ago(3000).date(),
        [
            look(2, "Dr. Ines Farah", "provider", "emergency", asked=[TOLD]),
            look(3, None, "patient", "visit", mine=True),
            look(5, None, "system", "birth-date"),
            look(6, None, "guardian", "messages"),
        ],
    ),
]
PRIVACY: dict[str, Any] = {
    "clinic": View(name="Fernhollow Clinic"),
    "my_name": "Ada Brandt",
    "zone": "America/New_York",
    "tried": "",
    "questions": [
        View(asked=one, patient_name="Amara Okafor", name=name, role=role, what="visit", looked_at=ago(99), mine=mine)
        for one, name, role, mine in (
            (ASKED, "Dr. Kwame Osei", "provider", False),
            (View(**vars(ASKED) | {"id": id_of(702)}), "Ada Brandt", "administrator", True),
            (TOLD, None, "system", False),
        )
    ],
}
