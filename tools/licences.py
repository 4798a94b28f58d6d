"""No dependency whose licence binds those who run or change Bedside (Apache-2.0)."""

import importlib.metadata
import json
import re
from pathlib import Path

# The Lesser GPL binds changes to the library, not to who imports it. Each with the reason it is here.
LESSER: dict[str, str] = {}
# Packages whose metadata is silent; what their licence file says.
SILENT: dict[str, str] = {
    "axe-playwright-python": "MIT",  # and the axe-core it carries is MPL-2.0; used by tests only
}
REFUSED = re.compile(
    r"\bAGPL|Affero|(?<!Lesser )\bGPL|GNU General Public|SSPL|Commons Clause|BUSL|Elastic", re.IGNORECASE
)
WEAK = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)
KNOWN = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Unlicense|MPL|Mozilla|Zero-?Clause|0BSD|CC0|zlib"
    r"|PostgreSQL|Public Domain|HPND",
    re.IGNORECASE,
)


def licence_of(dist: importlib.metadata.Distribution) -> str:
    """What the package says of itself, the most precise statement first."""
    meta = dist.metadata
    classifiers = [c.rpartition("::")[2].strip() for c in meta.get_all("Classifier") or [] if c.startswith("License")]
    said = _one(meta, "License-Expression") or "; ".join(classifiers) or _one(meta, "License")
    return " ".join(said.split())[:120] or SILENT.get(dist.name.lower(), "")


def _one(meta: importlib.metadata.PackageMetadata, name: str) -> str:
    return meta[name] if name in meta else ""  # noqa: SIM401  # it has no get()


def problems() -> list[str]:
    """Whatever may not be here, or has not been looked at."""
    found: list[str] = []
    for dist in sorted(importlib.metadata.distributions(), key=lambda d: d.name.lower()):
        said = licence_of(dist)
        # "A or B" lets us choose; an "and" does not.
        choices = re.split(r"\bor\b", said, flags=re.IGNORECASE)
        if any(KNOWN.search(c) and not REFUSED.search(c) and not WEAK.search(c) for c in choices):
            continue
        if WEAK.search(said) and dist.name.lower() in LESSER:
            continue
        found.append(f"{dist.name} {dist.version}: {said or 'says nothing of its licence'}")
    lock = json.loads((Path(__file__).parent.parent / "package-lock.json").read_text())
    for name, entry in lock["packages"].items():
        if name and not KNOWN.search(entry.get("license", "")):
            found.append(f"{name} {entry['version']}: {entry.get('license', 'says nothing of its licence')}")
    return found


if __name__ == "__main__":
    told = problems()
    print("\n".join(told) or f"Licences: {len(list(importlib.metadata.distributions()))} packages, all compatible.")
    raise SystemExit(bool(told))
