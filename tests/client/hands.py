"""People with the SDK in their hands, in a clinic that is really open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bedside.care import people
from bedside_client import Bedside
from client.flaky import Flaky
from clinic import Person
from journeys.house import OpenClinic, doors

SOON = 15.0


@asynccontextmanager
async def flaky(clinic: OpenClinic) -> AsyncIterator[tuple[Flaky, str]]:
    """The same clinic by a door that gives trouble."""
    door = Flaky(clinic.running.asgi)
    async with doors(door) as url:
        yield door, url


def hands(clinic: OpenClinic, person: Person, url: str = "") -> Bedside:
    """The SDK in this person's hands; pauses are as short as chance can make them."""
    return Bedside(url or clinic.url, person.token, account=str(person.account), chance=lambda: 0.0)


async def secret_for(clinic: OpenClinic, person: Person) -> str:
    async with clinic.work() as work:
        return await people.issue_link(
            work, account=person.account, role=person.role, expires_at=clinic.clock.now().replace(year=2199)
        )
