"""The lists that staff see: a clinician's waiting room and a department's board, with invented people in them."""

from datetime import timedelta
from types import SimpleNamespace as View
from typing import Any

from web.people import CURSOR, NOW, OSEI, TRAN, ZONE, ago, devices, id_of


def row(n: int, name: str, state: str = "waiting", **more: Any) -> View:
    status = {
        "scheduled": None,
        "connecting": "in-consultation",
        "in-progress": "in-consultation",
        "wrapping-up": "in-consultation",
    }
    return View(
        **{
            "consultation": id_of(200 + n),
            "queue_entry": id_of(300 + n),
            "state": state,
            "status": status.get(state, state),
            "priority": "normal",
            "version": 1,
            "position": n,
            "name": name,
            "birth_date": f"19{30 + n * 5}-{n:02}-{10 + n}",
            "provider": OSEI,
            "provider_name": "Dr. Kwame Osei",
            "starts_at": NOW + timedelta(minutes=n * 10),
            "checked_in_at": ago(15),
            "waiting_since": ago(14 - 3 * n),
            "called_at": None,
            "started_at": None,
            "ended_at": None,
            "closed_at": None,
            "close_code": None,
            "come_back_until": None,
            "here": True,
            "device": devices(connection="works"),
            "consent": True,
            "place_confirmed": True,
            "messages": 0,
            "similar": False,
            "can": ["call-in", "cancel", "give-up", "priority", "move", "transfer"],
        }
        | _waits(more.get("position") or n, state)
        | more
    )


def _waits(n: int, state: str) -> dict[str, Any]:
    told = View(middle=10, nine_in_ten=25) if state == "waiting" else None
    return {"estimated_wait_minutes": 4 * n, "nine_in_ten_minutes": 9 * n, "wait_basis": "learned", "told": told}


PASSED = View(kind="priority", code="worse", at=ago(1), emergency=False)


def place(position: int, **more: Any) -> View:
    """Where somebody stands; we cannot tell how long, unless it is said."""
    unknown = View(middle=None, nine_in_ten=None, basis="unknown")
    said = {"position": position, "ahead": position - 1, "since": ago(6), "wait": unknown, "longer": False}
    return View(**(said | {"changed": None} | more))


LINE = [
    row(
        1,
        "Amara Okafor",
        birth_date="1955-02-03",
        device=devices(),
        messages=1,
        similar=True,
        position=3,
        starts_at=ago(2),
    ),
    row(2, "Fatima Noori", here=False, position=4, starts_at=ago(-8)),
    row(
        3,
        "João Carvalho",
        priority="follow-up",
        device=devices("skipped", "skipped", "skipped", "chat-only"),
        position=6,
        starts_at=ago(-18),
    ),
]
WAY = [
    row(
        4,
        "Mei Chow",
        "checked-in",
        waiting_since=None,
        position=None,
        device=None,
        can=["device-check", "cancel"],
        starts_at=ago(-18),
    ),
    row(
        5,
        "Daniel Reyes",
        "scheduled",
        waiting_since=None,
        position=None,
        device=None,
        consent=False,
        place_confirmed=False,
        can=["check-in", "cancel"],
        starts_at=ago(-48),
    ),
]
SIGNE: dict[str, Any] = {"provider": id_of(4), "provider_name": "Dr. Signe Aalto"}
ANYONE: dict[str, Any] = {"provider": None, "provider_name": None}
OTHERS = [
    row(
        6,
        "Samir Haddad",
        priority="emergency",
        provider=TRAN,
        provider_name="Linh Tran",
        can=[],
        position=1,
        waiting_since=ago(2),
    ),
    row(7, "Elena Petrova", priority="urgent", can=[], position=2, waiting_since=ago(6), **SIGNE),
    *LINE[:2],
    row(8, "Grace Mbeki", position=5, waiting_since=ago(4), **ANYONE),
    LINE[2],
]
COLLEAGUES = [
    View(
        account=id_of(4),
        name="Dr. Signe Aalto",
        specialty="General practice",
        status="in-consultation",
        status_at=ago(4),
    ),
    View(account=TRAN, name="Linh Tran", specialty="Nurse", status="available", status_at=ago(50)),
    View(account=id_of(5), name="Dr. Ravi Menon", specialty="General practice", status="away", status_at=ago(20)),
    View(account=id_of(6), name="Dr. Ana Luz", specialty="General practice", status="offline", status_at=None),
]


def waiting_room(**more: Any) -> View:
    me = View(account=OSEI, name="Dr. Kwame Osei", specialty="General practice", status="available", status_at=ago(60))
    return View(
        **{
            "cursor": CURSOR,
            "me": me,
            "clinic_name": "Fernhollow Clinic",
            "department": id_of(110),
            "department_name": "General practice",
            "zone": ZONE,
            "waiting": LINE,
            "in_visit": [],
            "on_the_way": WAY,
            "department_queue": OTHERS,
            "colleagues": COLLEAGUES,
            "notifications": [],
        }
        | more
    )


GONE = [
    row(
        9,
        "Noor Aziz",
        "no-show",
        can=["come-back"],
        starts_at=ago(22),
        closed_at=ago(8),
        come_back_until=NOW + timedelta(minutes=13),
    ),
    row(
        11,
        "Ingrid Solheim",
        "cancelled",
        can=["reopen"],
        starts_at=ago(-33),
        closed_at=ago(52),
        close_code="patient-asked",
    ),
    row(12, "Bruno Keller", "completed", can=[], starts_at=ago(32), started_at=ago(30), ended_at=ago(13)),
]
SEEN = row(10, "Priya Raman", "in-progress", can=["send-back"], starts_at=ago(12), called_at=ago(7), started_at=ago(6))


def desk() -> View:
    """A department's board with somebody under every heading."""
    return View(
        cursor=CURSOR,
        clinic_name="Fernhollow Clinic",
        department=id_of(110),
        department_name="General practice",
        zone=ZONE,
        rows=[*OTHERS, *WAY, SEEN, *GONE],
        trouble=[
            View(consultation=SEEN.consultation, kind="left", since=ago(4)),
            View(consultation=WAY[0].consultation, kind="stuck", since=ago(9)),
        ],
        colleagues=[
            View(
                account=OSEI,
                name="Dr. Kwame Osei",
                specialty="General practice",
                status="in-consultation",
                status_at=ago(7),
            ),
            *COLLEAGUES,
        ],
    )
