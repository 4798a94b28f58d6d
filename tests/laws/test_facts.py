"""Law 3. Every action journals exactly its declared facts: each is done once, and the journal compared."""

import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bedside.care import (
    appointments,
    availability,
    consent,
    consultation,
    grants,
    messages,
    notification,
    people,
)
from bedside.care.appointments import Appointment
from bedside.care.availability import Status
from bedside.care.consultation import DeviceCheck, Whereabouts
from bedside.care.people import Name
from bedside.journal import Work
from bedside.journal.may import WHO_MAY
from bedside.kernel import Actor, Role
from care.hands import value
from clinic import ZONE, Clinic, Person
from laws.desk_acts import the_desk
from laws.key_acts import the_passkeys

TYPED = tomllib.loads((Path(__file__).parents[1] / "vectors/facts.toml").read_text())
DECLARED: dict[str, list[str]] = {
    f"{slice}.{action}": told for slice, actions in TYPED.items() for action, told in actions.items()
}
HERE = Whereabouts("14 Quay Lane, flat 3", "+43 555 0142")
WORKS = DeviceCheck("works", "works", "works")
Act = Callable[[Work], Awaitable[Any]]


@dataclass
class Recorder:
    """Does each act in a unit of work of its own and keeps what the journal says of it."""

    clinic: Clinic
    told: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    async def does(self, who: Person | Actor | None, action: str, act: Act) -> Any:
        """Do it, as that person or as the house."""
        actor = who.actor if isinstance(who, Person) else who or self.clinic.system

        async def do() -> Any:
            async with Work(self.clinic.house, actor) as work:
                return await act(work)

        answer, entries = await self.watched(action, do())
        assert {(entry["actor"], entry["as_role"]) for entry in entries} <= {(actor.account, str(actor.role))}
        return answer

    async def watched(self, action: str, doing: Awaitable[Any]) -> tuple[Any, list[dict[str, Any]]]:
        """What the journal gains by it."""
        before = len(await self.clinic.journal())
        answer = await doing
        entries = (await self.clinic.journal())[before:]
        self.told[action] = [f"{entry['kind']} {entry['action']}" for entry in entries]
        return answer, entries


async def test_every_action_journals_exactly_its_facts(clinic: Clinic) -> None:
    rec = Recorder(clinic)
    amara, osei = await clinic.patient(), await clinic.provider()
    await the_house(rec, amara, osei)
    await a_whole_visit(rec, amara, osei)
    await a_visit_that_stumbles(rec, amara, osei)
    await the_desk(rec.does, clinic, amara, osei)
    await the_passkeys(rec.does, rec.watched, clinic, await clinic.desk("Hana Mori"))
    assert rec.told == DECLARED


def test_every_action_is_declared() -> None:
    assert WHO_MAY.keys() == DECLARED.keys() - {"people.use_link", "credentials.come_in"}


async def the_house(rec: Recorder, amara: Person, osei: Person) -> None:
    """People, links, sessions; another clinic."""
    clinic = rec.clinic
    key = await clinic.house.vault.mint(clinic.org, "patient", uuid4(), "record")
    soon = clinic.clock.at + timedelta(minutes=15)
    await rec.does(None, "people.hire", lambda w: people.hire(w, name="Nils", role=Role.NURSE, department=None))
    await rec.does(
        None,
        "people.register_patient",
        lambda w: people.register_patient(
            w, id=uuid4(), record_key=key, name=Name("Mei", "Chow"), born=date(1989, 7, 19), language="en"
        ),
    )
    link: str = await rec.does(
        None,
        "people.issue_link",
        lambda w: people.issue_link(w, account=osei.account, role=Role.PROVIDER, expires_at=soon),
    )
    known: Any = await clinic.owner.fetchval("select id from link limit 1")
    await rec.does(None, "people.hear_birth_date", lambda w: people.hear_birth_date(w, link=known))
    (signed_in, _), _ = await rec.watched("people.use_link", people.use_link(clinic.house, link))
    await rec.does(osei, "people.touch", people.touch)
    await rec.does(osei, "people.speak", lambda w: people.speak(w, language="es"))
    await rec.does(amara, "people.patient_of", people.patient_of)
    await rec.does(signed_in.actor, "people.sign_out", people.sign_out)
    await rec.does(None, "people.open_department", lambda w: people.open_department(w, name="Cardiology"))
    text: dict[str, Any] = {"type": "recording", "version": 2, "language": "en", "body": "It is recorded."}
    await rec.does(None, "consent.publish_text", lambda w: consent.publish_text(w, **text))
    await another_clinic_founded(rec)


