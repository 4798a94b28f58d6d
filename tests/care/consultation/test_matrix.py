"""The whole table, cell by cell: once against the pure rules, once over HTTP with real people in a real clinic."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bedside.care.consultation.machine import CONSULTATION
from bedside.care.consultation.model import Consultation
from bedside.kernel import Refused, Role
from care.consultation import table
from care.consultation.table import PARTIES, ROWS, VERBS, Cell, around, cells, cells_over_http, perform, state_of
from care.hands import acting_for
from clinic import DEVICE, WHERE, Clinic, Person
from laws.matrix import ACTIONS

NO_ROUTE = ("connect",)


def test_the_vector_holds_every_cell() -> None:
    counted = Counter((cell.verb, cell.row, cell.party) for cell in cells())
    assert (len(VERBS), len({state_of(row) for row in ROWS}), len(PARTIES)) == (13, 9, 9)
    assert counted == Counter({(v, r, p): 1 for v in VERBS for r in ROWS for p in PARTIES})
    assert counted.total() == 13 * 11 * 9 == 1287


def verdict(cell: Cell) -> str:
    """What the rules say: the state it leads to, or the refusal."""
    visit, situation, check = around(cell.verb, cell.row, cell.party, {})
    try:
        after = perform(cell.verb, visit, situation, cell.party, check).changes[0]
    except Refused as refused:
        return refused.slug
    assert isinstance(after, Consultation)
    return str(after.state)


@pytest.mark.spec("S37..S47")
@pytest.mark.parametrize("verb", VERBS)
def test_the_rules_follow_the_table(verb: str) -> None:
    mine = [cell for cell in cells() if cell.verb == verb]
    wrong = {f"{c.row} by {c.party}": (c.verdict, said) for c in mine if (said := verdict(c)) != c.verdict}
    assert wrong == {}
    assert len(mine) == 99


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_offered_is_what_would_succeed(verb: str) -> None:
    for cell in (cell for cell in cells() if cell.verb == verb):
        visit, situation, _ = around(cell.verb, cell.row, cell.party, {})
        offered = CONSULTATION.possible(visit, by=table.parties_of(cell.party, visit), given=situation)
        name = "pass_device_check" if verb == "device-check" else verb.replace("-", "_")
        assert (name in offered) == cell.leads, cell


# --- over HTTP

BODIES: dict[str, Any] = {
    "check-in": WHERE,
    "device-check": DEVICE,
    "call-in": {"identityConfirmed": True, "anyway": True},
    "send-back": {"reason": "technical"},
    "complete": {"summary": "Rest.", "followUp": False, "reason": "colleague-away"},
    "cancel": {"reason": "other"},
    "reschedule": WHERE,
}
SKIPPED = {"camera": "skipped", "microphone": "skipped", "connection": "skipped", "reason": "will-phone"}


def expected(cell: Cell) -> str:
    """Over HTTP a role that no row of the verb names is turned away at the door, whatever the state."""
    role = Role.PROVIDER if cell.party in ("provider", "colleague") else Role(cell.party)
    action = "pass_device_check" if cell.verb == "device-check" else cell.verb.replace("-", "_")
    return cell.verdict if role in ACTIONS[f"consultation.{action}"] else "not-your-part"


@pytest.mark.slow
@pytest.mark.spec("S37..S47")
async def test_over_http_everybody_meets_the_table(clinic: Clinic) -> None:
    people = await everybody(clinic)
    visit = await clinic.book(people["patient"], people["provider"], minutes=0)
    stage = Stage(clinic, visit, people["provider"])
    await stage.prepare()
    wrong: dict[str, tuple[str, str]] = {}
    asked = list(cells_over_http())
    for cell in asked:
        await stage.stand(cell.row)
        body = BODIES.get(cell.verb)
        if cell.verb == "device-check" and cell.party not in ("patient", "guardian", "proxy"):
            body = SKIPPED
        if cell.verb == "reopen":
            body = {"startsAt": (clinic.clock.at + timedelta(hours=1)).isoformat()}
        answer = await people[cell.party].raw("POST", f"/consultations/{visit}/{cell.verb}", body)
        said = answer.json()["state"] if answer.status_code < 300 else answer.json()["type"]
        wanted = "not-found" if cell.verb in NO_ROUTE else expected(cell)
        stored = await clinic.state(visit)
        if said != wanted or stored != (wanted if answer.status_code < 300 else state_of(cell.row)):
            wrong[f"{cell.verb} from {cell.row} by {cell.party}"] = (wanted, f"{said}, stored {stored}")
    print(f"{len(asked)} cells over HTTP")
    assert wrong == {}
    assert len(asked) == 13 * 11 * 8 == 1144


SCENERY = """
    update consultation set state = $2, provider = $3, queue_entry = $4, closed_at = $5, checked_in_at = $6,
        waiting_since = $7, rank_at = $8, called_at = $9, room_until = $10, started_at = $11, ended_at = $12
    where id = $1 returning xmin::text
"""


class Stage:
    """One visit that is put where the next cell begins. The step trigger sleeps: this is no step, it is scenery."""

    def __init__(self, clinic: Clinic, visit: Any, provider: Person) -> None:
        self.clinic, self.visit, self.provider = clinic, visit, provider
        self._at: tuple[str, Any] | None = None

    async def prepare(self) -> None:
        await self.clinic.owner.execute("set session_replication_role = replica")

    async def stand(self, row: str) -> None:
        now = await self.clinic.owner.fetchval("select xmin::text from consultation where id = $1", self.visit)
        if self._at == (row, now):
            return
        at = self.clinic.clock.at
        v = table.standing(row, at)
        await self.clinic.owner.execute("update appointment set starts_at = $1", at)
        times = (v.checked_in_at, v.waiting_since, v.rank_at, v.called_at, v.room_until, v.started_at, v.ended_at)
        where = (self.visit, v.state, self.provider.account, v.queue_entry, v.closed_at, *times)
        self._at = row, await self.clinic.owner.fetchval(SCENERY, *where)


async def everybody(clinic: Clinic) -> dict[str, Person]:
    """One person of each party that can sign in."""
    patient = await clinic.patient()
    await patient.consents()
    return {
        "patient": patient,
        "guardian": await acting_for(clinic, patient, "guardian"),
        "proxy": await acting_for(clinic, patient, "proxy"),
        "provider": await clinic.provider(),
        "colleague": await clinic.provider("Dr. Signe Aalto"),
        "nurse": await clinic.staff("Nils Berg", Role.NURSE),
        "front-desk": await clinic.desk(),
        "administrator": await clinic.staff("Ada Brandt", Role.ADMINISTRATOR),
    }
