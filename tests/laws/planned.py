"""Times for visits, as the law of what is heard looks on: what the desk plans, moves and hands over. And what nobody
sees anything of, which therefore nobody need hear."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from bedside.care import availability, consent, people
from bedside.kernel import Role
from clinic import WHERE, Clinic, Person

Steps = list[tuple[str, Callable[[], Awaitable[object]]]]


def planning(clinic: Clinic, visits: dict[UUID, UUID], desk: Person, patient: Person, doctor: Person) -> Steps:
    """Booked, moved, handed a link; taken in without an appointment, and moved to another day. `visits` grows."""
    whose = {"patient": str(patient.patient), "department": str(clinic.department), "provider": str(doctor.account)}
    today = clinic.clock.at.date()
    made: list[UUID] = []

    async def plan(path: str, body: dict[str, Any]) -> None:
        answer = await desk.post(f"/consultations{path}", body)
        made.append(UUID(answer["consultation"]))
        visits[made[-1]] = clinic.department

    async def move(which: int, day: int, time: str) -> None:
        when = {"day": (today + timedelta(days=day)).isoformat(), "time": time}
        await plan(f"/{made[which]}/new-time", when)

    async def hired() -> None:
        async with clinic.work() as work:
            await people.hire(work, name="Dr. New", role=Role.PROVIDER, department=clinic.department, specialty="Skin")

    return [
        ("a new colleague", hired),
        ("book", lambda: plan("", whose | {"day": today.isoformat(), "time": "16:30"})),
        ("another time", lambda: move(0, 0, "17:00")),
        ("a link", lambda: desk.post(f"/consultations/{made[0]}/link")),
        ("walk in", lambda: plan("/walk-in", whose | WHERE)),
        ("another day", lambda: move(2, 1, "10:30")),
        ("another day for who was expected", lambda: move(0, 1, "11:00")),
    ]


def unseen(clinic: Clinic, desk: Person, patient: Person) -> Steps:
    """What changes nothing that anybody sees."""
    new = {"given": "Iris", "family": "Ines", "birthDate": "1980-01-01"}

    async def quietly(act: Callable[..., Awaitable[object]], **named: Any) -> None:
        async with clinic.work(patient.actor) as work:
            await act(work, **named)

    async def house(act: Callable[..., Awaitable[object]], **named: Any) -> None:
        async with clinic.work() as work:
            await act(work, **named)

    async def asked_and_answered() -> None:
        looks = (await patient.get(f"/patients/{patient.patient}/accesses"))["accesses"]
        about = {"entry": next(one["entry"] for one in looks if not one["mine"]), "words": "Why?"}
        asked = await patient.post(f"/patients/{patient.patient}/access-questions", about)
        ada = await clinic.staff("Ada Brandt", Role.ADMINISTRATOR)
        await ada.post(f"/access-questions/{asked['id']}/answer", {"words": "For your visit."})

    text = {"type": "telehealth", "version": 2, "language": "en", "body": "Another text."}
    return [
        ("another department", lambda: house(people.open_department, name="Skin")),
        ("another text", lambda: house(consent.publish_text, **text)),
        ("another language", lambda: quietly(people.speak, language="es")),
        ("found", lambda: desk.post("/patients/find", {"family": "Okafor"})),
        ("asked about an access, and answered", asked_and_answered),
        ("registered", lambda: desk.post("/patients", new)),
        ("a session lives on", lambda: quietly(people.touch)),
        ("a beat", lambda: quietly(availability.beat_session)),
        ("a page closes", patient.gone),
        ("a page opens", patient.here),
    ]
