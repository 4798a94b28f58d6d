"""The desk finds a patient by exact marks, registers one, and is stopped before registering one twice."""

from clinic import Clinic, problem

HANA = {"given": "Hana", "family": "Kobayashi", "birthDate": "1967-05-01", "phone": "+43 555 0199 20", "mrn": "20-419"}


async def test_a_patient_is_found_by_each_mark_and_by_nothing_less(clinic: Clinic) -> None:
    desk = await clinic.desk()
    await desk.post("/patients", HANA)
    for sought in (
        {"family": "kobayashi"},
        {"family": "Kob"},
        {"birthDate": "1967-05-01"},
        {"phone": "0555 0199 20"},
        {"mrn": "20419"},
    ):
        assert [found["given"] for found in (await desk.post("/patients/find", sought))["patients"]] == ["Hana"], sought
    nobody = {"patients": [], "more": False}
    assert await desk.post("/patients/find", {"family": "Kobayash"}) == nobody
    assert await desk.post("/patients/find", {"family": "Kobayashi", "birthDate": "1967-05-02"}) == nobody
    with problem("too-little-to-go-on"):
        await desk.post("/patients/find", {"family": " - "})
    acts = await clinic.actions()
    assert acts.count("FIND") == 7


async def test_short_names_are_found_whole_and_the_exact_one_stands_first(clinic: Clinic) -> None:
    desk = await clinic.desk()
    for given, family in (("Ann", "Leeson"), ("Bao", "Lee"), ("Mei", "Li")):
        await desk.post("/patients", {"given": given, "family": family, "birthDate": "1980-01-02"})
    found = (await desk.post("/patients/find", {"family": "Lee"}))["patients"]
    assert [one["family"] for one in found] == ["Lee", "Leeson"]
    assert [one["given"] for one in (await desk.post("/patients/find", {"family": "li"}))["patients"]] == ["Mei"]


async def test_more_than_can_be_told_apart_is_said(clinic: Clinic) -> None:
    desk = await clinic.desk()
    for day in range(1, 22):
        await desk.post("/patients", {"given": "Ann", "family": "Jones", "birthDate": f"1980-01-{day:02}"})
    many = await desk.post("/patients/find", {"family": "Jones"})
    assert (len(many["patients"]), many["more"]) == (20, True)
    told = [entry for entry in await clinic.journal() if entry["kind"] == "PHI_DISCLOSED"]
    assert len({entry["patient"] for entry in told}) == len(told) == 20
    assert (await desk.post("/patients/find", {"family": "Jones", "birthDate": "1980-01-07"}))["more"] is False


async def test_the_same_person_is_not_registered_twice_unawares(clinic: Clinic) -> None:
    desk = await clinic.desk()
    hana = (await desk.post("/patients", HANA))["patient"]
    alike = [
        HANA | {"given": "Hanna", "phone": "", "mrn": ""},
        HANA | {"family": "Kobayashi-Berg", "mrn": ""},
        HANA | {"family": "Berg", "birthDate": "1967-05-02", "phone": ""},
    ]
    for other in alike:
        with problem("likely-duplicate") as refused:
            await desk.post("/patients", other)
        assert refused.value.problem["candidates"] == hana
    hanna = (await desk.post("/patients", alike[0] | {"notTheSame": [hana]}))["patient"]
    with problem("likely-duplicate") as refused:
        await desk.post("/patients", alike[0] | {"notTheSame": [hana]})
    assert set(refused.value.problem["candidates"].split(", ")) == {hana, hanna}
    assert len((await desk.post("/patients/find", {"family": "Kobayashi"}))["patients"]) == 2


async def test_a_patient_looks_for_nobody(clinic: Clinic) -> None:
    amara = await clinic.patient()
    with problem("not-your-part"):
        await amara.post("/patients/find", {"family": "Okafor"})


async def test_the_index_says_nothing_without_its_key(clinic: Clinic) -> None:
    desk = await clinic.desk()
    await desk.post("/patients", HANA)
    rows = await clinic.owner.fetch("select kind, hmac from patient_lookup")
    assert {row["kind"] for row in rows} == {"family", "family-start", "birth-date", "phone", "mrn"}
    assert not any(b"koba" in bytes(row["hmac"]).lower() for row in rows)
