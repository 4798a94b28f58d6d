"""The board: what stands first, what a form that is out of date does, whose screen it is."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from bedside.care.consultation import Times
from bedside.care.queue.trouble import trouble_of
from bedside.kernel import Role
from clinic import DEVICE, NINE, WHERE, ZONE, Clinic, Person


def visit(state: str, **more: Any) -> dict[str, Any]:
    """A row of the board, as the database tells it."""
    nothing = dict.fromkeys(("waiting_since", "checked_in_at", "called_at", "provider_left_at"))
    return nothing | {"state": state, "here": True, "starts_at": NINE, "provider_in_room": False} | more


def before(minutes: float) -> Any:
    return NINE - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (visit("waiting", waiting_since=before(29)), None),
        (visit("waiting", waiting_since=before(30)), "long"),
        (visit("waiting", waiting_since=before(30), starts_at=before(20 * 60)), "unseen"),
        (visit("waiting", waiting_since=before(1), starts_at=before(20 * 60), here=False), None),
        (visit("checked-in", checked_in_at=before(4)), None),
        (visit("checked-in", checked_in_at=before(5)), "stuck"),
        (visit("scheduled", starts_at=before(59)), None),
        (visit("scheduled", starts_at=before(60)), "unseen"),
        (visit("scheduled", starts_at=before(60), here=False), None),
        (visit("connecting", called_at=before(2)), "left"),
        (visit("connecting", called_at=before(1)), None),
        (visit("in-progress", called_at=before(9), provider_left_at=before(3)), "left"),
        (visit("in-progress", called_at=before(9), provider_left_at=before(1)), None),
        (visit("in-progress", called_at=before(9), provider_left_at=before(3), provider_in_room=True), None),
        (visit("completed", called_at=before(90), waiting_since=before(100)), None),
    ],
)
def test_what_needs_somebody_stands_first(row: dict[str, Any], kind: str | None):
    found = trouble_of(row, Times(), ZONE, NINE)
    assert (found and found[0]) == kind


async def page(clinic: Clinic, person: Person, path: str) -> httpx.Response:
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html"}
    return await clinic.http.get(path, headers=headers)


async def form(clinic: Clinic, person: Person, visit: UUID, verb: str, **fields: str) -> httpx.Response:
    """Send a form of the desk, as a browser without scripts does."""
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html", "origin": "http://127.0.0.1"}
    body = {"key": uuid4().hex, **fields}
    return await clinic.http.post(f"/desk/visits/{visit}/{verb}", data=body, headers=headers)


async def version_on(clinic: Clinic, person: Person, visit: UUID) -> str:
    """The version that the person's sheet was drawn with."""
    found = re.search(r'name="version" value="(\d+)"', (await page(clinic, person, f"/desk/visits/{visit}")).text)
    assert found
    return found[1]


