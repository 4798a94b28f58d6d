"""What stands in an entry: who, as what, from where, on what, what, how it went; and that a refusal is one too."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clinic import Clinic, problem


@pytest.mark.spec("X8", "S149")
async def test_the_actor_is_the_session_and_the_subject_is_named(clinic: Clinic) -> None:
    """X8's fields, one by one: who, as what, from where, on what, what, how it went."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    entry = await entry_of(clinic, "CHECK_IN")
    session = await clinic.owner.fetchval("select id from session where account = $1", amara.account)
    assert UUID(entry.pop("id"))
    assert len(entry["actor"].pop("ip")) == 32
    assert entry == {
        "v": 1,
        "org": str(clinic.org),
        "at": "2026-03-16T09:00:00.000000Z",
        "kind": "CONSULTATION_SESSION_START",
        "action": "CHECK_IN",
        "actor": {"id": str(amara.account), "role": "patient", "session": str(session)},
        "on": {"kind": "consultation", "id": str(visit)},
        "patient": str(amara.patient),
        "consultation": str(visit),
        "outcome": "success",
        "purpose": "TREAT",
        "severity": "info",
        "code": None,
        "refs": {
            "queue_entry": str(await clinic.owner.fetchval("select queue_entry from consultation")),
            "department": str(clinic.department),
            "provider": str(osei.account),
            "before": "scheduled",
            "state": "checked-in",
            "version": 2,
        },
    }


async def entry_of(clinic: Clinic, action: str) -> dict[str, Any]:
    """The one entry of that action, as it is spelled."""
    found = [json.loads(row["entry"]) for row in await clinic.journal() if row["action"] == action]
    assert len(found) == 1
    return found[0]


async def test_a_refusal_is_on_record_once_a_minute(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    for _ in range(3):
        with problem("not-your-part"):
            await amara.do(visit, "end")
    with problem("place-not-confirmed"):
        await amara.do(visit, "check-in", {"place": "x", "callback": "y"})
    clinic.clock.at += timedelta(minutes=1)
    with problem("not-your-part"):
        await amara.do(visit, "end")
    refused = [row for row in await clinic.journal() if row["kind"] == "REQUEST_REFUSED"]
    codes = [json.loads(row["entry"])["code"] for row in refused]
    assert codes == ["not-your-part", "place-not-confirmed", "not-your-part"]
    assert {row["actor"] for row in refused} == {amara.account}
