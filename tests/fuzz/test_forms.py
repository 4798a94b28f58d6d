"""Every form of every page, filled in oddly: a page or the next page, never a bug, never somebody else's markup."""

from collections import Counter
from random import Random

import pytest

from clinic import Clinic, Person
from fuzz.api import Stage
from fuzz.forms import Offered, filled, forms_of, sent, wrong_with


async def shown(person: Person, path: str) -> list[Offered]:
    """The forms on a page of somebody's, but for the one that ends it all."""
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    page = await person.clinic.http.get(path, headers=headers)
    return [form for form in forms_of(page.text, path) if form.action != "/sign-out"]


@pytest.mark.slow
async def test_every_form_takes_anything(clinic: Clinic) -> None:
    """Patient, clinician and front desk, on visits in four states; the desk's search, its books, its sheets."""
    chance = Random(5)
    stage = await Stage.open(clinic, chance)
    await stage.renew()
    statuses, wrong, actions = Counter[int](), list[str](), set[str]()
    amara, osei, desk = stage.people
    pages = [(amara, f"/visit/{visit}{more}") for visit in stage.visits for more in ("", "/consent", "/place")]
    pages += [(osei, "/waiting-room"), *((osei, f"/consultations/{visit}") for visit in stage.visits)]
    pages += [(desk, path) for path in ("/desk", "/desk/people", f"/desk/patients/{amara.patient}")]
    pages += [(desk, f"/desk/visits/{visit}") for visit in stage.visits]
    offered = [(person, form) for person, path in pages for form in await shown(person, path)]
    new = {"given": "A", "family": "B", "birth_date": "1970-01-01", "phone": "", "mrn": "", "language": "en"}
    offered.append((desk, Offered("/desk/people/new", new)))
    for person, form in offered:
        actions.add(form.action.rpartition("/")[2])
        for body in [*filled(form, chance), *filled(form, chance)]:
            answer = await sent(person, form.action, body)
            statuses[answer.status_code] += 1
            if said := wrong_with(answer):
                wrong.append(f"{form.action} {body[:120]!r} -> {answer.status_code}: {said}")
    print(f"\n{statuses.total()} forms sent to {sorted(actions)}: {dict(statuses)}")
    assert statuses.total() > 150
    assert len(actions) > 15
    assert {"people", "new", "book", "walk-in", "priority", "move", "transfer", "cancel"} <= actions
    assert not wrong, "\n".join(sorted(wrong)[:15])


async def test_a_body_has_a_size(clinic: Clinic) -> None:
    """As long as is taken: read. One byte more: too long, whether its length is said or not."""
    osei = await clinic.provider()
    limit = 1024 * 1024
    headers = {
        "authorization": f"Bearer {osei.token}",
        "idempotency-key": "a-key-of-its-own",
        "content-type": "application/json",
    }

    async def pieces(size: int):
        for at in range(0, size, 65_536):
            yield b" " * min(65_536, size - at)

    for size, status in ((limit, 422), (limit + 1, 413)):
        whole = await clinic.http.put("/api/v1/availability", content=b" " * size, headers=headers)
        chunked = await clinic.http.put("/api/v1/availability", content=pieces(size), headers=headers)
        assert (whole.status_code, chunked.status_code) == (status, status), size
        assert whole.json()["type"] == chunked.json()["type"] == ("invalid" if status == 422 else "too-large")
