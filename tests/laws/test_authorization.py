"""Law 2. Every action names who may do it, and every door is in the hand-written matrix."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from bedside.journal.may import WHO_MAY
from bedside.kernel import Refused, Role
from bedside.realtime.acting import OPS
from bedside.realtime.clinic import ClinicActs
from bedside.store.migrate import ROLES
from care.hands import acting_for, principal
from clinic import WHERE, Clinic, Person
from laws.matrix import ACTIONS, PAGES, ROUTES, TYPED, actions, roles

# Parts of other acts: never asked for by a request, so they judge nobody. Whoever calls them has been judged.
PARTS_OF_ACTS = {
    "availability.forget_gone",
    "availability.load_of",
    "availability.occupied",
    "availability.released",
    "availability.sign_out",
    "consent.of",
    "consultation.permit",
    "grants.admit",
    "grants.admit_all",
    "grants.dismiss",
    "grants.end_all_but",
    "grants.held",
    "grants.join",
    "grants.judge_anew",
    "grants.nothing_to_bump",
    "consultation.back_from_the_room",
    "consultation.take_back",
    "grants.revive",
    "grants.step_out",
    "credentials.may_add",
    "people.begin_session",
    "people.came_in_since",
    "people.end_other_sessions",
    "people.judge_anew",
}
# Before anybody is known: a secret is exchanged, a token is recognised.
BEFORE_ANYBODY_IS_KNOWN = {"people.find_link", "people.use_link", "people.recognise", "credentials.come_in"}


def test_every_action_names_who_may_do_it() -> None:
    found = {name for name, _ in actions()}
    assert len(found) > 40
    assert found - WHO_MAY.keys() == PARTS_OF_ACTS | BEFORE_ANYBODY_IS_KNOWN
    assert WHO_MAY.keys() <= found


def test_the_matrix_is_what_the_actions_say() -> None:
    assert ACTIONS == WHO_MAY


def test_a_verbs_route_is_open_to_whoever_has_a_part_in_the_table() -> None:
    from care.consultation.table import VERBS, cells

    for verb in set(VERBS) - {"connect"}:
        leads = {
            Role.PROVIDER if cell.party == "colleague" else Role(cell.party)
            for cell in cells()
            if cell.verb == verb and cell.leads and cell.party != "system"
        }
        assert ROUTES[f"POST /api/v1/consultations/{{id}}/{verb}"] == leads, verb


def routes_of(asgi: Any) -> set[str]:
    """Every door of the application, as the matrix spells it."""
    found: set[str] = set()
    for route in asgi.routes:
        path = route.path
        for kind in (":uuid", ":str", ":path"):
            path = path.replace(kind, "")
        if path.startswith("/api/schema"):
            continue  # the framework's description of the API: no data of anybody's
        methods = set(route.route_handler_map) - {"OPTIONS"} if hasattr(route, "route_handler_map") else {"WS"}
        found |= {f"{method} {path}" for method in methods}
    return found


async def test_every_route_has_a_row(clinic: Clinic) -> None:
    assert routes_of(clinic.running.asgi) == ROUTES.keys() | PAGES.keys()


# --- what the rows say is what happens


async def everybody(clinic: Clinic) -> dict[Role, Person]:
    patient = await clinic.patient()
    return {
        Role.PATIENT: patient,
        Role.GUARDIAN: await acting_for(clinic, patient, "guardian"),
        Role.PROXY: await acting_for(clinic, patient, "proxy"),
        Role.PROVIDER: await clinic.provider(),
        Role.NURSE: await clinic.staff("Nils Berg", Role.NURSE),
        Role.FRONT_DESK: await clinic.desk(),
        Role.ADMINISTRATOR: await clinic.staff("Ada Brandt", Role.ADMINISTRATOR),
    }


NOBODY = str(UUID(int=1))


def body_of(path: str, sha256: str) -> Any:
    """Something that this route can read."""
    known = {
        "messages": {"content": "Good morning."},
        "messages/read": {"upTo": 1},
        "consents": {"type": "recording", "granted": True, "textSha256": sha256},
        "availability": {"status": "available"},
        "priority": {"priority": "urgent", "reason": "triage"},
        "move": {"reason": "mistake"},
        "transfer": {"reason": "specialty"},
        "patients": {"given": "Hana", "family": "Kobayashi", "birthDate": "1967-05-01"},
        "find": {"family": "Kobayashi"},
        "undo": {"version": 1},
        "consultations": {"patient": NOBODY, "department": NOBODY, "day": "2026-03-17", "time": "10:30"},
        "walk-in": {"patient": NOBODY, "department": NOBODY},
        "new-time": {"day": "2026-03-17", "time": "10:30"},
        "access-questions": {"entry": NOBODY, "words": "Why?"},
        "answer": {"words": "Because."},
        "consents/spoken": {"type": "recording", "granted": True, "textSha256": sha256, "consultation": NOBODY},
    }
    return known.get(path.partition("{id}/")[2] or path.rpartition("/")[2], {})


async def test_the_api_opens_for_whom_the_matrix_names(clinic: Clinic) -> None:
    people = await everybody(clinic)
    amara, osei = people[Role.PATIENT], people[Role.PROVIDER]
    visit = await clinic.book(amara, osei)
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    text = await amara.get("/consent-texts/recording")
    verbs = {f"POST /api/v1/consultations/{{id}}/{verb}" for verb in TYPED_VERBS}
    wrong: dict[str, tuple[int, str]] = {}
    asked = 0
    for row, named in ROUTES.items():
        method, path = row.split(" ")
        if row in verbs or row.endswith("/sessions/end"):
            continue  # each verb has its own matrix; signing out is tried elsewhere
        id = {"patients": amara.patient, "departments": clinic.department}.get(path.split("/")[3], visit)
        url = path.removeprefix("/api/v1").replace("{id}", str(id)).replace("{type}", "recording")
        url = url.replace("{message}", str(visit)).replace("{name}", f"consultation.{visit}")
        for role, person in people.items():
            answer = await person.raw(method, url, body_of(path, text["sha256"]) if method != "GET" else None)
            kind = answer.json().get("type", "") if answer.status_code >= 400 else ""
            shut = answer.status_code in (401, 403, 404) and kind in ("session-missing", "not-your-part", "not-found")
            # Who is let in may still find nothing there for them: a grant in a visit in which they take no part.
            may = named is None or role in named
            if may == shut and not (may and kind == "not-found"):
                wrong[f"{row} by {role}"] = (answer.status_code, kind)
            asked += 1
        stranger = await clinic.http.request(method, f"/api/v1{url}", json={})
        if named is not None and stranger.json().get("type") != "session-missing":
            wrong[f"{row} by a stranger"] = (stranger.status_code, stranger.text)
    assert wrong == {}
    assert asked > 100


TYPED_VERBS = {row.rpartition("/")[2] for row in ROUTES} & {
    *("check-in", "device-check", "call-in", "send-back", "end", "call-back", "complete", "give-up"),
    *("come-back", "reopen", "cancel", "reschedule"),
}


async def test_pages_open_for_whom_the_matrix_names(clinic: Clinic) -> None:
    people = await everybody(clinic)
    amara = people[Role.PATIENT]
    visit = await clinic.book(amara, people[Role.PROVIDER])
    await amara.consents()
    await amara.do(visit, "check-in", WHERE)
    message = (await amara.do(visit, "messages", {"content": "My knee hurts."}))["id"]
    await amara.do(visit, f"messages/{message}/edit", {"content": "My left knee hurts."})
    wrong: dict[str, int] = {}
    for row, named in PAGES.items():
        method, path = row.split(" ")
        if method != "GET" or named is None:
            continue
        url = path.replace("{id}", str(amara.patient if "/patients/" in path else visit)).replace("{message}", message)
        for role, person in people.items():
            bearer = {"authorization": f"Bearer {person.token}", "accept": "text/html"}
            answer = await clinic.http.request(method, url, headers=bearer)
            if (answer.status_code in (200, 303)) != (role in named):
                wrong[f"{row} by {role}"] = answer.status_code
        stranger = await clinic.http.request(method, url, headers={"accept": "text/html"})
        if stranger.status_code != 401:
            wrong[f"{row} by a stranger"] = stranger.status_code
    assert wrong == {}


async def test_the_socket_does_for_whom_the_matrix_names(clinic: Clinic) -> None:
    assert set(TYPED["socket"]) == OPS
    people = await everybody(clinic)
    outsider = await clinic.patient("Mei", "Chow")
    visit = await clinic.book(people[Role.PATIENT], people[Role.PROVIDER])
    acts = ClinicActs(clinic.house)
    body = {
        "consultation": str(visit),
        "message": str(visit),
        "content": "Good morning.",
        "upTo": 1,
        "conn": str(uuid4()),
        "device": "test",
    }
    for op, words in TYPED["socket"].items():
        assert roles(words) == set(people)
        for person in [*people.values(), outsider]:
            if op == "typing":
                continue  # writes nothing; who hears it is judged by topic
            # Before check-in nobody takes part yet: the door is open, and there is nothing behind it.
            with pytest.raises(Refused) as refused:
                await acts.do(principal(person), op, uuid4(), body)
            assert refused.value.slug in ("not-found", "not-from-here"), (op, person.role)


async def test_functions_with_their_owners_rights_are_called_by_whom_the_matrix_names(clinic: Clinic) -> None:
    rows = await clinic.owner.fetch(
        "select p.oid::int, p.proname, p.proconfig, pg_get_userbyid(p.proowner) as owner from pg_proc p"
        " where p.pronamespace = 'public'::regnamespace and p.prosecdef"
    )
    assert {row["proname"] for row in rows} == set(TYPED["function"])
    for row in rows:
        assert row["proconfig"] == ["search_path=public, pg_temp"], row["proname"]
        assert row["owner"] == "bedside_definer"
        may = [
            role.removeprefix("bedside_")
            for role in ROLES
            if await clinic.owner.fetchval(
                "select has_function_privilege($1, $2::int::oid, 'execute')", role, row["oid"]
            )
        ]
        assert " ".join(may) == TYPED["function"][row["proname"]], row["proname"]


async def test_nobody_but_the_sequencer_writes_the_journal_and_nobody_rewrites_what_was_decided(clinic: Clinic) -> None:
    async def held(role: str, table: str) -> set[str]:
        kinds = ("insert", "update", "delete", "truncate")
        ask = "select has_table_privilege($1, $2, $3)"
        return {kind for kind in kinds if await clinic.owner.fetchval(ask, role, table, kind)}

    assert await held("bedside_app", "journal") == set()
    assert await held("bedside_app", "journal_pending") == {"insert"}
    assert await held("bedside_app", "consent") == {"insert"}
    assert await held("bedside_app", "consent_text") == {"insert"}
    assert await held("bedside_app", "message") == set()
    assert await held("bedside_app", "consultation_arrow") == set()
    assert await held("bedside_sequencer", "journal") == {"insert"}
    assert await held("bedside_sequencer", "consultation") == set()
    for table in ("journal", "consultation", "consent", "patient"):
        assert await held("bedside_timekeeper", table) == set()
