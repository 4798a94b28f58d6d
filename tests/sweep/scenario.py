"""A day on which everybody is called by marked words, says marked words and is refused with marked words in hand."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from clinic import DEVICE, Person
from journeys.house import OpenClinic, until
from sweep.marks import BORN, DIGITS, LETTERS, NASTY


@dataclass(slots=True)
class Day:
    """Who was there, and what left the house."""

    clinic: OpenClinic
    errors: list[bytes] = field(default_factory=list[bytes])
    answers: list[bytes] = field(default_factory=list[bytes])
    notices: list[bytes] = field(default_factory=list[bytes])
    words: set[str] = field(default_factory=set[str])

    def word(self, text: str) -> str:
        """One more marked word."""
        self.words.add(text)
        return text

    async def hear(self, answer: httpx.Response) -> None:
        """Every answer, by whether it is a refusal. A form that is drawn again holds what was typed into it: a page."""
        await answer.aread()
        drawn_again = answer.status_code in (409, 422) and answer.headers["content-type"].startswith("text/html")
        (self.errors if answer.status_code >= 400 and not drawn_again else self.answers).append(
            repr(answer.headers).encode() + answer.content
        )


async def live_through(clinic: OpenClinic, *, patients: int) -> Day:
    """So many whole visits, one after the other, with one clinician and the desk looking on."""
    day = Day(clinic)
    clinic.http.event_hooks["response"].append(day.hear)
    osei, desk = await clinic.provider(), await clinic.desk()
    async with clinic.hands(osei).live(
        [f"waiting-room.{osei.account}", f"department.{clinic.department}.queue"]
    ) as feed:
        await feed.welcomed()
        for at in range(patients):
            await one_visit(day, at, osei, desk)
        await asyncio.sleep(0.5)
        while not feed._events.empty():
            day.notices.append(repr(feed._events.get_nowait()).encode())
    return day


async def one_visit(day: Day, at: int, osei: Person, desk: Person) -> None:
    """From the consent to the summary, everything said in marked words, and refused ones in between."""
    clinic, word = day.clinic, day.word
    patient = await clinic.patient(word(f"Given{LETTERS}{at}"), word(f"Family{LETTERS}{at}"), born=BORN)
    visit = await clinic.book(patient, osei)
    where = {"place": word(f"{at} {LETTERS} Row, <flat> & more"), "callback": word(f"+43 {DIGITS}{at}")}
    await patient.consents(visit=visit)
    await wrong(day, patient, visit, "check-in", where | {"callback": LETTERS + NASTY})
    await patient.do(visit, "check-in", where)
    await patient.do(visit, "device-check", DEVICE)
    await osei.do(visit, "call-in", {"identityConfirmed": True, "anyway": True})
    for person in (patient, osei):
        await person.do(visit, "enter", {})

    async def begun() -> bool:
        return await clinic.state(visit) == "in-progress"

    await until(begun, within=20)
    for person in (patient, osei):
        await person.do(visit, "grant")
    for n in range(3):
        await patient.do(visit, "messages", {"content": word(f"{at}.{n} It is {LETTERS} & hurts “so”.{NASTY}")})
    await wrong(day, patient, visit, "messages", {"content": LETTERS * 1000})
    await wrong(day, osei, visit, "complete", {"summary": LETTERS, "followUp": "yes"})
    await wrong(day, desk, visit, "cancel", {"reason": LETTERS + NASTY})
    for person in (patient, osei, desk):
        await person.see(visit)
        await pages(day, person, visit)
    await at_the_desk(day, at, desk)
    await in_headers(day, patient, visit)
    await osei.do(visit, "end")
    await osei.do(visit, "complete", {"summary": word(f"Take {at} {LETTERS} daily.{NASTY}"), "followUp": True})
    await patient.see(visit)


async def at_the_desk(day: Day, at: int, desk: Person) -> None:
    """Somebody is registered with a number and a record number, not registered twice, looked for by each, taken in, and
    agrees aloud: by API and by the desk's own forms."""
    clinic, word = day.clinic, day.word
    mrn, phone = word(f"{LETTERS}-{DIGITS}-{at}"), word(f"+43 {DIGITS} {at}")
    name = {"given": word(f"Walk{LETTERS}{at}"), "family": word(f"In{LETTERS}{at}")}
    new = name | {"birthDate": BORN.isoformat(), "phone": phone, "mrn": mrn}
    patient = (await desk.post("/patients", new))["patient"]
    await desk.raw("POST", "/patients", new)
    await desk.raw("POST", "/patients", new | {"mrn": mrn * 9, "given": LETTERS + NASTY})
    for sought in (
        {"mrn": mrn},
        {"phone": phone},
        {"family": name["family"]},
        {"family": LETTERS + NASTY},
        {LETTERS: mrn},
    ):
        await desk.raw("POST", "/patients/find", sought)
    text = (await desk.get("/consent-texts/telehealth"))["sha256"]
    here = {"patient": patient, "department": str(clinic.department), "spoken": text}
    await desk.post("/consultations/walk-in", here | {"place": f"{at} {LETTERS} Row", "callback": phone})
    await desk.raw("POST", "/consultations/walk-in", here | {"spoken": LETTERS, "priority": LETTERS + NASTY})
    form = {
        "cookie": f"__Host-bedside={desk.token}",
        "accept": "text/html",
        "origin": str(clinic.http.base_url).rstrip("/"),
    }
    typed = name | {"birth_date": BORN.isoformat(), "phone": phone, "mrn": mrn, "key": LETTERS}
    for path in ("/desk/people", "/desk/people/new", f"/desk/patients/{patient}/walk-in", f"/desk/{LETTERS}"):
        await clinic.http.post(path, data=typed, headers=form)
        await clinic.http.get(path, params=typed, headers=form)