async def test_the_desk_checks_in_and_puts_in_the_waiting_room_by_plain_forms(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    answer = await form(clinic, petra, visit, "check-in", version=await version_on(clinic, petra, visit), **WHERE)
    assert answer.status_code == 303, answer.text
    said = (await page(clinic, petra, answer.headers["location"])).text
    assert "Amara Okafor is checked in." in said
    answer = await form(
        clinic, petra, visit, "device-check", version=await version_on(clinic, petra, visit), reason="will-phone"
    )
    assert await clinic.state(visit) == "waiting"
    told = answer.headers["location"]
    assert "Amara Okafor is in the waiting room." in (await page(clinic, petra, told)).text
    # What was said is not said any more once something else has happened.
    await amara.do(visit, "cancel", {"reason": "cannot-come"})
    assert "is in the waiting room." not in (await page(clinic, petra, told)).text
    assert not re.search("amara|okafor", told, re.IGNORECASE)


async def test_a_form_that_is_out_of_date_does_nothing_and_shows_how_it_is_now(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    drawn = await version_on(clinic, petra, visit)
    await osei.do(visit, "call-in", {"identityConfirmed": True})
    await osei.do(visit, "send-back", {"reason": "other"})
    answer = await form(clinic, petra, visit, "cancel", version=drawn, reason="clinic")
    assert answer.status_code == 409
    assert "Somebody just changed this. This is how it is now." in answer.text and "Amara Okafor" in answer.text
    assert await clinic.state(visit) == "waiting"
    now = await version_on(clinic, petra, visit)
    assert (await form(clinic, petra, visit, "cancel", version=now, reason="clinic")).status_code == 303
    assert await clinic.state(visit) == "cancelled"


async def test_the_same_form_sent_twice_counts_once(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.waiting(amara, osei)
    fields = {"version": await version_on(clinic, petra, visit), "key": uuid4().hex}
    for _ in range(2):
        assert (await form(clinic, petra, visit, "give-up", **fields)).status_code == 303
    assert (await clinic.actions()).count("GIVE_UP") == 1


async def test_who_was_cancelled_before_check_in_is_called_cancelled(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.do(visit, "cancel", {"reason": "cannot-come"})
    board = (await page(clinic, petra, "/desk")).text
    gone = board[board.index('id="group-gone"') :]
    assert "Amara Okafor" in gone and "Cancelled" in gone and "Cannot come" in gone
    assert "Expected" not in gone


@pytest.mark.parametrize("role", [Role.NURSE, Role.FRONT_DESK, Role.ADMINISTRATOR])
async def test_each_sees_the_boards_of_their_own_departments_under_their_own_name(clinic: Clinic, role: Role) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    await clinic.waiting(amara, osei)
    nils = await clinic.staff("Nils Berg", role)
    async with clinic.work() as work:
        from bedside.care import people

        elsewhere = await people.open_department(work, name="Cardiology")
    shown = await page(clinic, nils, "/desk")
    assert shown.status_code == 200 and "Nils Berg" in shown.text and "Amara Okafor" in shown.text
    assert "Front desk" not in shown.text
    other = await page(clinic, nils, f"/desk?department={elsewhere}")
    assert other.status_code == 404
    stranger = await clinic.staff("Ida Moe", role, department=elsewhere)
    assert "Amara Okafor" not in (await page(clinic, stranger, "/desk")).text


async def test_a_provider_who_left_the_room_is_trouble_and_the_desk_may_send_the_patient_back(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.in_progress(amara, osei)
    board = await petra.get(f"/departments/{clinic.department}/queue")
    assert board["trouble"] == [] and "send-back" not in board["rows"][0]["can"]
    await osei.do(visit, "leave")
    await clinic.later(minutes=2)
    board = await petra.get(f"/departments/{clinic.department}/queue")
    assert [trouble["kind"] for trouble in board["trouble"]] == ["left"]
    assert "sits in the room alone" in (await page(clinic, petra, "/desk")).text
    now = await version_on(clinic, petra, visit)
    answer = await form(clinic, petra, visit, "send-back", version=now, reason="technical")
    assert answer.status_code == 303
    assert await clinic.state(visit) == "waiting"


async def test_a_device_check_that_does_not_end_is_trouble(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    await amara.here()
    await clinic.later(minutes=5)
    assert "is testing camera and sound since" in (await page(clinic, petra, "/desk")).text
    await amara.do(visit, "device-check", DEVICE)
    assert "is testing camera and sound since" not in (await page(clinic, petra, "/desk")).text


async def test_the_desk_changes_priority_place_and_provider_with_a_reason(clinic: Clinic) -> None:
    amara, mei = await clinic.patient(), await clinic.patient("Mei", "Chow")
    osei, aalto, petra = await clinic.provider(), await clinic.provider("Dr. Signe Aalto"), await clinic.desk()
    first = await clinic.waiting(amara, osei)
    await clinic.later(minutes=1)
    second = await clinic.waiting(mei, osei)

    async def does(visit: UUID, verb: str, **fields: str) -> httpx.Response:
        return await form(clinic, petra, visit, verb, version=await version_on(clinic, petra, visit), **fields)

    async def order() -> list[str]:
        rows = (await petra.get(f"/departments/{clinic.department}/queue"))["rows"]
        return [row["name"] for row in rows if row["state"] == "waiting"]

    assert (await does(second, "priority", priority="urgent", reason="")).status_code == 422
    assert await order() == ["Amara Okafor", "Mei Chow"]
    told = (await does(second, "priority", priority="urgent", reason="worse")).headers["location"]
    assert "The priority of Mei Chow is changed." in (await page(clinic, petra, told)).text
    assert await order() == ["Mei Chow", "Amara Okafor"]
    assert (await amara.see(first))["line"]["changed"]["code"] == "worse"
    assert (await does(first, "move", before=str(second), reason="needs-to-leave")).status_code == 303
    assert await order() == ["Amara Okafor", "Mei Chow"]
    assert (await mei.see(second))["line"]["changed"]["code"] == "needs-to-leave"
    assert (await does(first, "transfer", to=f"provider:{aalto.account}", reason="shorter-wait")).status_code == 303
    assert (await amara.see(first))["providerName"] == "Dr. Signe Aalto"


async def test_an_administrator_completes_for_a_colleague_and_says_why(clinic: Clinic) -> None:
    amara, osei = await clinic.patient(), await clinic.provider()
    ada = await clinic.staff("Ada Brandt", Role.ADMINISTRATOR)
    visit = await clinic.wrapping_up(amara, osei)
    shown = (await page(clinic, ada, f"/consultations/{visit}")).text
    assert "You complete it for Dr. Kwame Osei. Why?" in shown
    lasted = (await amara.see(visit))["minutesLasted"]
    assert f"{lasted} min, " in shown
    headers = {"cookie": f"__Host-bedside={ada.token}", "accept": "text/html", "origin": "http://127.0.0.1"}
    fields = {"summary": "Rest.", "follow_up": "no", "reason": "colleague-away"}
    answer = await clinic.http.post(
        f"/consultations/{visit}/complete", data={"key": uuid4().hex, **fields}, headers=headers
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert await clinic.state(visit) == "completed"


async def sends(clinic: Clinic, person: Person, path: str, **fields: str) -> httpx.Response:
    """Any other form of the desk."""
    headers = {"cookie": f"__Host-bedside={person.token}", "accept": "text/html", "origin": "http://127.0.0.1"}
    return await clinic.http.post(path, data={"key": uuid4().hex, **fields}, headers=headers)


NEW = {"given": "Elena", "family": "Petrova", "birth_date": "1970-04-08", "phone": "555 0199 20", "mrn": ""}


async def test_somebody_new_walks_in_and_waits_by_plain_forms(clinic: Clinic) -> None:
    osei, petra = await clinic.provider(), await clinic.desk()
    nobody = await sends(clinic, petra, "/desk/people", family="Petrova")
    assert nobody.status_code == 200 and "Nobody found" in nobody.text
    there = (await sends(clinic, petra, "/desk/people/new", **NEW)).headers["location"]
    plan = (await page(clinic, petra, there)).text
    spoken = re.search(r'name="spoken" value="(\w+)"', plan)
    assert spoken and "Elena Petrova" in plan
    walk_in = {"department": str(clinic.department), "provider": str(osei.account), "spoken": spoken[1]}
    short = await sends(clinic, petra, f"{there}/walk-in", **walk_in, place="Quay", callback=WHERE["callback"])
    assert short.status_code == 422 and "Too short to find you." in short.text
    added = await sends(clinic, petra, f"{there}/walk-in", **walk_in, **WHERE)
    assert added.status_code == 303, added.text
    visit = UUID(re.findall(r"/desk/visits/([0-9a-f-]+)", added.headers["location"])[0])
    assert await clinic.state(visit) == "checked-in"
    assert "Elena Petrova is on the board." in (await page(clinic, petra, added.headers["location"])).text
    given = await sends(clinic, petra, f"/desk/visits/{visit}/link")
    assert re.search(r"http://127.0.0.1/k/[\w-]{20,}", given.text)
    now = await version_on(clinic, petra, visit)
    skipped = await form(clinic, petra, visit, "device-check", version=now, reason="helped-by-desk")
    told = (await page(clinic, petra, skipped.headers["location"])).text
    assert "Elena Petrova is in the waiting room." in told and f"/desk/visits/{visit}/undo" in told
    now = await version_on(clinic, petra, visit)
    undone = await form(clinic, petra, visit, "undo", version=now)
    assert undone.status_code == 303 and await clinic.state(visit) == "checked-in"
    for answer in (added, skipped, undone):
        assert not re.search("elena|petrova|quay", answer.headers["location"], re.IGNORECASE)


async def test_somebody_alike_is_shown_before_a_second_one_is_made(clinic: Clinic) -> None:
    petra = await clinic.desk()
    first = (await sends(clinic, petra, "/desk/people/new", **NEW)).headers["location"]
    again = await sends(clinic, petra, "/desk/people/new", **NEW | {"given": "Yelena"})
    assert again.status_code == 409 and "Somebody like this is on the books already." in again.text
    assert first in again.text
    alike = re.search(r'name="not_the_same" value="([0-9a-f -]+)"', again.text)
    assert alike
    other = await sends(clinic, petra, "/desk/people/new", **NEW | {"given": "Yelena"}, not_the_same=alike[1])
    assert other.status_code == 303 and other.headers["location"] != first
    found = (await sends(clinic, petra, "/desk/people", family="Pet")).text
    assert "2 people found" in found and "Elena Petrova" in found and "Yelena Petrova" in found


async def test_a_time_is_booked_and_moved(clinic: Clinic) -> None:
    amara, osei, petra = await clinic.patient(), await clinic.provider(), await clinic.desk()
    there = f"/desk/patients/{amara.patient}"
    wanted = {"department": str(clinic.department), "provider": str(osei.account)}
    past = await sends(clinic, petra, f"{there}/book", **wanted, day="2026-03-16", time="08:00")
    assert past.status_code == 422 and "Amara Okafor" in past.text
    booked = await sends(clinic, petra, f"{there}/book", **wanted, day="2026-03-17", time="09:30")
    assert booked.status_code == 303, booked.text
    visit = await clinic.owner.fetchval("select id from consultation where state = 'scheduled'")
    sheet = (await page(clinic, petra, booked.headers["location"])).text
    assert "The visit of Amara Okafor is booked." in sheet
    assert "Amara Okafor" not in (await page(clinic, petra, "/desk")).text, "that is tomorrow"
    moved = await sends(clinic, petra, f"/desk/visits/{visit}/new-time", version="1", day="2026-03-16", time="15:00")
    assert moved.status_code == 303, moved.text
    assert "has a new time" in (await page(clinic, petra, moved.headers["location"])).text
    assert "15:00" in (await page(clinic, petra, "/desk")).text


async def test_only_the_desk_looks_for_people(clinic: Clinic) -> None:
    osei, amara = await clinic.provider(), await clinic.patient()
    for path in ("/desk/people", f"/desk/patients/{amara.patient}"):
        assert (await page(clinic, osei, path)).status_code == 403
    assert (await sends(clinic, osei, "/desk/people", family="Okafor")).status_code == 403
