"""What a hand has done it can take back for ten seconds, honestly: an act of its own, refused once things moved on."""

from uuid import UUID

from clinic import DEVICE, WHERE, Clinic, Person, problem

SKIP = {"camera": "skipped", "microphone": "skipped", "connection": "skipped", "reason": "will-phone"}


async def undo(person: Person, visit: UUID, version: int) -> dict[str, object]:
    return dict(await person.do(visit, "undo", {"version": version}))


async def place(clinic: Clinic, visit: UUID) -> tuple[object, ...]:
    """Where a visit stands: everything that a hand can change."""
    fields = "state, priority, rank_at, provider, department, waiting_since, closed_at, checked_in_at"
    row = await clinic.owner.fetchrow(f"select {fields} from consultation where id = $1", visit)
    assert row is not None
    return tuple(row)


async def test_each_change_by_hand_is_taken_back_whole(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    aalto = await clinic.provider("Dr. Signe Aalto")
    first = await clinic.waiting(await clinic.patient("Mei", "Chow"), osei)
    await clinic.later(minutes=3)
    visit = await clinic.waiting(amara, osei)
    changes = [
        ("priority", {"priority": "emergency", "reason": "worse"}, "CHANGE_PRIORITY"),
        ("move", {"before": str(first), "reason": "interpreter"}, "MOVE_IN_LINE"),
        ("transfer", {"provider": str(aalto.account), "reason": "specialty"}, "TRANSFER"),
    ]
    for verb, body, action in changes:
        before = await place(clinic, visit)
        done = await desk.do(visit, verb, body)
        assert await place(clinic, visit) != before
        back = await undo(desk, visit, done["version"])
        assert await place(clinic, visit) == before, verb
        assert back["version"] == done["version"] + 1
        assert (await clinic.actions())[-8:].count(action) == 2, "taking it back is an act of its own"
    assert (await amara.see(visit))["line"]["changed"] is None
    people = {one["name"] for one in (await osei.see(visit))["people"]}
    assert "Dr. Kwame Osei" in people
    assert "Dr. Signe Aalto" not in people


async def test_a_skipped_device_check_is_to_be_done_after_all(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    before, entry = await place(clinic, visit), (await amara.see(visit))["queueEntry"]
    await clinic.later(minutes=2)
    skipped = await desk.do(visit, "device-check", SKIP)
    await undo(desk, visit, skipped["version"])
    assert await place(clinic, visit) == before
    seen = await amara.see(visit)
    assert (seen["state"], seen["device"], seen["queueEntry"]) == ("checked-in", None, entry)
    assert "device-check" in seen["can"]
    assert (await clinic.actions())[-2:] == ["CANCEL", "RESCHEDULE"], "by the arrows that there are"
    assert (await amara.do(visit, "device-check", DEVICE))["state"] == "waiting"
    with problem("conflict"):
        await undo(desk, visit, skipped["version"] + 3)


async def test_who_was_brought_back_by_mistake_is_gone_since_then(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    await desk.do(visit, "give-up")
    before = await place(clinic, visit)
    await clinic.later(minutes=20)
    back = await desk.do(visit, "come-back")
    await undo(desk, visit, back["version"])
    assert await place(clinic, visit) == before
    await clinic.later(minutes=11)
    with problem("grace-over"):
        await amara.do(visit, "come-back")


async def test_it_is_ones_own_and_for_ten_seconds(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    other = await clinic.desk("Ivo Lang")
    visit = await clinic.waiting(amara, osei)
    urgent = {"priority": "urgent", "reason": "triage"}
    done = await desk.do(visit, "priority", urgent)
    assert done["undoUntil"] == "2026-03-16T09:00:10Z"

    async def offered(person: Person) -> bool:
        [row] = (await person.get(f"/departments/{clinic.department}/queue"))["rows"]
        return "undo" in row["can"]

    assert (await offered(desk), await offered(other)) == (True, False)
    with problem("not-your-part"):
        await undo(other, visit, done["version"])
    with problem("not-your-part"):
        await undo(amara, visit, done["version"])
    await clinic.later(seconds=10)
    assert await offered(desk)
    await clinic.later(seconds=1)
    assert not await offered(desk)
    with problem("too-late"):
        await undo(desk, visit, done["version"])
    done = await desk.do(visit, "priority", urgent | {"priority": "normal"})
    await undo(desk, visit, done["version"])
    assert (await amara.see(visit))["priority"] == "urgent"
    with problem("conflict"):
        await undo(desk, visit, done["version"] + 1)


async def test_it_is_refused_once_somebody_changed_something(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    done = await desk.do(visit, "priority", {"priority": "urgent", "reason": "triage"})
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    for version in (done["version"], done["version"] + 1):
        with problem("conflict"):
            await undo(desk, visit, version)
    assert await clinic.state(visit) == "connecting"


async def test_a_deadline_lives_through_a_change_by_hand(clinic: Clinic) -> None:
    amara, osei, desk = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei, minutes=0)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await desk.do(visit, "priority", {"priority": "urgent", "reason": "triage"})
    await clinic.later(minutes=30)
    assert await clinic.state(visit) == "cancelled", "abandoned, whatever its priority"
