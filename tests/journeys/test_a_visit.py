"""A visit from hello to goodbye, over real HTTP handling, a real database and a real keystore."""

import pytest

from clinic import DEVICE, WHERE, Clinic, problem


@pytest.mark.spec("S37", "S39", "S42", "S145", "S147", "S149", "S152", "S154", "S155", "S156", "S157", "S158")
async def test_a_patient_is_seen(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    with problem("consent-missing"):
        await amara.do(visit, "check-in", WHERE)
    await amara.consents()
    assert (await amara.do(visit, "check-in", WHERE))["state"] == "checked-in"
    assert (await amara.do(visit, "device-check", DEVICE))["state"] == "waiting"
    line = (await amara.see(visit))["line"]
    assert (line["position"], line["ahead"], line["changed"], line["wait"]["basis"]) == (1, 0, None, "unknown")
    await clinic.settle()
    assert [told["kind"] for told in await osei.get("/notifications")] == ["PATIENT_READY"]
    with problem("identity-not-confirmed"):
        await osei.do(visit, "call-in", {"anyway": True})
    await amara.here()
    assert (await osei.do(visit, "call-in", {"identityConfirmed": True}))["state"] == "connecting"
    await clinic.settle()
    assert [told["kind"] for told in await amara.get("/notifications")] == ["PROVIDER_READY"]
    await osei.here()
    await osei.enters(visit)
    assert await clinic.state(visit) == "connecting"
    await amara.enters(visit)
    await clinic.settle()
    assert await clinic.state(visit) == "in-progress"
    await clinic.later(minutes=18)
    assert (await osei.do(visit, "end"))["state"] == "wrapping-up"
    with problem("summary-needed"):
        await osei.do(visit, "complete", {"summary": "  ", "followUp": True})
    await osei.do(visit, "complete", {"summary": "Rest, and drink enough.", "followUp": True})
    seen = await amara.see(visit)
    assert (seen["state"], seen["summary"], seen["followUp"]) == ("completed", "Rest, and drink enough.", True)
    assert seen["minutesLasted"] == 18
    acts = await clinic.actions()
    assert acts.count("CHECK_IN") == acts.count("END_CONSULTATION") == 1
