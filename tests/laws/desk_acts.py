"""What the desk does, each act once, for the law of facts."""

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from bedside.care import audit, consent, consultation, people, queue
from bedside.care.consultation import Fresh, Wanted, Whereabouts
from bedside.care.people import Contact, Name, Sought
from bedside.kernel import Role
from clinic import Clinic, Person

HERE = Whereabouts("14 Quay Lane, flat 3", "+43 555 0142")
Does = Callable[..., Awaitable[Any]]


async def the_desk(does: Does, clinic: Clinic, amara: Person, osei: Person) -> None:
    """Patients on the books, the line changed by hand, times for visits."""
    desk = await clinic.desk()
    who: dict[str, Any] = {"name": Name("Zoe", "Zapata"), "born": date(1990, 1, 1), "contact": Contact()}
    await does(desk, "people.refuse_duplicate", lambda w: people.refuse_duplicate(w, **who))
    await does(desk, "people.seek", lambda w: people.seek(w, sought=Sought(family="Chow")))
    visit = await clinic.waiting(amara, osei)
    sooner: dict[str, Any] = {"priority": "urgent", "reason": "triage"}
    await does(desk, "queue.change_priority", lambda w: queue.change_priority(w, visit, **sooner))
    move = queue.move_in_line
    await does(desk, "queue.move_in_line", lambda w: move(w, visit, before=None, reason="technical"))
    to: dict[str, Any] = {"provider": osei.account, "department": None, "reason": "specialty"}
    moved = await does(desk, "queue.transfer", lambda w: queue.transfer(w, visit, **to))
    await does(desk, "queue.undo", lambda w: queue.undo(w, visit, version=moved.version))
    wanted = Wanted(patient=amara.patient or visit, department=clinic.department)
    fresh = [await _fresh(clinic) for _ in range(3)]
    tomorrow = clinic.clock.at.date() + timedelta(days=1)
    at: dict[str, Any] = {"day": tomorrow, "at": time(10, 30)}
    await does(desk, "consultation.book", lambda w: consultation.book(w, wanted, fresh=fresh[0], **at))
    await does(
        desk, "consultation.walk_in", lambda w: consultation.walk_in(w, wanted, fresh=fresh[1], whereabouts=HERE)
    )
    await does(desk, "consultation.give_link", lambda w: consultation.give_link(w, visit))
    await does(desk, "consultation.new_time", lambda w: consultation.new_time(w, visit, fresh=fresh[2], **at))
    mei = await clinic.patient("Mei", "Chow")
    booked = await clinic.book(mei, osei)
    async with clinic.work() as work:
        text = await consent.current_text(work, type="telehealth", language="en")
    said: dict[str, Any] = {"type": "telehealth", "granted": True, "text_sha256": bytes.fromhex(text.sha256)}
    note = consent.note_spoken
    await does(
        desk, "consent.note_spoken", lambda w: note(w, patient=mei.patient or booked, consultation=booked, **said)
    )
    await _who_looked(does, clinic, amara)
    links: dict[str, Any] = {"appointment": booked, "to": booked, "until": clinic.clock.at}
    await does(desk, "people.lead_links_on", lambda w: people.lead_links_on(w, **links))


async def _who_looked(does: Does, clinic: Clinic, amara: Person) -> None:
    """A patient asks about an access, and is answered."""
    ada = await clinic.staff("Ada Brandt", Role.ADMINISTRATOR)
    line = next(
        one for one in (await amara.get(f"/patients/{amara.patient}/accesses"))["accesses"] if one["role"] == "provider"
    )
    about: dict[str, Any] = {"patient": amara.patient, "entry": UUID(line["entry"]), "words": "Why did you look?"}
    asked = await does(amara, "audit.ask", lambda w: audit.ask(w, **about))
    await does(ada, "audit.answer", lambda w: audit.answer(w, asked, words="It was your visit."))


async def _fresh(clinic: Clinic) -> Fresh:
    id = clinic.work().new_id()
    mint = clinic.house.vault.mint
    keys = [await mint(clinic.org, "consultation", id, kind) for kind in ("record", "transient")]
    return Fresh(id, *keys)
