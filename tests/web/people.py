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
