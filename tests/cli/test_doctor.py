"""What the doctor finds, one unsafe thing at a time: each turns it red, and a clinic in earnest does not open."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import asyncpg
import pytest

from bedside import doctor, invented
from bedside.cli import lan
from bedside.config import Settings
from bedside.doctor import Unsafe


@pytest.fixture
async def owner(database: str) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection; what it sets for a role or a database is taken back."""
    connection = await asyncpg.connect(database)
    yield connection
    for statement in ("role bedside_app reset all", "database bedside_scratch reset all"):
        await connection.execute(f"alter {statement}")
    await connection.execute("alter role bedside_app nosuperuser nobypassrls nocreaterole nocreatedb")
    await connection.close()


async def red(database: str) -> set[str]:
    """What is red, but for what the tests' own cluster is careless about on purpose."""
    found = await doctor.look_at_database(database)
    return {f"{each.slug} {each.what}" for each in found if each.red and each.slug != "forgets"}


def slugs(found: set[str]) -> set[str]:
    return {each.partition(" ")[0] for each in found}


async def test_a_database_as_it_should_be_has_nothing_red(database: str):
    assert await red(database) == set()


@pytest.mark.parametrize(
    ("statement", "slug"),
    [
        ("alter role bedside_app set log_min_error_statement = 'error'", "logs-values"),
        ("alter role bedside_app set log_error_verbosity = 'default'", "logs-values"),
        ("alter role bedside_app set log_parameter_max_length_on_error = -1", "logs-values"),
        ("alter role bedside_app set log_statement = 'all'", "logs-values"),
        ("alter database bedside_scratch set log_min_duration_statement = 100", "logs-values"),
        ("alter role bedside_app superuser", "role-too-strong"),
        ("alter role bedside_app bypassrls", "role-too-strong"),
        ("insert into schema_version values (9999, '9999_later.sql', '')", "schema-newer"),
    ],
)
async def test_each_unsafe_thing_of_the_database_is_named(
    database: str, owner: asyncpg.Connection, statement: str, slug: str
):
    await owner.execute(statement)
    try:
        found = await red(database)
        assert slugs(found) == {slug}, found
    finally:
        await owner.execute("delete from schema_version where number = 9999")


async def test_a_forgetful_role_is_red(database: str, owner: asyncpg.Connection):
    await owner.execute("alter role bedside_app set synchronous_commit = off")
    found = [each for each in await doctor.look_at_database(database) if each.slug == "forgets"]
    assert any("synchronous_commit is off for bedside_app" in each.what and each.red for each in found)


async def test_invented_people_in_earnest_are_red(database: str, owner: asyncpg.Connection):
    await owner.execute(
        "insert into organization (org, name, zone, jurisdiction, languages, emergency_number, own_key)"
        " values ($1, 'Fernhollow Clinic', 'UTC', 'AT', '{en}', '112', gen_random_uuid())",
        invented.CLINIC,
    )
    assert slugs(await red(database)) == {"demo-data"}


@pytest.mark.parametrize(("apart", "found"), [(5, set[str]()), (6, {"clocks-differ"}), (-6, {"clocks-differ"})])
def test_clocks_that_differ_are_red(apart: int, found: set[str]):
    assert {each.slug for each in doctor.clock_skew(timedelta(seconds=apart)) if each.red} == found


def test_folders_that_others_may_enter_are_red(tmp_path: Path):
    (tmp_path / "keystore").mkdir(mode=0o700)
    tmp_path.chmod(0o700)
    settings = Settings(data=tmp_path)
    assert doctor.look_at_machine(settings) == []
    for folder in (tmp_path, tmp_path / "keystore"):
        folder.chmod(0o750)
        (found,) = doctor.look_at_machine(settings)
        assert found.slug == "open-to-others" and found.red and f"chmod 700 {folder}" in found.do
        with pytest.raises(Unsafe, match="may enter the"):
            doctor.refuse_unsafe([found])
        folder.chmod(0o700)


def test_a_certificate_that_ran_out_is_red_and_one_that_soon_will_is_not(tmp_path: Path):
    tmp_path.chmod(0o700)
    signed = lan.certificate(tmp_path / "lan", "192.168.1.20", "here", now=dt.datetime.now(UTC))
    settings = Settings(data=tmp_path, tls_cert=signed.cert, tls_key=signed.key)
    assert doctor.look_at_machine(settings) == []
    until = doctor.certificate_ends(signed.cert)
    for moment, slug, is_red in (
        (until - timedelta(days=1), "certificate-soon", False),
        (until, "certificate-expired", True),
    ):
        (found,) = doctor.look_at_machine(settings, now=moment)
        assert (found.slug, found.red) == (slug, is_red)
    (tmp_path / "no.pem").write_text("no certificate")
    (found,) = doctor.look_at_machine(replace(settings, tls_cert=tmp_path / "no.pem"))
    assert found.red and found.slug == "certificate-unreadable"


def test_what_is_only_worth_a_word_does_not_keep_the_clinic_shut():
    doctor.refuse_unsafe([doctor.Finding("one-disk", False, "Keys and database are on one disk.", "Keep a copy.")])
