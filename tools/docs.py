"""Documents that hold together: every link and picture leads somewhere, every named heading exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def documents() -> list[Path]:
    """README and its neighbours, and everything under docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def problems() -> list[str]:
    """Each link that leads nowhere."""
    return [told for document in documents() for told in _broken(document)]


def _broken(document: Path) -> list[str]:
    text = CODE.sub("", FENCE.sub("", document.read_text()))
    found: list[str] = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        there = (document.parent / path).resolve() if path else document
        if not there.exists():
            found.append(f"{document.relative_to(ROOT)}: {target} leads nowhere")
        elif heading and there.suffix == ".md" and heading not in _anchors(there):
            found.append(f"{document.relative_to(ROOT)}: {target} names no heading")
    return found


def _anchors(document: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", document.read_text()))
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


if __name__ == "__main__":
    told = problems()
    print("\n".join(told) or f"Documents: {len(documents())}, every link leads somewhere.")
    raise SystemExit(bool(told))
