"""What is unsafe about how a clinic is set up, each with what to do about it. Red: in production it does not open."""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from cryptography import x509

from bedside import invented
from bedside.config import Settings
from bedside.crypto.rootkey import ROOT_FILE
from bedside.store.durability import AT_LEAST_LOCAL
from bedside.store.migrate import ROLES, migrations
from bedside.store.pool import translated

SOON = timedelta(days=21)
SKEW = timedelta(seconds=5)
SILENT: Mapping[str, tuple[tuple[str, ...], str]] = {
    "log_min_error_statement": (("panic",), "panic"),
    "log_error_verbosity": (("terse",), "terse"),
    "log_parameter_max_length_on_error": (("0",), "0"),
    "log_statement": (("none",), "none"),
    "log_min_duration_statement": (("-1",), "-1"),
}
"""What keeps patients' words out of PostgreSQL's log: what is right, and what to write."""
DURABLE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "fsync": (("on",), "on"),
    "full_page_writes": (("on",), "on"),
    "synchronous_commit": (AT_LEAST_LOCAL, "on"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    slug: str
    red: bool
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.what} {self.do}"


class Unsafe(Exception):
    """The clinic does not open like this; the message says what to do."""


def refuse_unsafe(findings: Iterable[Finding]) -> None:
    """Raise when anything is red."""
    if red := [finding for finding in findings if finding.red]:
        raise Unsafe(
            "This is not safe for a clinic in earnest:\n"
            + "\n".join(f"  - {finding}" for finding in red)
            + "\n`bedside doctor` looks again."
        )


def look_at_machine(settings: Settings, *, now: datetime | None = None) -> list[Finding]:
    """Folders, files and the certificate."""
    now = now or datetime.now(UTC)
    return [
        *_open_to_others(settings.data, "data folder", 0o700),
        *_open_to_others(settings.data / "keystore", "keystore", 0o700),
        *_open_to_others(settings.tls_key, "certificate's key", 0o600),
        *_certificate(settings.tls_cert, now),
        *_one_disk(settings),
    ]


async def look_at_database(owner_dsn: str) -> list[Finding]:
    """The database's settings as each of our roles meets them, what the roles may do, its schema, clock and people."""
    with translated():
        owner = await asyncpg.connect(owner_dsn, timeout=10)
        try:
            asked = await owner.fetchval("select clock_timestamp()")
            return [
                *await _settings(owner),
                *await _roles(owner),
                *await _schema(owner),
                *clock_skew(asked - datetime.now(UTC)),
                *await _people(owner),
            ]
        finally:
            await owner.close()


def _open_to_others(path: Path | None, name: str, mode: int) -> list[Finding]:
    if path is None or not path.exists() or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return []
    do = f"Run: chmod {mode:o} {path}"
    return [Finding("open-to-others", True, f"Other users of this machine may enter the {name} {path}.", do)]


def _certificate(path: Path | None, now: datetime) -> list[Finding]:
    if path is None:
        return []
    try:
        until = certificate_ends(path)
    except (ValueError, IndexError, OSError):
        return [Finding("certificate-unreadable", True, f"{path} holds no certificate.", "Give a PEM chain.")]
    if until > now + SOON:
        return []
    gone = until <= now
    word = "ran out on" if gone else "runs out on"
    what = f"The certificate {path} {word} {until:%Y-%m-%d}."
    return [Finding("certificate-expired" if gone else "certificate-soon", gone, what, "Renew it.")]


def certificate_ends(path: Path) -> datetime:
    """When the first certificate of a chain runs out."""
    return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc


def _one_disk(settings: Settings) -> list[Finding]:
    root, database = settings.data / "keystore" / ROOT_FILE, settings.data / "postgres"
    if settings.database_url or not root.exists() or not database.exists():
        return []
    if os.stat(root).st_dev != os.stat(database).st_dev:  # noqa: PTH116 - follows the database's link
        return []
    what = "Keys and database are on one disk: who loses it loses both, who copies it reads both."
    return [Finding("one-disk", False, what, f"Keep a copy of {root} elsewhere, or set BEDSIDE_ROOT_KEY.")]


async def _settings(owner: Any) -> list[Finding]:
    """As each role meets them: what was set for a database or a role counts too."""
    wanted = {**SILENT, **DURABLE}
    found: list[Finding] = []
    for role in ROLES:
        ask = """select s.name, coalesce(
            (select split_part(c, '=', 2) from pg_db_role_setting d, unnest(d.setconfig) c
             where split_part(c, '=', 1) = s.name and d.setrole in (0, $2::regrole) and d.setdatabase in (0, (
                select oid from pg_database where datname = current_database()))
             order by d.setrole desc, d.setdatabase desc limit 1), s.reset_val) as setting
            from pg_settings s where s.name = any($1) order by s.name"""
        for row in await owner.fetch(ask, list(wanted), role):
            right, write = wanted[row["name"]]
            if row["setting"].strip('"') in right:
                continue
            slug = "forgets" if row["name"] in DURABLE else "logs-values"
            harm = "a crash may lose what was confirmed" if slug == "forgets" else "its log may quote patients"
            what = f"PostgreSQL's {row['name']} is {row['setting']} for {role}: {harm}."
            found.append(Finding(slug, True, what, f"Set {row['name']} = {write}, and reload PostgreSQL."))
    if await owner.fetchval("select setting from pg_settings where name = 'data_checksums'") != "on":
        what = "PostgreSQL does not check what it reads from its disk."
        found.append(Finding("no-checksums", False, what, "Stop it, and run pg_checksums --enable."))
    return found


async def _roles(owner: Any) -> list[Finding]:
    ask = """select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong
        from pg_roles where rolname = any($1) order by rolname"""
    return [
        Finding(
            "role-too-strong", True, f"The database role {row['rolname']} may do more than its work.",
            f"Run: alter role {row['rolname']} nosuperuser nobypassrls nocreaterole nocreatedb",
        )
        for row in await owner.fetch(ask, list(ROLES)) if row["strong"]
    ]  # fmt: skip


async def _schema(owner: Any) -> list[Finding]:
    there = await owner.fetchval("select to_regclass('public.schema_version') is not null")
    done = {row["number"] for row in await owner.fetch("select number from schema_version")} if there else set[int]()
    known = {number for number, _, _ in migrations()}
    if done - known:
        what = f"The database is newer than this Bedside: it knows migration {max(done)}."
        return [Finding("schema-newer", True, what, "Install the release that wrote it.")]
    if known - done:
        what = f"The database lacks {len(known - done)} migrations of this Bedside."
        return [Finding("schema-older", False, what, "The next start of `bedside serve` runs them.")]
    return []


def clock_skew(apart: timedelta) -> list[Finding]:
    """Times in the record come from this machine; the database's clock shows whether they can be true."""
    if abs(apart) <= SKEW:
        return []
    what = f"This machine's clock and the database's are {abs(apart).total_seconds():.0f} seconds apart."
    return [Finding("clocks-differ", True, what, "Let both follow NTP.")]


async def _people(owner: Any) -> list[Finding]:
    if not await owner.fetchval("select to_regclass('public.organization') is not null"):
        return []
    orgs: Sequence[Any] = await owner.fetch("select org from organization")
    if not orgs:
        return [Finding("no-clinic", False, "There is no clinic here yet.", "Run: bedside init")]
    if any(row["org"] == invented.CLINIC for row in orgs):
        what = "The invented clinic of the demonstration is in this database; its people do not exist."
        return [Finding("demo-data", True, what, "Begin with an empty data folder or database, and `bedside init`.")]
    return []
