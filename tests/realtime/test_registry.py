"""Every address of a channel, and what it means for whoever asks: through the socket's door and over HTTP."""

from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from bedside.kernel import Role, Topic
from bedside.realtime.clinic import ClinicAuthority
from bedside.realtime.registry import Pair, spelled
from care.hands import acting_for, another_department, member_of, principal
from clinic import DEVICE, WHERE, Clinic, Person, problem

ONE, TWO = UUID(int=1), UUID(int=2)
HOSTILE = [
    "",
    ".",
    "consultation",
    "consultation.",
    "consultation.*",
    f"consultation.{ONE}.*",
    f"consultation.{ONE}*",
    f"consultation.{ONE}.{TWO}.{ONE}",
    f"consultation.{ONE}.{TWO}.audio",
    f"consultation.{ONE}.video.files",
    f"consultation.{ONE}\n",
    f"\nconsultation.{ONE}",
    f"consultation..{ONE}",
    f"CONSULTATION.{ONE}",
    f"consultation.{str(ONE).replace('-', '')}",
    f"consultation.{{{ONE}}}",
    f"consultation.{ONE}.{TWO}' or '1'='1",
    "consultation.dr-1.pat-2",
    f"queue.{ONE}.{TWO}",
    f"queue.{ONE}.files",
    f"presence.{ONE}",
    f"presence-providers.{ONE}",
    f"presencexproviders.{ONE}",
    "a" * 190 + ".*" * 5,
    "(a+)+$" * 30,
]


def test_an_address_is_spelled_in_one_way() -> None:
    for topic in (Topic.queue(ONE), Topic.waiting_room(ONE), Topic.presence(ONE), Topic.notification(ONE)):
        assert spelled(str(topic)) == topic
    assert spelled(f"consultation.{ONE}") == Topic.consultation(ONE)
    assert spelled(f"consultation.{ONE}.{TWO}") == Pair(ONE, TWO)
    for reserved in (f"consultation.{ONE}.video", f"consultation.{ONE}.files", f"consultation.{ONE}.{TWO}.video"):
        assert spelled(reserved) is None
    assert [name for name in HOSTILE if spelled(name) is not None] == []


async def means(person: Person, name: str) -> str | None:
    """What the address means for this person, by socket and by HTTP alike."""
    heard = await ClinicAuthority(person.clinic.house).may_hear(principal(person), name)
    answer = await person.raw("GET", f"/channels/{quote(name, safe='')}")
    assert (answer.status_code == 200) == heard.ok, (name, answer.status_code)
    if heard.ok:
        assert answer.json()["topic"] == heard.canonical
        assert answer.json()["content"] == heard.content
    else:
        assert answer.status_code in (400, 404)
        assert heard.canonical == name
    return heard.canonical if heard.ok else None


@pytest.mark.spec("S27", "S144", "S159", "S160", "G9", "G7")
async def test_each_address_of_the_ledger_leads_to_its_channel(clinic: Clinic) -> None:
    amara, osei, nils = await clinic.patient(), await clinic.provider(), await clinic.staff("Nils Berg", Role.NURSE)
    guardian = await acting_for(clinic, amara, "guardian")
    mei, far = await clinic.patient("Mei", "Chow"), await another_department(clinic)
    aalto = await member_of(clinic, "Dr. Far Away", Role.PROVIDER, far)
    visit = await clinic.waiting(amara, osei)
    own, pair = f"consultation.{visit}", f"consultation.{osei.account}.{amara.patient}"
    for person in (amara, guardian, osei, nils):
        assert await means(person, own) == own
        assert await means(person, pair) == own
    for person in (mei, aalto):
        assert await means(person, own) is None, "not yours is not found"
        assert await means(person, pair) is None
    assert await means(osei, f"consultation.{osei.account}.{mei.patient}") is None
    assert await means(osei, f"consultation.{amara.patient}.{osei.account}") is None, "the order has a meaning"
    for suffix in (".video", ".files"):
        assert await means(osei, own + suffix) is await means(osei, pair + suffix) is None
    assert await means(nils, f"queue.{clinic.department}") == f"queue.{clinic.department}"
    assert await means(amara, f"queue.{clinic.department}") is None
    assert await means(osei, f"waiting-room.{osei.account}") == f"waiting-room.{osei.account}"
    assert await means(nils, f"presence.providers.{clinic.department}") is not None
    for person in (amara, guardian):
        mine = f"notification.{person.account}"
        assert await means(person, mine) == await means(person, f"notification.{amara.patient}") == mine
    assert await means(mei, f"notification.{amara.patient}") is None
    assert await means(osei, f"notification.{amara.patient}") is None
    for name in HOSTILE:
        if name:
            assert await means(osei, name) is None


@pytest.mark.spec("G9")
async def test_the_pairs_address_means_the_visit_they_have_now(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    pair = f"consultation.{osei.account}.{amara.patient}"
    later = await clinic.book(amara, osei, minutes=60)
    assert await means(osei, pair) == f"consultation.{later}", "the next that is planned"
    now = await clinic.in_progress(amara, osei)
    assert await means(osei, pair) == await means(amara, pair) == f"consultation.{now}", "the one that goes on"
    await osei.do(now, "end")
    await osei.do(now, "complete", {"summary": "Rest.", "followUp": False})
    assert await means(osei, pair) == f"consultation.{later}", "what is over is not current"
    await amara.do(later, "cancel", {"reason": "other"})
    assert await means(osei, pair) is None


@pytest.mark.spec("X7", "S161", "G38")
async def test_the_registry_says_which_channels_are_active_and_who_takes_part(clinic: Clinic) -> None:
    amara, osei, nils = await clinic.patient(), await clinic.provider(), await clinic.staff("Nils Berg", Role.NURSE)
    await clinic.book(await clinic.patient("Mei", "Chow"), osei, minutes=30)
    path = f"/departments/{clinic.department}/channels"
    assert await nils.get(path) == []
    visit = await clinic.book(amara, None)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await amara.do(visit, "device-check", DEVICE)
    await amara.here()
    await nils.do(visit, "join")
    [one] = await nils.get(path)
    assert (one["channel"], one["pair"], one["state"]) == (f"consultation.{visit}", None, "waiting")
    parts = [(part["account"], part["role"], part["name"], part["here"]) for part in one["people"]]
    assert sorted(parts, key=lambda part: part[1]) == [
        (str(nils.account), "nurse", "Nils Berg", False),
        (str(amara.account), "patient", None, True),
    ]
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    [one] = await nils.get(path)
    assert one["pair"] == f"consultation.{osei.account}.{amara.patient}"
    assert {part["role"] for part in one["people"]} == {"nurse", "patient", "provider"}
    await osei.do(visit, "send-back", {"reason": "technical"})
    await amara.do(visit, "cancel", {"reason": "other"})
    assert await nils.get(path) == [], "over: the channel is closed, the record stays"
    elsewhere = await member_of(clinic, "Dr. Far Away", Role.PROVIDER, await another_department(clinic))
    for person in (amara, elsewhere):
        with problem("not-found"):
            await person.get(path)
    with problem("not-found"):
        await nils.get(f"/departments/{uuid4()}/channels")
