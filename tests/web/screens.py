"""Every screen there is, each in a state in which somebody will see it."""

from datetime import date, timedelta
from types import SimpleNamespace as View
from typing import Any

from bedside.web.pages.desk import laid_out
from web.boards import OTHERS, PASSED, desk, place, row, waiting_room
from web.looks import LOOKED, PRIVACY
from web.people import ARRIVED, EVERYBODY, NOW, TALK, TEXT, ago, consent, devices, id_of, visit

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


DAY: Any = desk()
DESK: dict[str, Any] = {
    "my_name": "Petra Novak",
    "departments": [(id_of(110), "General practice"), (id_of(111), "Cardiology")],
    "elsewhere": "",
    "told": None,
    "may_plan": True,
    "did": "",
    "away": False,
}
EARLIER = [View(version=1, body="My knee hurts.", until=ago(3))]
KNOWN = View(id=id_of(3), given="Amara", family="Okafor", birth_date=date(1955, 2, 3), phone="555 0142", mrn="A-1177")
COUSIN = View(id=id_of(8), given="Chidi", family="Okafor", birth_date=date(1981, 9, 24), phone="555 0177", mrn="")
ASIDE: dict[str, Any] = {
    "desk": View(
        clinic_name="Fernhollow Clinic",
        my_name="Petra Novak",
        departments=[(id_of(110), "General practice"), (id_of(111), "Cardiology")],
        providers=[(id_of(110), person) for person in DAY.colleagues],
    ),
    "zone": "America/New_York",
    "today": date(2026, 5, 14),
}
"""A step aside from the board."""


SIGNED_IN = [
    View(made_at=ago(90), seen_at=ago(1), method="passkey", this=True),
    View(made_at=ago(500), seen_at=ago(200), method="link", this=False),
]


def screens() -> dict[str, Screen]:
    """Every screen there is, each in a state in which somebody will see it."""

    def seen(template: str, view: View, **more: Any) -> Screen:
        return template, {"view": view, "cursor": view.cursor, "zone": view.zone, **more}

    lost = {"clinic_name": "Fernhollow Clinic", "clinic_phone": "555 0100", "emergency_number": "911"}
    return {
        "door": ("door.html", {}),
        "sign-in": ("staff/sign_in.html", {}),
        "sign-in-refused": ("staff/sign_in.html", {"problem": "This passkey did not work here."}),
        "staff-passkeys": (
            "staff/me.html",
            {
                "clinic": View(name="Fernhollow Clinic", zone="America/New_York"),
                "my_name": "Petra Novak",
                "home": "/desk",
                "passkeys": [
                    View(id=id_of(300), made_at=ago(90), last_used_at=ago(6)),
                    View(id=id_of(301), made_at=ago(50), last_used_at=None),
                ],
                "sessions": SIGNED_IN,
            },
        ),
        "patient-devices": (
            "patient/me.html",
            lost | {"clinic": View(zone="America/New_York"), "sessions": SIGNED_IN, "visit": id_of(1)},
        ),
        "patient-link": ("patient/link.html", lost),
        "patient-link-asked": (
            "patient/link.html",
            lost | {"ask_birth_date": True, "mistakes": {"birth-date": "birth-date-odd"}},
        ),
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
                line=place(3, wait=View(middle=10, nine_in_ten=25, basis="learned"), changed=PASSED),
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
                line=place(1),
            ),
        ),
        "patient-waiting-longer": seen(
            "patient/waiting.html",
            visit(
                "waiting",
                can=["cancel", "send"],
                **ARRIVED,
                waiting_since=ago(36),
                line=place(2, since=ago(36), wait=View(middle=15, nine_in_ten=30, basis="booked"), longer=True),
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
            "patient/closed.html",
            visit("cancelled", can=["reopen"], close_reason="cancelled", close_code="cannot-come"),
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
        "patient-earlier": seen(
            "patient/earlier.html", visit("in-progress", can=[], **ARRIVED, **GOING_ON), earlier=EARLIER
        ),
        "provider-earlier": seen(
            "staff/earlier.html", visit("in-progress", can=[], **STAFF_VISIT | GOING_ON), earlier=EARLIER
        ),
        "provider-gone": seen("staff/gone.html", visit("cancelled", can=[], mine="provider")),
        "patient-looked": seen(
            "patient/looked.html", visit("completed", can=[], **ENDED), days=LOOKED, older=7, before=9, tried=""
        ),
        "patient-looked-by-nobody": seen("patient/looked.html", visit(), days=[], older=None, before=None, tried=""),
        "privacy": ("staff/questions.html", PRIVACY),
        "privacy-nothing": ("staff/questions.html", PRIVACY | {"questions": []}),
        "desk-people": ("staff/desk_people.html", ASIDE | {"found": None, "more": False, "alike": False}),
        "desk-people-alike": (
            "staff/desk_people.html",
            ASIDE | {"found": [KNOWN, KNOWN], "more": True, "alike": True, "typed": {"family": "Okafor"}},
        ),
        "desk-people-found": (
            "staff/desk_people.html",
            ASIDE | {"found": [KNOWN, COUSIN], "more": False, "alike": False, "typed": {"family": "Okafor"}},
        ),
        "desk-plan": (
            "staff/desk_plan.html",
            ASIDE | {"patient": COUSIN, "text": TEXT, "agreed": True, "tomorrow": date(2026, 5, 15)},
        ),
        "desk-plan-mistake": (
            "staff/desk_plan.html",
            ASIDE
            | {"patient": KNOWN, "text": TEXT, "agreed": False, "tomorrow": date(2026, 5, 15)}
            | {"mistakes": {"place": "place-short"}, "typed": {"place": "Quay", "callback": ""}},
        ),
        "desk": seen("staff/desk.html", desk(), **laid_out(DAY), **DESK),
        "desk-told": seen(
            "staff/desk.html", desk(), **laid_out(DAY), **DESK | {"told": desk().rows[4], "did": "come-back"}
        ),
        **{
            f"desk-person-{row.state}": seen(
                "staff/desk_person.html",
                desk(),
                row=row,
                line=OTHERS[:3],
                link="",
                planned="",
                today="2026-05-14",
                **DESK,
            )
            for row in (desk().rows[i] for i in (4, 7))
        },
    }
