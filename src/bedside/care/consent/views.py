"""What may be seen of consent."""

from uuid import UUID

import msgspec

from bedside.care.consent import store
from bedside.care.consent.model import Consents, Decision
from bedside.journal import Work
from bedside.kernel import Instant, NotFound
from bedside.store import Queries

Q = Queries(__file__)


class ConsentTextView(msgspec.Struct, frozen=True, rename="camel"):
    """The exact text that is shown, with the hash that is kept."""

    type: str
    version: int
    language: str
    body: str
    sha256: str


class ConsentView(msgspec.Struct, frozen=True, rename="camel"):
    """A decision, as both sides see it."""

    type: str
    granted: bool
    version: int
    language: str
    at: Instant
    text_sha256: str

    @classmethod
    def of(cls, d: Decision | None) -> "ConsentView | None":
        """The decision for the eye."""
        return d and cls(d.type, d.granted, d.version, d.language, d.at, d.text_sha256.hex())


async def current_text(work: Work, *, type: str, language: str) -> ConsentTextView:
    """The text in use, in that language where there is one."""
    row = await work.row(Q.current_text, work.org, type, language)
    if row is None:
        raise NotFound
    return ConsentTextView(row["type"], row["version"], row["language"], row["body"], row["sha256"].hex())


async def all_texts(work: Work) -> list[ConsentTextView]:
    """Every text there ever was: by type, the newest version first."""
    rows = await work.rows(Q.all_texts, work.org)
    return [ConsentTextView(r["type"], r["version"], r["language"], r["body"], r["sha256"].hex()) for r in rows]


async def shown(work: Work, patients: list[UUID]) -> dict[UUID, Consents]:
    """What these patients have decided, for screens."""
    return await store.peek(work, patients)
