"""How each message was kept is said of it truly; and without consent, checked with each, nothing is said."""

from uuid import UUID

import pytest

from care.hands import value
from care.messages.test_messages import said, says, talking
from clinic import Clinic, problem


@pytest.mark.spec("S290", "S291", "S292")
async def test_how_it_was_kept_is_true_of_each_message(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    sent = await says(amara, visit, "Good morning.")
    decision = await value(clinic, "select id from consent where type = 'telehealth'")
    [entry] = [row for row in await clinic.journal() if row["kind"] == "PHI_MESSAGE_SENT"]
    assert f'"consent_ref":"{decision}"'.encode() in entry["entry"]
    [message] = await osei.get(f"/consultations/{visit}/messages")
    assert message["metadata"] == {"encrypted": True, "consentVerified": True, "auditRef": sent["entry"]}
    # Said before consent was verified with each message, and under another key than the visit's: it says so.
    other = await clinic.house.vault.mint(clinic.org, "consultation", visit, "record")
    id = UUID(sent["id"])
    body = await clinic.house.vault.seal("Good morning.", key=other, org=clinic.org, at="message.body", row=id)
    await clinic.owner.execute("update message set consent = null, body = $1", body.raw)
    [message] = await osei.get(f"/consultations/{visit}/messages")
    assert message["metadata"] == {"encrypted": False, "consentVerified": False, "auditRef": sent["entry"]}


@pytest.mark.spec("S97", "S158", "S291")
async def test_without_consent_nothing_is_said(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    await osei.do(visit, "grant")
    await says(osei, visit, "Good morning.")
    await amara.post(f"/patients/{amara.patient}/consents/telehealth/withdraw", {"consultation": str(visit)})
    assert "send" not in (await amara.see(visit))["can"]
    for person in (amara, osei):
        with problem("consent-missing"):
            await says(person, visit, "And now?")
    await amara.consents(visit=visit)
    await says(amara, visit, "I am here again.")
    assert await said(osei, visit) == ["Good morning.", "I am here again."]
