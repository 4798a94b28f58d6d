"""The links a running clinic hands out: written for programs, printed for people, renewed on request."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

WHO = {
    "patient": "Amara, a patient (a phone)",
    "patient2": "A second patient",
    "provider": "Dr. Osei, a clinician (a laptop)",
    "desk": "The front desk",
}


class NotRunning(RuntimeError):
    """Nobody is there who could make a link; the message is for the person at the terminal."""


def write(data: Path, links: Mapping[str, str]) -> None:
    """Keep the links in `links.json`, readable by the owner only, whole at every moment."""
    aside = data / f".links.{os.getpid()}.new"
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(dict(links), out, indent=2)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    aside.replace(data / "links.json")


def read(data: Path) -> dict[str, str]:
    """The links as they were last written."""
    return {str(k): str(v) for k, v in json.loads((data / "links.json").read_text()).items()}


@contextlib.contextmanager
def running(data: Path, *, together: bool = False) -> Generator[Callable[[], None]]:
    """Hold this data folder for as long as we run: a lock that the kernel drops however we end.

    `together`: beside others who hold it so. The keystore in it is made for several processes; a database of our own
    in it is not. Yields what to call once we listen to the signal that asks for new links.
    """
    handle = os.open(data / "running", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if together else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotRunning(
                f"Another Bedside already runs with the data folder {data}. Stop it first, "
                "or choose another folder with DATA=."
            ) from None
        os.ftruncate(handle, 0)

        def ready() -> None:
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)

        yield ready
    finally:
        os.close(handle)


def renew(data: Path, *, patience: float = 10.0) -> dict[str, str]:
    """Ask the clinic that runs here for new staff links (they work once, for fifteen minutes)."""
    pid = _who_runs(data)
    file = data / "links.json"
    before = _mark(file)
    try:
        os.kill(pid, signal.SIGUSR1)
    except PermissionError:
        raise NotRunning("The clinic runs under another user; ask as that user.") from None
    until = time.monotonic() + patience
    while _mark(file) == before:
        if time.monotonic() > until:
            raise NotRunning(
                "The clinic runs but made no links. Only `bedside demo` has an invented clinic to link to."
            )
        time.sleep(0.05)
    return read(data)


def _who_runs(data: Path) -> int:
    nobody = NotRunning(f"No clinic runs with the data folder {data}. Start one with `make demo`.")
    try:
        handle = os.open(data / "running", os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        raise nobody from None
    try:
        # The lock, not the number, says that somebody is there: numbers are used again.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        told = os.pread(handle, 32, 0).strip()
        if not told:
            raise NotRunning("The clinic is still starting. Its links are printed in a moment.") from None
        return int(told)
    finally:
        os.close(handle)
    raise nobody


def _mark(file: Path) -> tuple[int, int] | None:
    try:
        about = file.stat()
    except OSError:
        return None
    return about.st_ino, about.st_mtime_ns
