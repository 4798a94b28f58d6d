"""Who checks in gets the permission to take part with the answer; who is checked in by the desk gets it on arriving."""

import pytest

from clinic import WHERE, Clinic


@pytest.mark.spec("S146", "S150")
async def test_check_in_returns_the_visit_and_a_permission_for_it(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    first = await amara.do(visit, "check-in", WHERE, key="the-same-key")
    assert first["consultation"] == str(visit)
    assert len(first["grant"]["token"]) == 43
    assert set(first["grant"]["operations"]) == {"read", "send", "signal", "files"}
    assert await amara.do(visit, "check-in", WHERE, key="the-same-key") == first
    mei = await clinic.patient("Mei", "Chow")
    other = await clinic.book(mei, osei)
    await mei.consents()
    assert (await desk.do(other, "check-in", WHERE))["grant"] is None
    acts = await clinic.actions()
    assert (acts.count("CHECK_IN"), acts.count("GRANT")) == (2, 1)
