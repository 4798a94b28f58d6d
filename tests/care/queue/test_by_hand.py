"""The order changed by hand: who may, with which reason, and what those who were passed are told."""

import pytest

from clinic import Clinic, problem


async def _three(clinic: Clinic):
    osei, desk = await clinic.provider(), await clinic.desk()
    people, visits = [], []
    for given in ("Amara", "Mei", "Hana"):
        person = await clinic.patient(given, "Testerin")
        people.append(person)
        visits.append(await clinic.waiting(person, osei))
        await clinic.later(minutes=2)
    return osei, desk, people, visits


async def _order(desk, clinic) -> list[str]:
    board = await desk.get(f"/departments/{clinic.department}/queue")
    return [row["name"].split()[0] for row in board["rows"] if row["state"] == "waiting"]


@pytest.mark.spec("S23", "S24", "S25", "S26", "U2")
async def test_an_emergency_goes_first_and_the_others_are_told_why(clinic: Clinic) -> None:
    _, desk, people, visits = await _three(clinic)
    await desk.do(visits[2], "priority", {"priority": "emergency", "reason": "worse"})
    assert await _order(desk, clinic) == ["Hana", "Amara", "Mei"]
    told = (await people[0].see(visits[0]))["line"]
    assert told["position"] == 2
    assert told["changed"] | {"at": None} == {"kind": "priority", "code": "worse", "at": None, "emergency": True}
    assert (await people[2].see(visits[2]))["line"]["changed"] is None


async def test_urgent_is_worth_thirty_minutes(clinic: Clinic) -> None:
    _, desk, _, visits = await _three(clinic)
    await desk.do(visits[1], "priority", {"priority": "urgent", "reason": "triage"})
    assert await _order(desk, clinic) == ["Mei", "Amara", "Hana"]
    await desk.do(visits[0], "priority", {"priority": "follow-up", "reason": "triage"})
    assert await _order(desk, clinic) == ["Mei", "Hana", "Amara"]


async def test_a_move_takes_a_place_and_says_why(clinic: Clinic) -> None:
    _, desk, people, visits = await _three(clinic)
    await desk.do(visits[2], "move", {"before": str(visits[0]), "reason": "interpreter"})
    assert await _order(desk, clinic) == ["Hana", "Amara", "Mei"]
    await clinic.later(minutes=1)
    await desk.do(visits[1], "move", {"before": str(visits[0]), "reason": "needs-to-leave"})
    assert await _order(desk, clinic) == ["Hana", "Mei", "Amara"]
    await desk.do(visits[2], "move", {"reason": "mistake"})
    assert await _order(desk, clinic) == ["Mei", "Amara", "Hana"]
    assert (await people[0].see(visits[0]))["line"]["changed"]["code"] == "needs-to-leave"
    with problem("reason-needed"):
        await desk.do(visits[0], "move", {"reason": "because"})
    with problem("not-your-part"):
        await people[0].do(visits[0], "move", {"reason": "fairness"})


async def test_a_transfer_keeps_place_and_link(clinic: Clinic) -> None:
    osei, desk, people, visits = await _three(clinic)
    aalto = await clinic.provider("Dr. Signe Aalto")
    before = (await people[1].see(visits[1]))["waitingSince"]
    await desk.do(visits[1], "transfer", {"provider": str(aalto.account), "reason": "shorter-wait"})
    seen = await people[1].see(visits[1])
    assert (seen["providerName"], seen["waitingSince"]) == ("Dr. Signe Aalto", before)
    assert [row["name"] for row in (await aalto.get("/waiting-room"))["waiting"]] == ["Mei Testerin"]
    assert "Mei Testerin" not in [row["name"] for row in (await osei.get("/waiting-room"))["waiting"]]
    with problem("nobody-there"):
        await desk.do(visits[0], "transfer", {"provider": str(people[0].account), "reason": "specialty"})