async def in_headers(day: Day, person: Person, visit: UUID) -> None:
    """A marked word, and a line that poses as one of the log's, in every header that anybody reads."""
    said = LETTERS + NASTY.replace("\r\n", " ").replace("\x1b", "")
    names = (
        "referer", "user-agent", "origin", "host", "cookie", "accept", "accept-language", "content-type",
        "idempotency-key", "x-forwarded-for", "x-forwarded-proto", "forwarded", "x-request-id", "traceparent", "via",
        "sec-fetch-site", "sec-websocket-protocol", "upgrade", "last-event-id", "range", "if-none-match", "expect",
    )  # fmt: skip
    for name in names:
        headers = {"authorization": f"Bearer {person.token}"} | {name: said}
        for path in (f"/api/v1/consultations/{visit}", f"/visit/{visit}", "/live"):
            await day.clinic.http.get(path, headers=headers)


async def wrong(day: Day, person: Person, visit: UUID, verb: str, body: Any) -> None:
    """What is refused, by its kind, its spelling, its address, its headers."""
    path, headers = f"/api/v1/consultations/{visit}/{verb}", {"authorization": f"Bearer {person.token}"}
    http = day.clinic.http
    await person.raw("POST", f"/consultations/{visit}/{verb}", body)
    await person.raw("POST", f"/consultations/{visit}/{verb}", {LETTERS: body})
    await http.post(path, content=f'{{"{LETTERS}": "{LETTERS}', headers=headers | {"idempotency-key": LETTERS})
    await http.post(f"/api/v1/consultations/{LETTERS}/{verb}?{LETTERS}={DIGITS}", json=body, headers=headers)
    await http.get(f"/api/v1/{LETTERS}?q={DIGITS}", headers={"authorization": LETTERS, "user-agent": LETTERS})
    await http.get(f"/k/{LETTERS}?q={DIGITS}", headers={"accept": "text/html", "cookie": f"__Host-bedside={LETTERS}"})


async def pages(day: Day, person: Person, visit: UUID) -> None:
    """What a browser of this person would be shown."""
    cookie = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    for path in (f"/visit/{visit}", f"/consultations/{visit}", "/waiting-room", "/desk"):
        await day.clinic.http.get(path, headers=cookie)
