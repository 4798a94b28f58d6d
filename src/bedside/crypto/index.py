"""Finding a patient without reading anybody: an exact match on a keyed fingerprint.

    fingerprint = first 16 bytes of HMAC-SHA256(index key of the organization, kind and folded value)

What a fingerprint gives away, to one who has the database but not the key: that two patients of one
organization have the same value of the same kind, and how often. So a common family name shows as a frequent
fingerprint (never which name), the fingerprint of the first three letters shows who shares them, and one who
knows what a given patient is called knows who else is called so. Kinds and organizations cannot be compared
with each other. One who *has* the index key can test guesses: there are few names and fewer birth dates.
Hence the key lives in the keystore, and the rows die with the patient's key.

Folding decides what counts as the same. It forgives case, accents, spaces and punctuation; what it merges too
eagerly only adds a candidate, for results are opened and ranked before anybody sees them. It does not know
that "Müller" is also written "Mueller".
"""

import hashlib
import hmac
import re
import unicodedata

from bedside.crypto.seal import packed

FINGERPRINT_BYTES = 16
PHONE_DIGITS = 9

# Letters that Unicode does not take apart, but that people type with a plain keyboard.
_PLAIN = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ĸ": "k", "ŋ": "n",
    "æ": "ae", "œ": "oe", "þ": "th",
})  # fmt: skip
_EXTENSION = re.compile(r"(?:ext|x|#|;|,)", re.IGNORECASE)


def blind(key: bytes, kind: str, value: str) -> bytes:
    """The fingerprint of a folded value, under the organization's index key."""
    return hmac.digest(key, packed("bedside/index", kind, value), hashlib.sha256)[:FINGERPRINT_BYTES]


def fold_name(name: str) -> str:
    """A name as it is searched: "O’Brien-Łukasz" and "obrien lukasz" are one. Letters and digits only."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", name).casefold())
    apart = unicodedata.normalize("NFKD", apart.casefold())
    kept = "".join(c for c in apart if _is_letter(c)).translate(_PLAIN)
    return unicodedata.normalize("NFC", kept)  # Hangul and kana whole again: "three letters" means three


def name_start(name: str) -> str:
    """The first three letters of a name as it is searched."""
    return fold_name(name)[:3]


def fold_identifier(value: str) -> str:
    """A record number as it is searched: letters and digits, case apart. Leading zeros count."""
    return "".join(c for c in unicodedata.normalize("NFKC", value).casefold() if c.isalnum())


def phone_digits(number: str) -> str:
    """The last nine digits, so that national and international spellings meet. An extension is left out."""
    ascii_digits = [str(unicodedata.decimal(c)) for c in _EXTENSION.split(number)[0] if c.isdecimal()]
    return "".join(ascii_digits)[-PHONE_DIGITS:]


def _is_letter(char: str) -> bool:
    # U+02B0–02FF are apostrophes that count as letters (the okina of Hawaiʻi); they are typed in five ways.
    return unicodedata.category(char)[0] in "LN" and not "\u02b0" <= char <= "\u02ff"
