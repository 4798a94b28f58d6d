"""Two things at the same moment: each act is before or after the other, never beside it.

Consent taken back or confirmed, a visit ended, a request repeated, while its counterpart is under way.
"""

from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from random import Random
from uuid import UUID

import httpx
import pytest

from bedside.care import consent
from clinic import DEVICE, WHERE, Clinic, Person
from journeys.crowd import CALL, CALLED, insist, together


@pytest.mark.parametrize("verb", ["check-in", "device-check", "call-in", "messages", "cancel", "consents"])
async def test_one_key_is_one_act(clinic: Clinic, verb: str) -> None:
    """The same request eight times at once under one key: one effect, and eight times the same answer."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    if verb not in ("check-in", "consents"):
        await amara.do(visit, "check-in", WHERE)
    if verb == "messages":
        await amara.do(visit, "grant")
    if verb == "call-in":
        await amara.do(visit, "device-check", DEVICE)
    text = await amara.get("/consent-texts/recording")
    who, path, body = {
        "check-in": (amara, f"/consultations/{visit}/check-in", WHERE),
        "device-check": (amara, f"/consultations/{visit}/device-check", DEVICE),
        "call-in": (osei, f"/consultations/{visit}/call-in", CALL),
        "messages": (amara, f"/consultations/{visit}/messages", {"content": "Good morning"}),
        "cancel": (amara, f"/consultations/{visit}/cancel", {"reason": "cannot-come"}),
        "consents": (
            amara,
            f"/patients/{amara.patient}/consents",
            {"type": "recording", "granted": True, "textSha256": text["sha256"]},
        ),
    }[verb]
    before = Counter(await clinic.actions())
    answers = await together(Random(7), *(who.raw("POST", path, body, key="the-one-key") for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert sum(answer.headers.get("idempotent-replay") == "true" for answer in answers) == 7
    told = Counter(await clinic.actions()) - before
    acts = {"CHECK_IN", "PASS_DEVICE_CHECK", CALLED, "SEND_MESSAGE", "CANCEL", "CONSENT_GRANTED_recording"}
    assert sum(count for act, count in told.items() if act in acts) == 1
    other = await who.raw("POST", path, body | {"reason": "other", "content": "else"}, key="the-one-key")
    assert other.status_code in (409, 422)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.spec("S158", "G17")
async def test_nothing_follows_a_withdrawal(clinic: Clinic, seed: int) -> None:
    """Consent is taken back while its holder checks in or is called: the act was before it, or it was not done."""
    chance = Random(seed)
    osei = [await clinic.provider(f"Dr. {name}") for name in ("Osei", "Aalto", "Reyes", "Ito")]
    pairs: list[tuple[Person, UUID, Person]] = []
    for at in range(16):
        amara, doctor = await clinic.patient("Amara", f"Okafor {at}"), osei[at % 4]
        if at % 2:
            pairs.append((amara, await clinic.waiting(amara, doctor), doctor))
        else:
            pairs.append((amara, await clinic.book(amara, doctor), doctor))
            await amara.consents()
    acts: list[Awaitable[httpx.Response]] = []
    for amara, visit, doctor in pairs:
        acts.append(amara.raw("POST", f"/patients/{amara.patient}/consents/telehealth/withdraw", {}))
        if await clinic.state(visit) == "waiting":
            acts.append(insist(doctor, visit, "call-in", CALL))
        else:
            acts.append(insist(amara, visit, "check-in", WHERE))
    answers = await together(chance, *acts)
    assert {answer.status_code for answer in answers[::2]} == {200}
    journal = await clinic.journal()
    for (amara, _, _), answer in zip(pairs, answers[1::2], strict=True):
        mine = [row["action"] for row in journal if row["patient"] == amara.patient]
        gone = mine.index("CONSENT_REVOKED_telehealth")
        assert not {"CHECK_IN", CALLED, "CONNECT"} & set(mine[gone:])
        if answer.status_code >= 400:
            assert answer.json()["type"] in ("consent-missing", "provider-full")
    await clinic.settle()
    for _, visit, _ in pairs:
        assert await clinic.state(visit) in ("scheduled", "checked-in", "waiting")


async def test_agreeing_again_takes_nothing_away(clinic: Clinic) -> None:
    """Consent that stands is confirmed once more while its holder checks in: there is no moment without consent."""
    chance, osei = Random(8), await clinic.provider()
    said: Counter[int] = Counter()
    for at in range(12):
        amara = await clinic.patient("Amara", f"Okafor {at}")
        visit = await clinic.book(amara, osei)
        agreed = await amara.consents()
        again = {"type": "telehealth", "granted": True, "textSha256": agreed["textSha256"]}
        path = f"/patients/{amara.patient}/consents"
        acts = [amara.raw("POST", path, again), insist(amara, visit, "check-in", WHERE)]
        said.update(answer.status_code for answer in await together(chance, *acts))
    assert said == {201: 24}


async def test_a_withdrawal_that_waited_is_a_withdrawal(clinic: Clinic) -> None:
    """It began first and was written after a second yes: the visit that goes on ends all the same."""
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    assert amara.patient
    async with clinic.work(amara.actor) as slow:
        clinic.clock.at += timedelta(seconds=1)
        await amara.consents()
        await consent.withdraw(slow, patient=amara.patient, type=consent.TELEHEALTH)
    await clinic.settle()
    assert (await clinic.actions()).count("CONSENT_REVOKED_telehealth") == 1
    assert await clinic.state(visit) == "wrapping-up"


async def test_nothing_is_said_after_the_end(clinic: Clinic) -> None:
    """A patient speaks while the provider ends the visit: what was said was said before the end."""
    chance, amara, osei = Random(9), await clinic.patient(), await clinic.provider()
    visit = await clinic.in_progress(amara, osei)
    await amara.do(visit, "grant")
    await amara.post(f"/consultations/{visit}/messages", {"content": "Here I am"})
    kept = 1
    for at in range(8):
        await amara.do(visit, "grant")
        speak = [insist(amara, visit, "messages", {"content": f"{at} {word}"}) for word in ("Wait", "Thank you")]
        *said, ended = await together(chance, *speak, insist(osei, visit, "end", {}), refused={403, 404})
        assert ended.status_code == 200
        assert {answer.json()["type"] for answer in said if answer.status_code >= 400} <= {"grant-lapsed", "not-found"}
        kept += sum(answer.status_code == 201 for answer in said)
        told = [(row["action"], row["actor"]) for row in await clinic.journal() if row["consultation"] == visit]
        last_end = max(n for n, (action, _) in enumerate(told) if action == "END")
        assert ("SEND_MESSAGE", amara.account) not in told[last_end:]
        await osei.do(visit, "call-back")
    assert await clinic.owner.fetchval("select count(*) from message") == kept
