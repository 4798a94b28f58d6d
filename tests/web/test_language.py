"""English or Spanish: what somebody chose on this device, else their record, else what the browser likes best."""

import re

import pytest

from clinic import Clinic, Person

PAGE = {"accept": "text/html"}
SPANISH = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}


async def lang_of(clinic: Clinic, path: str, **headers: str) -> str:
    """In which language the page is written, by its own word."""
    page = await clinic.http.get(path, headers=PAGE | headers)
    found = re.search(r'<html lang="(\w+)"', page.text)
    assert found, page.text[:200]
    return found[1]


async def amara_in_spanish(clinic: Clinic) -> tuple[str, dict[str, str]]:
    """A patient whose record says Spanish: the page of the visit, and her cookie."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await clinic.owner.execute("update patient set language = 'es' where id = $1", amara.patient)
    return f"/visit/{visit}", {"cookie": f"__Host-bedside={amara.token}"}


@pytest.mark.parametrize("path", ["/", "/k/any", "/s/any", "/visit/x", "/nowhere"])
async def test_who_is_not_known_yet_is_addressed_as_the_browser_likes(clinic: Clinic, path: str) -> None:
    assert await lang_of(clinic, path) == "en"
    assert await lang_of(clinic, path, **SPANISH) == "es"
    assert await lang_of(clinic, path, **{"accept-language": "de"}) == "en"


async def test_the_record_speaks_before_the_browser_and_the_patient_before_the_record(clinic: Clinic) -> None:
    visit, her = await amara_in_spanish(clinic)
    assert await lang_of(clinic, visit, **her) == "es"
    assert await lang_of(clinic, visit, **her, **{"accept-language": "en"}) == "es"
    switched = await clinic.http.get(f"{visit}?lang=en", headers=PAGE | her)
    assert '<html lang="en"' in switched.text
    assert "bedside-language=en;" in switched.headers["set-cookie"] and "Path=/;" in switched.headers["set-cookie"]
    remembered = {"cookie": f"{her['cookie']}; bedside-language=en"}
    assert await lang_of(clinic, visit, **remembered) == "en"


async def test_days_are_told_in_the_language_of_the_page(clinic: Clinic) -> None:
    visit, her = await amara_in_spanish(clinic)
    page = (await clinic.http.get(visit, headers=PAGE | her)).text
    assert "Hoy, lunes 16 de marzo" in page and 'data-said="Le toca"' in page
    other = (await clinic.http.get(f"{visit}?lang=en", headers=PAGE | her)).text
    assert "Today, Monday 16 March" in other and 'data-said="Your turn"' in other


async def test_staff_choose_too(clinic: Clinic) -> None:
    for person, path in ((await clinic.provider(), "/waiting-room"), (await clinic.desk(), "/desk")):
        assert await speaks(clinic, person, path, "") == "en"
        assert await speaks(clinic, person, path, "; bedside-language=es") == "es"


async def speaks(clinic: Clinic, person: Person, path: str, chosen: str) -> str:
    return await lang_of(clinic, path, cookie=f"__Host-bedside={person.token}{chosen}")