async def another_clinic_founded(rec: Recorder) -> None:
    """An organization of its own, with a journal of its own."""
    clinic, elsewhere = rec.clinic, uuid4()
    await clinic.house.vault.found(elsewhere)
    own_key = await clinic.house.vault.mint(elsewhere, "organization", elsewhere, "organization")
    other: dict[str, Any] = {
        "name": "Elsewhere",
        "zone": ZONE,
        "jurisdiction": "AT",
        "languages": ["en"],
        "emergency_number": "112",
    }
    async with Work(clinic.house, Actor.system(elsewhere)) as work:
        await people.found_clinic(work, **other, own_key=own_key)
    await clinic.journal()
    founded = await clinic.owner.fetch("select kind, action from journal where org = $1", elsewhere)
    rec.told["people.found_clinic"] = [f"{entry['kind']} {entry['action']}" for entry in founded]


async def a_whole_visit(rec: Recorder, amara: Person, osei: Person) -> None:
    """From the booking to the closing summary, with a return to the queue and a call back."""
    clinic, do = rec.clinic, rec.does
    page, pages = uuid4(), uuid4()
    visit = await booked(rec, amara, osei)
    await do(amara, "consent.give", lambda w: decide(w, amara, granted=True))
    await do(amara, "consultation.check_in", lambda w: consultation.check_in(w, visit, whereabouts=HERE))
    await do(amara, "availability.beat", lambda w: availability.beat(w, connection=page, device="phone"))
    await do(amara, "consultation.pass_device_check", lambda w: consultation.pass_device_check(w, visit, check=WORKS))
    await do(amara, "consultation.renew_grant", lambda w: consultation.renew_grant(w, visit))
    await do(amara, "grants.issue", lambda w: grants.issue(w, consultation=visit, patient=amara.patient or visit))
    call = consultation.call_in
    await do(osei, "consultation.call_in", lambda w: call(w, visit, identity_confirmed=True))
    await do(amara, "consultation.ask_for_a_minute", lambda w: consultation.ask_for_a_minute(w, visit))
    await do(osei, "consultation.send_back", lambda w: consultation.send_back(w, visit, reason="technical"))
    await clinic.settle()
    unread = [UUID(one["id"]) for one in await osei.get("/notifications") if one["readAt"] is None]
    await do(osei, "notification.read", lambda w: notification.read(w, unread[0]))
    await do(osei, "consultation.call_in", lambda w: call(w, visit, identity_confirmed=True))
    await do(osei, "consultation.enter", lambda w: consultation.enter(w, visit, connection=pages, device="laptop"))
    await do(osei, "consultation.leave", lambda w: consultation.leave(w, visit))
    about: dict[str, Any] = {"consultation": visit, "patient": amara.patient or visit, "department": clinic.department}
    room: dict[str, Any] = {"connection": pages, "device": "laptop", "already": False}
    await do(osei, "availability.enter", lambda w: availability.enter(w, **about, **room))
    await do(osei, "availability.leave", lambda w: availability.leave(w, **about))
    await do(osei, "availability.beat_session", availability.beat_session)
    await do(osei, "availability.gone", lambda w: availability.gone(w, connection=pages))
    await do(osei, "consultation.fell_silent", lambda w: consultation.fell_silent(w, visit))
    async with osei_and_amara_in(clinic, visit, amara, osei, page, pages):
        await do(None, "consultation.connect", lambda w: consultation.connect(w, visit))
    await its_end(rec, visit, amara, osei)


