"""A child process that cannot outlive us, not even when we are killed outright."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from bedside.store.embedded.lodging import Account

PR_SET_PDEATHSIG = 1
WATCHDOG = """
import os, signal, sys
sys.stdin.buffer.read()
try: os.kill(int(sys.argv[1]), signal.SIGINT)
except ProcessLookupError: pass  # ended by itself: nothing is left to end
"""


def spawn(command: Sequence[str], *, account: Account | None, log: IO[bytes]) -> subprocess.Popen[Any]:
    """Start a child in a session of its own, so that Ctrl-C reaches us and we decide when it goes.

    Must be called from a thread that lives as long as we do: Linux sends the parent-death signal when the
    *thread* that forked ends. (The event loop's thread, never a pool's.)
    """
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=environment(),
        start_new_session=True,
        # Between fork and exec only two system calls are made: safe beside other threads.
        preexec_fn=_tie(os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509
        **identity(account),
    )
    if sys.platform != "linux":
        _watch(child.pid)
    return child


def identity(account: Account | None) -> dict[str, Any]:
    """The arguments by which a child becomes this user, and nobody else besides."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def environment() -> dict[str, str]:
    """What a child may know of our surroundings: nothing secret."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def still_in(folder: Path) -> list[int]:
    """Processes that work inside this folder. Zombies do not count: pid 1 of a container reaps late."""
    proc = Path("/proc")
    if not proc.is_dir():
        return []
    return [int(p.name) for p in proc.iterdir() if p.name.isdigit() and _works_in(p, folder)]


def _tie(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def tie() -> None:
        # After the change of user (which would clear it) and before exec (which keeps it).
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        # We may have died between fork and prctl; then nobody would ever send the signal.
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _watch(pid: int) -> None:
    # Elsewhere a small process waits on a pipe that only we hold open. When we die, it reads the end of it.
    watchdog = subprocess.Popen(
        [sys.executable, "-c", WATCHDOG, str(pid)], stdin=subprocess.PIPE, start_new_session=True
    )
    _held.append(watchdog)


_held: list[subprocess.Popen[bytes]] = []


def _works_in(process: Path, folder: Path) -> bool:
    try:
        if (process / "cwd").readlink() != folder:
            return False
        # State is the first field after the parenthesized name, which may itself hold spaces.
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
