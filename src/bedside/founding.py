"""A clinic begins: an organization, its first department, and an administrator who sets up the rest on the pages."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from bedside.care import people
from bedside.journal import House, Work
from bedside.kernel import Actor, Role
from bedside.store import Queries
from bedside.web import locale

Q = Queries(__file__)


class NotFounded(Exception):
    """No clinic was begun; the message is for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of somebody who begins a clinic."""

    name: str
    zone: str
    jurisdiction: str
    languages: tuple[str, ...]
    emergency_number: str
    department: str
    administrator: str

    def mistakes(self) -> list[str]:
        """What is wrong with it, in words; nothing where nothing is."""
        named = ("name", "department", "administrator")
        unfit = [what for what in named if not people.fits_a_door(getattr(self, what))]
        found = [f"The {what} has letters, 100 signs at most, on one line." for what in unfit]
        if self.zone not in available_timezones():
            found.append(f"{self.zone!r} is no time zone. Say it like America/New_York or Europe/Vienna.")
        unknown = [each for each in self.languages if each not in locale.LANGUAGES]
        if unknown or not self.languages or len(set(self.languages)) < len(self.languages):
            found.append(f"The languages are some of {', '.join(locale.LANGUAGES)}, each once.")
        if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", self.jurisdiction):
            found.append("The jurisdiction is a country, or a country and its part, like AT or US-NY.")
        if not re.fullmatch(r"[0-9 ]{2,20}", self.emergency_number):
            found.append("The emergency number has digits, like 911 or 112.")
        return found


async def found(house: House, plan: Plan) -> str:
    """Begin the clinic, in one transaction: the secret of the administrator's link. Refused where a clinic exists."""
    if mistakes := plan.mistakes():
        raise NotFounded(" ".join(mistakes))
    if there := await _clinics(house):
        raise NotFounded(
            f"There is a clinic here already: {', '.join(name for _, name in there)}. Nothing was changed. "
            "`bedside serve` opens it; while it runs, `bedside links` makes links for its administrators."
        )
    org = uuid4()
    await house.vault.found(org)
    own_key = await house.vault.mint(org, "organization", org, "organization")
    async with Work(house, Actor.system(org)) as work:
        await people.found_clinic(
            work,
            name=plan.name,
            zone=plan.zone,
            jurisdiction=plan.jurisdiction,
            languages=list(plan.languages),
            emergency_number=plan.emergency_number,
            own_key=own_key,
        )
        await people.open_department(work, name=plan.department)
        first = await people.hire(
            work, name=plan.administrator, role=Role.ADMINISTRATOR, department=None, language=plan.languages[0]
        )
        return await _link(work, first)


async def links(house: House, base: str) -> dict[str, str]:
    """A link for each administrator of each clinic here, by name. It works once, for fifteen minutes."""
    made: dict[str, str] = {}
    for org, _ in await _clinics(house):
        async with Work(house, Actor.system(org)) as work:
            for row in await work.rows(Q.administrators, org):
                made[row["display_name"]] = f"{base}/s/{await _link(work, row['id'])}"
    return made


async def _link(work: Work, account: UUID) -> str:
    until = work.now + people.INVITED_FOR
    return await people.issue_link(work, account=account, role=Role.ADMINISTRATOR, expires_at=until)


async def _clinics(house: House) -> list[tuple[UUID, str]]:
    # No organization is set yet, and row-level security would rightly show none: so a function of its own tells.
    rows = await house.database.ask(house.database.app, Q.clinics)
    return [(row["org"], row["name"]) for row in rows]
