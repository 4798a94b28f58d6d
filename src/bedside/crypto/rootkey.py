"""The keystore's folder and its root key: its owner's alone, and on disk before anything relies on them."""

import base64
import binascii
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bedside.crypto.hierarchy import Chance, Root
from bedside.crypto.seal import KEY_BYTES

ROOT_FILE = "root.key"
ROOT_VARIABLE = "BEDSIDE_ROOT_KEY"


class KeystoreRefuses(Exception):
    """The keystore does not start. The message says what the operator can do."""


def prepare(folder: Path) -> None:
    """Make the folder, 0700; refuse one that others may enter, unless it is still empty."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)
    state = folder.stat()
    if state.st_uid != os.geteuid():
        raise KeystoreRefuses(f"the keystore folder {folder} belongs to another user (uid {state.st_uid})")
    if stat.S_IMODE(state.st_mode) & 0o077:
        if any(folder.iterdir()):
            raise KeystoreRefuses(f"others may enter the keystore folder: run chmod 700 {folder}")
        folder.chmod(0o700)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time makes or opens the keystore; the kernel lets go when a process dies."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def parse_root(text: str) -> bytes:
    """The root key from base64url text, with or without padding."""
    text = text.strip()
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise KeystoreRefuses(f"{ROOT_VARIABLE} is not base64url") from None
    if len(key) != KEY_BYTES:
        raise KeystoreRefuses(f"{ROOT_VARIABLE} is not a key of 32 bytes")
    return key


def read_root(folder: Path) -> Root | None:
    """The root key in the folder, or None where there is none yet."""
    path = folder / ROOT_FILE
    try:
        state = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid():
        raise KeystoreRefuses(f"the root key {path} is not a plain file of this user")
    if stat.S_IMODE(state.st_mode) & 0o077:
        raise KeystoreRefuses(f"others may read the root key: run chmod 600 {path}")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise KeystoreRefuses(f"the root key {path} is damaged: put the copy back")
    return Root(key)


def make_root(folder: Path, chance: Chance) -> Root:
    """A new root key. A crash here leaves either no root key or a whole one, never part of one."""
    key = chance(KEY_BYTES)
    draft = folder / f"{ROOT_FILE}.new"
    with suppress(FileNotFoundError):
        draft.unlink()  # of a start that died here
    write_durably(draft, key)
    draft.rename(folder / ROOT_FILE)
    sync_folder(folder)
    return Root(key)


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet, 0600, and have it on disk before returning."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the folder's names on disk: a file whose name is lost is lost."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
