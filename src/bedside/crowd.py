"""The people of the simulated day: invented patients with visits booked over the next hours, and a link for each.

Only for the demonstration. What they do, they do as everybody else: by `bedside_client`, in a process of its own.
"""

from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid5

from bedside import invented
from bedside.care import people
from bedside.care.people import Name
from bedside.invented import CLINIC, Q
from bedside.journal import House, Work
from bedside.kernel import Actor, Role

GIVEN = ("Elena", "Fatima", "Grace", "João", "Hana", "Samir", "Lucía", "Tomás", "Ines", "Viktor", "Noor", "Ada")
FAMILY = ("Petrova", "Noori", "Mbeki", "Carvalho", "Kobayashi", "Haddad", "Moreno", "Vega", "Brandt", "Lind")
COLLEAGUES = ("Dr. Signe Aalto", "Dr. Ravi Menon")
VISITS, EVERY_MINUTES, BOOKED = 48, 5.5, 10


async def gather(house: House, base: str, *, pace: float) -> dict[str, Any]:
    """Who comes today, when and with which link; and the colleagues who see them."""
    dice = Random(VISITS)  # noqa: S311 - the same invented day every time
    async with Work(house, Actor.system(CLINIC)) as work:
        department = await work.value(Q.department, CLINIC)
        staff = {row["display_name"]: row["id"] for row in await work.rows(Q.staff, CLINIC)}
        for name in COLLEAGUES:
            staff[name] = staff.get(name) or await people.hire(
                work, name=name, role=Role.PROVIDER, department=department, specialty="General practice"
            )
    crowd = await _patients(house, dice)
    comes: list[dict[str, Any]] = []
    for n in range(VISITS):
        patient, account = crowd[n % len(crowd)]
        minutes = n * EVERY_MINUTES / pace
        by = (*[staff[name] for name in COLLEAGUES], None)[n % 3]
        appointment = await invented.book(house, patient, by, department, max(1, round(minutes)), lasts=BOOKED)
        link = await invented.link(house, account, Role.PATIENT, appointment)
        late = max(0.0, minutes + dice.uniform(-3, 3) / pace)
        comes.append({"link": f"{base}/k/{link}", "patient": str(patient), "after": round(late * 60, 1)})
    seen_by = [f"{base}/s/{await invented.link(house, staff[name], Role.PROVIDER, None)}" for name in COLLEAGUES]
    return {"base": base, "pace": pace, "patients": comes, "clinicians": seen_by}


async def _patients(house: House, dice: Random) -> list[tuple[UUID, UUID]]:
    """The crowd, registered once, with their accounts."""
    async with Work(house, Actor.system(CLINIC)) as work:
        known = {row["patient"]: row["account"] for row in await work.rows(Q.patients, CLINIC, work.now)}
    crowd: list[tuple[UUID, UUID]] = []
    for n in range(24):
        name = Name(GIVEN[n % len(GIVEN)], FAMILY[n % len(FAMILY)])
        born = date(1940 + dice.randrange(60), dice.randrange(1, 13), dice.randrange(1, 29))
        id = uuid5(CLINIC, f"{name.whole} of the crowd")
        if id not in known:
            key = await house.vault.mint(CLINIC, "patient", id, "record")
            async with Work(house, Actor.system(CLINIC)) as work:
                known[id] = await people.register_patient(
                    work, id=id, record_key=key, name=name, born=born, language="en"
                )
        crowd.append((id, known[id]))
    return crowd
