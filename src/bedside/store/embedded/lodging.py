"""Where the database lives and as whom it runs.

An ordinary user keeps everything in the data folder. PostgreSQL refuses to run as root, so root lends it a
system user; and where that user cannot walk to the data folder, the cluster lies under /var/lib/bedside with
a link in the data folder, so that the operator finds it. No folder that was there before is ever opened up.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

SYSTEM_HOME = Path("/var/lib/bedside")
SYSTEM_USER = "bedside-postgres"
STAND_INS = ("postgres", "nobody")


class DatabaseRefused(RuntimeError):
    """The database cannot be started; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system user who runs PostgreSQL."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Lodging:
    """The folder of one cluster: `pgdata`, its log, its lock."""

    home: Path
    account: Account | None
    password: str

    @property
    def pgdata(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def account_name(self) -> str:
        return self.account.name if self.account else ""


def prepare(data: Path) -> Lodging:
    """Find or make the place of the cluster that belongs to this data folder."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = data.resolve()
    account = system_account() if os.geteuid() == 0 else None
    link = data / "postgres"
    if link.is_symlink() and not link.exists():
        raise DatabaseRefused(
            f"The database of this data folder should be in {link.readlink()}, but nothing is there. "
            f"Bring it back from a backup, or remove {link} to begin with an empty clinic."
        )
    if not link.exists():
        _make_home(data, link, account)
    home = link.resolve()
    return Lodging(home, account, _password(data / "postgres.password", fresh=not (home / "pgdata").exists()))


def system_account() -> Account:
    """The user who runs PostgreSQL for root, made when there is none."""
    for name in (SYSTEM_USER, None, *STAND_INS):
        if name is None:
            _add_user()
            name = SYSTEM_USER
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise DatabaseRefused(
        "PostgreSQL does not run as root, and no system user could be made for it. "
        f"Run `useradd --system {SYSTEM_USER}`, or start Bedside as an ordinary user."
    )


def may_enter(folder: Path, account: Account) -> bool:
    """Whether this user can walk down to the folder."""
    return all(_may_pass(step, account) for step in (folder, *folder.parents))


@contextlib.contextmanager
def only_one(home: Path) -> Generator[None]:
    """One Bedside per cluster. The kernel drops this lock when we die, however we die."""
    handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(handle, 32, 0).decode(errors="replace").strip()
            raise DatabaseRefused(
                f"Another Bedside (process {other or 'unknown'}) already runs with this data folder. "
                "Stop it first, or give this one a folder of its own."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def discard(data: Path) -> None:
    """Throw a cluster away, for good: for tests and `demo --fresh`, which own what they discard."""
    link = data.resolve() / "postgres"
    home = link.resolve()
    shutil.rmtree(home, ignore_errors=True)
    if link.is_symlink():
        link.unlink()
    (data / "postgres.password").unlink(missing_ok=True)


def _make_home(data: Path, link: Path, account: Account | None) -> None:
    if account is None or may_enter(data, account):
        link.mkdir(mode=0o700)
        if account:
            os.chown(link, account.uid, account.gid)
        return
    clusters = SYSTEM_HOME / "clusters"
    clusters.mkdir(parents=True, exist_ok=True, mode=0o755)
    name = f"{data.name}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    home = _free(clusters, name)
    home.mkdir(mode=0o700)
    (home / "belongs-to").write_text(f"{data}\n")
    os.chown(home, account.uid, account.gid)
    # The link comes last: a crash before it leaves an empty folder, and the next start takes another.
    link.symlink_to(home)


def _free(clusters: Path, name: str) -> Path:
    # A cluster whose data folder was deleted keeps its place: we never delete a stranger's data, and
    # never adopt it.
    taken = 1
    home = clusters / name
    while home.exists():
        taken += 1
        home = clusters / f"{name}-{taken}"
    return home


def _may_pass(step: Path, account: Account) -> bool:
    about = step.stat()
    if about.st_uid == account.uid:
        return bool(about.st_mode & 0o100)
    if about.st_gid == account.gid:
        return bool(about.st_mode & 0o010)
    return bool(about.st_mode & 0o001)


def _password(file: Path, *, fresh: bool) -> str:
    if file.exists():
        return file.read_text().strip()
    if not fresh:
        raise DatabaseRefused(
            f"{file} is missing. It holds the password of the database's owner; bring it back from a backup."
        )
    password = secrets.token_urlsafe(32)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(password + "\n")
        out.flush()
        os.fsync(out.fileno())
    return password


def _add_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return
    subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(SYSTEM_HOME),
         "--shell", "/usr/sbin/nologin", "--comment", "Bedside's PostgreSQL", SYSTEM_USER],
        capture_output=True, check=False,
    )  # fmt: skip
