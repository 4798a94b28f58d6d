"""Marked words, and every form in which one could slip out.

All of them carry the same few letters or digits, which occur nowhere else: so whatever form a sentence takes, looking
for a handful of byte strings finds it, and the neighbourhood says which it was.
"""

import base64
from collections.abc import Iterable
from datetime import date
from itertools import chain
from pathlib import Path

LETTERS, DIGITS, BORN = "zqxjvkwpfhgm", "5557319046", date(1907, 11, 23)
NASTY = '\r\n{"level": "info", "event": "forged"}\x1b[31m'
"""At the end of whatever may be long: breaks a log that does not spell it out."""
PIECE = 1 << 24


def forms(word: str) -> dict[str, bytes]:
    """A word as it is, and as programs spell it. URLs and HTML leave these letters alone, and JSON does too."""
    plain = word.encode()
    found = {
        "plain": plain,
        "capital": word.upper().encode(),
        "title": word.title().encode(),
        "backwards": plain[::-1],
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "escaped": "".join(f"\\u{ord(letter):04x}" for letter in word).encode(),
        "percent": "".join(f"%{octet:02X}" for octet in plain).encode(),
        "entities": "".join(f"&#{octet};" for octet in plain).encode(),
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "UTF-16": word.upper().encode("utf-16-le"),
    }
    for case in (word, word.title(), word.upper()):
        for phase in range(3):
            # What surrounds it moves it in the alphabet of 64; the signs at both ends depend on the neighbours.
            padded = base64.b64encode(b"\0" * phase + case.encode() + b"\0" * (-(phase + len(case)) % 3))
            inner = padded[4 if phase else 0 :].rstrip(b"=")
            found[f"base64 of {case}, {phase}"] = inner[: len(inner) - 4 + 4 * ((phase + len(case)) % 3 == 0)]
    return found


NEEDLES = {
    f"{name} {what}": needle
    for name, what in (("plain", LETTERS), ("number", DIGITS), ("birth", BORN.isoformat()))
    for name, needle in forms(what).items()
}


def seen_in(raw: bytes) -> set[str]:
    """Which forms of the marked words stand in these bytes."""
    return {name for name, needle in NEEDLES.items() if needle in raw}


def seen_in_files(places: Iterable[Path]) -> tuple[dict[str, set[str]], int]:
    """By file, which forms stand in it; and how many bytes were read."""
    files = chain.from_iterable([place] if place.is_file() else place.rglob("*") for place in places)
    found: dict[str, set[str]] = {}
    read = 0
    for file in files:
        if file.is_symlink() or not file.is_file():
            continue
        before = b""
        with file.open("rb") as handle:
            while piece := handle.read(PIECE):
                read += len(piece)
                if forms_here := seen_in(before[-200:] + piece):
                    found.setdefault(str(file), set()).update(forms_here)
                before = piece
    return found, read