async def its_end(rec: Recorder, visit: UUID, amara: Person, osei: Person) -> None:
    """What is said, the end, a call back, and the end for good."""
    do, id = rec.does, uuid4()
    nils = await rec.clinic.staff("Nils Berg", Role.NURSE)
    await do(nils, "consultation.join", lambda w: consultation.join(w, visit))
    await do(nils, "consultation.step_out", lambda w: consultation.step_out(w, visit))
    await do(amara, "messages.send", lambda w: messages.send(w, visit, id=id, content="Good morning."))
    await do(osei, "messages.read", lambda w: messages.read(w, visit, up_to=2**60))
    await do(amara, "messages.edit", lambda w: messages.edit(w, visit, id, content="Good day."))
    await do(amara, "messages.delete", lambda w: messages.delete(w, visit, id))
    await do(osei, "consultation.end", lambda w: consultation.end(w, visit))
    await do(osei, "consultation.call_back", lambda w: consultation.call_back(w, visit))
    await osei.do(visit, "enter", {})
    await do(osei, "consultation.leave_every_room", consultation.leave_every_room)
    await osei.do(visit, "end")
    complete = consultation.complete
    await do(osei, "consultation.complete", lambda w: complete(w, visit, summary="Rest.", follow_up=False))
    await do(osei, "availability.become", lambda w: availability.become(w, status=Status.AWAY))
    whose = amara.patient or visit
    await do(amara, "consent.withdraw", lambda w: consent.withdraw(w, patient=whose, type="telehealth"))


class osei_and_amara_in:
    """Both go in, and nobody has heard of it yet."""

    def __init__(self, clinic: Clinic, visit: UUID, amara: Person, osei: Person, *pages: UUID) -> None:
        self.clinic, self.visit, self.people, self.pages = clinic, visit, (amara, osei), pages

    async def __aenter__(self) -> None:
        for person, page in zip(self.people, self.pages, strict=True):
            async with Work(self.clinic.house, person.actor) as work:
                await consultation.enter(work, self.visit, connection=page, device="test")

    async def __aexit__(self, *_: object) -> None:
        return None


async def a_visit_that_stumbles(rec: Recorder, amara: Person, osei: Person) -> None:
    """No-show, back, cancelled, taken up again; and one that never began, opened again."""
    clinic, do = rec.clinic, rec.does
    visit = await clinic.waiting(amara, osei)
    await do(osei, "consultation.give_up", lambda w: consultation.give_up(w, visit))
    await do(amara, "consultation.come_back", lambda w: consultation.come_back(w, visit))
    await do(amara, "consultation.cancel", lambda w: consultation.cancel(w, visit, reason="other"))
    await do(amara, "consultation.reschedule", lambda w: consultation.reschedule(w, visit, whereabouts=HERE))
    never = await clinic.book(amara, osei)
    await amara.do(never, "cancel", {"reason": "other"})
    later = clinic.clock.at + timedelta(hours=1)
    await do(amara, "consultation.reopen", lambda w: consultation.reopen(w, never, new_time=later))
    appointment: UUID = await value(clinic, "select appointment from consultation where id = $1", never)
    retime = appointments.retime
    await do(osei, "appointments.retime", lambda w: retime(w, appointment, starts_at=later, consultation=never))


async def booked(rec: Recorder, amara: Person, osei: Person) -> UUID:
    """A time for a visit, and the visit; once alone and once together."""
    clinic = rec.clinic
    keys = [
        await clinic.house.vault.mint(clinic.org, "consultation", uuid4(), kind) for kind in ("record", "transient")
    ]

    def appointment() -> Appointment:
        return Appointment(
            id=uuid4(),
            patient=amara.patient or uuid4(),
            provider=osei.account,
            department=clinic.department,
            starts_at=clinic.clock.at,
            zone=ZONE,
            minutes=20,
        )

    visit = uuid4()
    await rec.does(None, "appointments.book", lambda w: appointments.book(w, appointment(), consultation=uuid4()))
    schedule = consultation.schedule
    await rec.does(
        None,
        "consultation.schedule",
        lambda w: schedule(w, appointment(), id=visit, record_key=keys[0], transient_key=keys[1]),
    )
    return visit


async def decide(work: Work, amara: Person, *, granted: bool) -> object:
    """Yes or no to the text in use."""
    text = await consent.current_text(work, type="telehealth", language="en")
    assert amara.patient is not None
    return await consent.give(
        work, patient=amara.patient, type="telehealth", granted=granted, text_sha256=bytes.fromhex(text.sha256)
    )
