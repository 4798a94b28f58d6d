"""Invented people and the views that pages are made of: enough to draw every screen without a server."""

from collections.abc import Callable
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
    message(2, "The evening ones are higher.", "Amara Okafor", "patient", mine=True, seen=True),
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
            "birth_date": f"19{40 + n * 5}-0{n}-1{n}",
            "provider": OSEI,
            "provider_name": "Dr. Kwame Osei",
            "starts_at": NOW + timedelta(minutes=n * 10),
            "checked_in_at": ago(15),
            "waiting_since": ago(14 - 3 * n),
            "here": True,
            "device": devices(connection="works"),
            "consent": True,
            "place_confirmed": True,
            "messages": 0,
            "similar": False,
            "can": ["call-in", "cancel", "give-up"],
        }
        | more
    )


LINE = [
    row(1, "Amara Okafor", device=devices(), messages=1, similar=True),
    row(2, "Fatima Noori", here=False),
    row(3, "João Carvalho", priority="follow-up", device=devices("skipped", "skipped", "skipped", "chat-only")),
]
WAY = [
    row(4, "Mei Chow", "checked-in", waiting_since=None, position=None, device=None, can=["device-check", "cancel"]),
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
    ),
]
OTHERS = [
    row(6, "Samir Haddad", priority="emergency", provider=TRAN, provider_name="Linh Tran", can=[]),
    row(7, "Elena Petrova", priority="urgent", provider=id_of(4), provider_name="Dr. Signe Aalto", can=[]),
    *LINE,
    row(8, "Grace Mbeki", provider=None, provider_name=None),
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
    gone = [
        row(9, "Noor Aziz", "no-show", can=["come-back"], waiting_since=ago(60)),
        row(2, "Ingrid Solheim", "cancelled", can=["reopen"], waiting_since=None),
    ]
    return View(
        cursor=CURSOR,
        clinic_name="Fernhollow Clinic",
        department=id_of(110),
        department_name="General practice",
        zone=ZONE,
        rows=[*LINE, *WAY, row(3, "Priya Raman", "in-progress", can=[]), *gone],
    )


Screen = tuple[str, dict[str, Any]]
STAFF_VISIT: dict[str, Any] = {**ARRIVED, "mine": "provider", "device": devices(), "waiting_since": ago(8)}
GOING_ON: dict[str, Any] = {
    "called_at": ago(2),
    "waiting_since": ago(8),
    "people": EVERYBODY,
    "messages": TALK,
    "started_at": ago(4),
}
ENDED: dict[str, Any] = {
    "people": EVERYBODY,
    "messages": TALK,
    "waiting_since": ago(33),
    "called_at": ago(19),
    "started_at": ago(18),
    "ended_at": ago(1),
}
SUMMARY = (
    "Your morning readings are good, the evening ones a little high.\n"
    "1. Take the tablet in the evening.\n2. Measure for two weeks."
)


def screens() -> dict[str, Screen]:
    """Every screen there is, each in a state in which somebody will see it."""

    def seen(template: str, view: View, **more: Any) -> Screen:
        return template, {"view": view, "cursor": view.cursor, **more}

    lost = {"clinic_name": "Fernhollow Clinic", "clinic_phone": "555 0100", "emergency_number": "911"}
    return {
        "patient-link": ("patient/link.html", lost),
        "patient-appointment": seen("patient/appointment.html", visit()),
        "patient-appointment-early": seen(
            "patient/appointment.html", visit(consent=consent()), opens_at=NOW + timedelta(hours=20)
        ),
        "patient-consent": seen("patient/consent.html", visit(), text=TEXT),
        "patient-place": seen("patient/place.html", visit(consent=consent())),
        "patient-place-mistake": seen(
            "patient/place.html",
            visit(consent=consent()),
            typed={"place": "Quay", "callback": "555 01"},
            mistakes={"place": "place-short", "callback": "callback-short"},
        ),
        "patient-device": seen("patient/device.html", visit("checked-in", **ARRIVED)),
        "patient-waiting": seen(
            "patient/waiting.html",
            visit(
                "waiting",
                can=["cancel", "send"],
                **ARRIVED,
                waiting_since=ago(6),
                line=View(position=3, ahead=2, since=ago(6)),
            ),
        ),
        "patient-waiting-withdrawn": seen(
            "patient/waiting.html",
            visit(
                "waiting",
                can=["cancel", "send"],
                **{**ARRIVED, "consent": consent(False)},
                waiting_since=ago(6),
                messages=TALK,
                line=View(position=1, ahead=0, since=ago(6)),
            ),
        ),
        "patient-ready": seen(
            "patient/ready.html",
            visit(
                "connecting",
                can=["enter", "minute", "send"],
                **ARRIVED,
                called_at=ago(0.2),
                room_until=NOW + timedelta(minutes=3),
                people=EVERYBODY[:2],
            ),
        ),
        "patient-room": seen(
            "patient/room.html", visit("in-progress", can=["enter", "send"], i_am_in_room=True, **ARRIVED, **GOING_ON)
        ),
        "patient-ended": seen(
            "patient/ended.html", visit("wrapping-up", can=[], minutes_lasted=17, **ARRIVED, **ENDED)
        ),
        "patient-completed": seen(
            "patient/ended.html",
            visit(
                "completed",
                can=[],
                minutes_lasted=17,
                summary=SUMMARY,
                follow_up=True,
                completed_at=NOW,
                **ARRIVED,
                **ENDED,
            ),
        ),
        "patient-no-show": seen("patient/closed.html", visit("no-show", can=["come-back"], **ARRIVED)),
        "patient-cancelled": seen(
            "patient/closed.html", visit("cancelled", can=["reopen"], close_reason="cannot-come")
        ),
        "patient-expired": ("patient/expired.html", lost),
        "problem": (
            "problem.html",
            {
                "title": "Somebody just changed this",
                "sentence": "This is not possible now.",
                "problem_status": 409,
                "back": "/visit",
                "reference": "7F3A",
            },
        ),
        "staff-link": ("staff/link.html", {}),
        "staff-expired": ("staff/expired.html", {}),
        "provider-waiting-room": seen("staff/waiting_room.html", waiting_room()),
        "provider-waiting-room-busy": seen(
            "staff/waiting_room.html", waiting_room(in_visit=[row(7, "Priya Raman", "wrapping-up", can=[])])
        ),
        "provider-empty": seen(
            "staff/waiting_room.html",
            waiting_room(waiting=[], department_queue=[]),
            queue_trouble=True,
            last_read=ago(1),
        ),
        "provider-unreadable": ("staff/unreadable.html", {}),
        "provider-guard": seen(
            "staff/guard.html", visit("waiting", can=["call-in", "cancel"], **STAFF_VISIT), similar=True, here_now=True
        ),
        "provider-guard-away": seen(
            "staff/guard.html", visit("waiting", can=["call-in"], **STAFF_VISIT), here_now=False
        ),
        "provider-room": seen(
            "staff/room.html",
            visit(
                "in-progress",
                can=["send-back", "end", "enter", "send"],
                i_am_in_room=True,
                **ARRIVED | {"mine": "provider"},
                **GOING_ON,
            ),
        ),
        "provider-room-calling": seen(
            "staff/room.html",
            visit(
                "connecting",
                can=["send-back", "enter", "send"],
                **STAFF_VISIT,
                people=EVERYBODY[:1],
                i_am_in_room=True,
                room_until=NOW + timedelta(minutes=3),
            ),
        ),
        "provider-wrapping-up": seen(
            "staff/wrap.html",
            visit("wrapping-up", can=["complete", "call-back", "send"], **ARRIVED | {"mine": "provider"}, **ENDED),
        ),
        "provider-completed": seen(
            "staff/wrap.html",
            visit(
                "completed",
                can=[],
                summary=SUMMARY,
                follow_up=True,
                completed_at=NOW,
                **ARRIVED | {"mine": "provider"},
                **ENDED,
            ),
        ),
        "provider-gone": seen("staff/gone.html", visit("cancelled", can=[], mine="provider")),
        "desk": seen("staff/desk.html", desk(), my_name="Petra Novak"),
    }


def hostile(thing: Any) -> Any:
    """The same views with every piece of text that a person could have written made hostile."""
    written = {
        "name",
        "patient_name",
        "given_name",
        "provider_name",
        "provider_specialty",
        "place",
        "callback",
        "body",
        "summary",
        "sender_name",
        "clinic_name",
        "department_name",
        "specialty",
        "title",
        "back",
        "clinic_phone",
        "emergency_number",
    }
    if isinstance(thing, View):
        return View(**{k: _hostile_field(k, v, written, hostile) for k, v in vars(thing).items()})
    if isinstance(thing, dict):
        return {k: _hostile_field(k, v, written, hostile) for k, v in thing.items()}
    if isinstance(thing, list):
        return [hostile(item) for item in thing]
    return thing


def _hostile_field(name: str, value: Any, written: set[str], deeper: Callable[[Any], Any]) -> Any:
    if name == "mistakes":  # our own slugs, never a person's words
        return value
    return HOSTILE if name in written and isinstance(value, str) else deeper(value)
