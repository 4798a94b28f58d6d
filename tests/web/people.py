"""Invented people and the views that pages are made of: enough to draw every screen without a server."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as View
from typing import Any
from uuid import UUID

NOW = datetime(2026, 5, 14, 8, 42, tzinfo=UTC)
ZONE = "Europe/Lisbon"  # 09:42 on the clinic's wall
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} **bold** \u202egnp"


def id_of(n: int) -> UUID:
    """An id that is easy to tell apart in a failing test."""
    return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + n)


def ago(minutes: float) -> datetime:
    """That many minutes before now."""
    return NOW - timedelta(minutes=minutes)


CURSOR = View(era=id_of(900), n=57)
AMARA, OSEI, TRAN = id_of(1), id_of(2), id_of(3)


def person(account: UUID, name: str, role: str, **more: Any) -> View:
    return View(
        **{"account": account, "name": name, "role": role, "since": ago(5), "here": True, "in_room": False} | more
    )


def message(n: int, body: str, name: str = "Dr. Kwame Osei", role: str = "provider", **more: Any) -> View:
    return View(
        **{
            "id": id_of(500 + n),
            "sender": OSEI,
            "sender_name": name,
            "role": role,
            "body": body,
            "at": ago(10 - n),
            "mine": False,
            "seq": n,
            "seen": False,
            "type": "text",
            "edited_at": None,
            "deleted_at": None,
            "seen_by": [],
        }
        | more
    )


def consent(granted: bool = True) -> View:
    return View(type="telehealth", granted=granted, version=3, language="en", at=ago(11), text_sha256="0" * 64)


def devices(
    camera: str = "works", microphone: str = "works", connection: str = "weak", reason: str | None = None
) -> View:
    return View(camera=camera, microphone=microphone, connection=connection, reason=reason)


def visit(state: str = "scheduled", **more: Any) -> View:
    """Amara's visit with Dr. Osei."""
    return View(
        **{
            "id": id_of(100),
            "queue_entry": id_of(101),
            "state": state,
            "status": None,
            "version": 1,
            "can": ["check-in", "cancel"],
            "cursor": CURSOR,
            "starts_at": NOW + timedelta(minutes=18),
            "minutes": 20,
            "zone": ZONE,
            "department": id_of(110),
            "department_name": "General practice",
            "clinic_name": "Fernhollow Clinic",
            "emergency_number": "911",
            "patient": id_of(120),
            "patient_name": "Amara Okafor",
            "given_name": "Amara",
            "birth_date": "1955-02-03",
            "language": "en",
            "provider": OSEI,
            "provider_name": "Dr. Kwame Osei",
            "provider_specialty": "General practice",
            "provider_here": True,
            "patient_here": True,
            "place_confirmed": True,
            "takes_part": True,
            "minute_asked": False,
            "consent": None,
            "place": None,
            "callback": None,
            "device": None,
            "line": None,
            "people": [],
            "messages": [],
            "message_count": 0,
            "me": AMARA,
            "mine": "patient",
            "i_am_in_room": False,
            "grant_ends_at": None,
            "checked_in_at": None,
            "waiting_since": None,
            "called_at": None,
            "room_until": None,
            "started_at": None,
            "ended_at": None,
            "completed_at": None,
            "summary": None,
            "follow_up": None,
            "minutes_lasted": None,
            "close_reason": None,
            "close_code": None,
            "opens_at": NOW - timedelta(minutes=30),
            "closes_at": NOW + timedelta(minutes=60),
            "priority": "normal",
        }
        | more
    )


ARRIVED: dict[str, Any] = {
    "consent": consent(),
    "place": "14 Quay Lane, flat 3",
    "callback": "555 0142",
    "checked_in_at": ago(9),
}
EVERYBODY = [
    person(OSEI, "Dr. Kwame Osei", "provider", in_room=True),
    person(TRAN, "Linh Tran", "nurse", in_room=True, since=ago(3)),
    person(AMARA, "Amara Okafor", "patient", in_room=True),
]
TALK = [
    message(1, "Could you send your readings from this week?", "Linh Tran", "nurse"),
    message(
        2,
        "The evening ones are higher.",
        "Amara Okafor",
        "patient",
        mine=True,
        seen=True,
        seen_by=[View(account=OSEI, name="Dr. Kwame Osei", role="provider", at=ago(7))],
    ),
    message(3, "Thank you. I am looking at them with you now."),
]
TEXT = View(
    type="telehealth",
    version=3,
    language="en",
    sha256="ab" * 32,
    body="# Seeing us from home\n\nYou and your clinician talk from two places."
    "\n\n- You may stop at any time.\n- Nobody records it.\n\nAsk us anything.",
)


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


def desk() -> View:
    """A department's board with somebody under every heading."""
    gone = [
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
    seen = row(
        10, "Priya Raman", "in-progress", can=["send-back"], starts_at=ago(12), called_at=ago(7), started_at=ago(6)
    )
    return View(
        cursor=CURSOR,
        clinic_name="Fernhollow Clinic",
        department=id_of(110),
        department_name="General practice",
        zone=ZONE,
        rows=[*OTHERS, *WAY, seen, *gone],
        trouble=[
            View(consultation=seen.consultation, kind="left", since=ago(4)),
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
