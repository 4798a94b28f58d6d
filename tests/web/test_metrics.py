"""/metrics: counts by kind, for the operator alone; nothing in it that is anybody's."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from clinic import Clinic, problem

UUID_LIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}", re.IGNORECASE)


def value(text: str, name: str) -> float:
    """One figure, or nought if it is not there."""
    found = [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(name)]
    return float(found[0]) if found else 0.0


async def scrape(clinic: Clinic, **headers: str) -> str:
    answer = await clinic.http.get("/metrics", headers={name.replace("_", "-"): said for name, said in headers.items()})
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_what_happens_is_counted(clinic: Clinic) -> None:
    before = await scrape(clinic)
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    with problem("not-your-part"):
        await amara.do(visit, "end")
    pending = await scrape(clinic)
    await clinic.settle()
    after = await scrape(clinic)
    refused = 'bedside_refusals_total{reason="not-your-part"}'
    assert value(after, refused) == value(before, refused) + 1
    assert value(after, 'bedside_visits{state="waiting"}') == 1
    assert value(pending, "bedside_journal_pending") > 0
    assert value(after, "bedside_journal_pending") == 0
    assert value(after, "bedside_sockets") == 0
    assert 'route="/api/v1/consultations/{id' in after


async def test_age_is_told_of_what_waits_too_long(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await clinic.settle()
    await amara.do(await clinic.book(amara, osei), "cancel", {"reason": "other"})
    clinic.clock.at += timedelta(seconds=30)
    assert value(await scrape(clinic), "bedside_journal_lag_seconds") == 30


async def test_nothing_in_it_is_anybodys(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    visit = await clinic.waiting(amara, osei)
    for path in (f"/k/{uuid4().hex}", f"/visit/{visit}", f"/nowhere/{visit}", "/Okafor", f"/api/v1/patients/{uuid4()}"):
        for method in ("GET", "POST", "OKAFOR"):
            await clinic.http.request(method, path, json={})
    text = await scrape(clinic)
    assert 'method="other"' in text
    assert not UUID_LIKE.search(text)
    for word in ("Okafor", "OKAFOR", "Amara", "Fernhollow", str(clinic.org)):
        assert word not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "clinic.example"},
    ],
)
async def test_a_stranger_behind_a_proxy_of_this_machine_finds_nothing(clinic: Clinic, headers: dict[str, str]) -> None:
    answer = await clinic.http.get("/metrics", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (404, "not-found")


async def test_with_a_token_only_who_brings_it(clinic: Clinic) -> None:
    clinic.running.settings = replace(clinic.running.settings, metrics_token="swordfish-9")
    assert (await clinic.http.get("/metrics")).status_code == 404
    assert (await clinic.http.get("/metrics", headers={"authorization": "Bearer swordfish-8"})).status_code == 404
    await scrape(clinic, authorization="Bearer swordfish-9", host="clinic.example", x_forwarded_for="203.0.113.9")
    assert "swordfish" not in repr(clinic.running.settings)


async def test_behind_a_trusted_proxy_there_is_no_loopback(clinic: Clinic) -> None:
    clinic.running.settings = replace(clinic.running.settings, trusted_proxies=("127.0.0.1",))
    assert (await clinic.http.get("/metrics")).status_code == 404
