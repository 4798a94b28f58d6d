"""Making a cluster, once: passwords only (SCRAM), page checksums, UTF-8 sorted the same way everywhere."""

import os
import shutil
import subprocess

from bedside.store.embedded import leash
from bedside.store.embedded.binaries import Binaries, find
from bedside.store.embedded.lodging import DatabaseRefused, Lodging

OWNER = "bedside_owner"
BUILTIN_LOCALE_SINCE = 17


def make_cluster(lodging: Lodging, binaries: Binaries) -> None:
    """Build the cluster aside and rename it: a crash on the way leaves nothing that looks like a database."""
    aside = lodging.home / "pgdata.new"
    shutil.rmtree(aside, ignore_errors=True)
    secret = lodging.home / "initdb.password"
    secret.unlink(missing_ok=True)
    # The folder is the database user's: whatever root makes there is made anew and never followed.
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(handle, lodging.password.encode())
    if lodging.account:
        os.fchown(handle, lodging.account.uid, lodging.account.gid)
    os.close(handle)
    said = ""
    try:
        for locale in _locales(binaries):
            done = _run(lodging, [
                binaries.program("initdb"), "-D", str(aside), "-U", OWNER, "-E", "UTF8", *locale,
                "--auth-local=scram-sha-256", "--auth-host=scram-sha-256", f"--pwfile={secret}",
                "--data-checksums", "--no-instructions",
            ])  # fmt: skip
            if done.returncode == 0:
                aside.rename(lodging.pgdata)
                return
            said = done.stderr.strip()[-600:]
            shutil.rmtree(aside, ignore_errors=True)
        raise DatabaseRefused(f"PostgreSQL could not make its data folder: {said}")
    finally:
        secret.unlink(missing_ok=True)


def same_major(lodging: Lodging, binaries: Binaries) -> None:
    """A cluster opens only under the major version that made it."""
    made_by = (lodging.pgdata / "PG_VERSION").read_text().strip()
    if int(made_by) == binaries.major:
        return
    old = find(major=int(made_by))
    folder = f"{old.folder}/" if old else ""
    whose = "" if old else f" (install PostgreSQL {made_by} first)"
    run_as = f"runuser -u {lodging.account.name} -- " if lodging.account else ""
    pgdata, dump = lodging.pgdata, "bedside-dump.sql"
    raise DatabaseRefused(
        f"The database in {pgdata} was made by PostgreSQL {made_by}, and this Bedside brings PostgreSQL "
        f"{binaries.major}. Nothing was changed. To move it, dump it with the old programs{whose}:\n\n"
        f"  {run_as}{folder}pg_ctl -D {pgdata} -w -o '-p 5499 -c unix_socket_directories=' start\n"
        f"  {folder}pg_dumpall -d 'postgresql://{OWNER}@127.0.0.1:5499/postgres' > {dump}   "
        "# the password: DATA/postgres.password\n"
        f"  {run_as}{folder}pg_ctl -D {pgdata} -w stop\n"
        f"  mv {pgdata} {pgdata}.{made_by}\n\n"
        "then start Bedside once, stop it, and restore into the new one the same way with\n\n"
        f"  {binaries.program('psql')} -d 'postgresql://{OWNER}@127.0.0.1:5499/postgres' -f {dump}\n"
    )


def _locales(binaries: Binaries) -> list[list[str]]:
    if binaries.major >= BUILTIN_LOCALE_SINCE:
        return [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    return [["--locale=C.UTF-8"], ["--locale=C"]]


def _run(lodging: Lodging, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd="/",
        env=leash.environment(),
        timeout=120,
        check=False,
        **leash.identity(lodging.account),
    )
