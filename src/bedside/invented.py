"""The invented clinic of the demonstration: a few people who do not exist, and today's visits. Never in production."""

from datetime import date, timedelta
from uuid import UUID, uuid5

from bedside.care import consent, consultation, people
from bedside.care.appointments import Appointment
from bedside.care.people import Name
from bedside.journal import House, Work
from bedside.kernel import Actor, Role
from bedside.store import Queries

Q = Queries(__file__)
CLINIC = UUID("0190b0de-0000-7000-8000-000000000001")
ZONE = "America/New_York"

PATIENTS = (
    ("patient", Name("Amara", "Okafor"), date(1955, 2, 3), "en", 10),
    ("patient2", Name("Mei", "Chow"), date(1989, 7, 19), "en", 20),
    (None, Name("Amara", "Okoro"), date(1988, 11, 30), "en", 55),
    (None, Name("Daniel", "Reyes"), date(1971, 4, 8), "es", 75),
)
STAFF = (
    ("provider", "Dr. Kwame Osei", Role.PROVIDER, "General practice"),
    (None, "Dr. Signe Aalto", Role.PROVIDER, "General practice"),
    ("desk", "Petra Novak", Role.FRONT_DESK, None),
)

TELEHEALTH = {
    "en": """## Being seen by video

- You and the clinician see and hear each other. Nothing is recorded unless you agree to that separately.
- You always see who is in the room, and as what.
- Not everything can be checked by video. The clinician may ask you to come in.
- Only this clinic carries the call.

You can say no, and you can change your mind at any time, also during the visit. If you say no, we phone you
to find another way. Saying no does not change your right to care.

What is written in the visit is kept as part of your record for as long as the law asks. Where you are now
is kept only until the visit is over.""",
    "es": """## Una visita por video

- Usted y el médico se ven y se oyen. No se graba nada a menos que usted lo acepte por separado.
- Siempre ve quién está en la sala y con qué función.
- No todo se puede examinar por video. Es posible que le pidan venir a la clínica.
- Solo esta clínica transporta la llamada.

Puede decir que no, y puede cambiar de opinión en cualquier momento, también durante la visita. Si dice que
no, le llamamos para buscar otra manera. Decir que no no cambia su derecho a recibir atención.

Lo que se escribe en la visita forma parte de su historia clínica durante el tiempo que pide la ley. Dónde
está ahora se guarda solo hasta que termina la visita.""",
}  # fmt: skip


async def settle_in(house: House) -> None:
    """Found the clinic where there is none yet. Yesterday's people and visits are left as they are."""
    system = Actor.system(CLINIC)
    async with Work(house, system) as work:
        if await work.value(Q.founded, CLINIC):
            return
    await house.vault.found(CLINIC)
    own_key = await house.vault.mint(CLINIC, "organization", CLINIC, "organization")
    records = {name: uuid5(CLINIC, name.whole) for _, name, *_ in PATIENTS}
    keys = {name: await house.vault.mint(CLINIC, "patient", records[name], "record") for name in records}
    async with Work(house, system) as work:
        await people.found_clinic(
            work,
            name="Fernhollow Clinic",
            zone=ZONE,
            jurisdiction="US-NY",
            languages=["en", "es"],
            emergency_number="911",
            own_key=own_key,
        )
        department = await people.open_department(work, name="General practice")
        for _, name, role, specialty in STAFF:
            await people.hire(work, name=name, role=role, department=department, specialty=specialty)
        for language, body in TELEHEALTH.items():
            await consent.publish_text(work, type=consent.TELEHEALTH, version=1, language=language, body=body)
        for _, name, born, language, _minutes in PATIENTS:
            await people.register_patient(
                work, id=records[name], record_key=keys[name], name=name, born=born, language=language
            )


async def links(house: House, base: str) -> dict[str, str]:
    """Links for everybody; a visit for today is booked for each patient who has none that is still open."""
    system = Actor.system(CLINIC)
    async with Work(house, system) as work:
        staff = {row["display_name"]: row["id"] for row in await work.rows(Q.staff, CLINIC)}
        patients = {row["patient"]: row for row in await work.rows(Q.patients, CLINIC, work.now)}
        department = await work.value(Q.department, CLINIC)
    made: dict[str, str] = {}
    osei = staff["Dr. Kwame Osei"]
    for key, name, _, _, minutes in PATIENTS:
        row = patients[uuid5(CLINIC, name.whole)]
        appointment = row["open_appointment"] or await book(house, row["patient"], osei, department, minutes)
        if key:
            made[key] = f"{base}/k/{await link(house, row['account'], Role.PATIENT, appointment)}"
    for key, name, role, _ in STAFF:
        if key:
            made[key] = f"{base}/s/{await link(house, staff[name], role, None)}"
    return made


async def book(
    house: House, patient: UUID, provider: UUID | None, department: UUID, minutes: int, *, lasts: int = 20
) -> UUID:
    """A visit that begins so many minutes from now."""
    system = Actor.system(CLINIC)
    visit = Work(house, system).new_id()
    record = await house.vault.mint(CLINIC, "consultation", visit, "record")
    transient = await house.vault.mint(CLINIC, "consultation", visit, "transient")
    async with Work(house, system) as work:
        starts = (work.now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        appointment = Appointment(
            id=work.new_id(),
            patient=patient,
            provider=provider,
            department=department,
            starts_at=starts,
            zone=ZONE,
            minutes=lasts,
        )
        await consultation.schedule(work, appointment, id=visit, record_key=record, transient_key=transient)
    return appointment.id


async def link(house: House, account: UUID, role: Role, appointment: UUID | None) -> str:
    """The secret of a new link: a patient's for their visit, a colleague's for once."""
    async with Work(house, Actor.system(CLINIC)) as work:
        lasts = timedelta(minutes=15) if role.is_staff else timedelta(days=1, hours=2)
        return await people.issue_link(
            work, account=account, role=role, expires_at=work.now + lasts, appointment=appointment
        )
