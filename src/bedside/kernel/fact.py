"""What happened, in the past tense, and the canonical bytes in which it stands in the journal.

A fact carries opaque ids, codes, numbers and times: never a name, never free text. Its fields are the `refs` of its
journal entry; `(kind, action)` names it for ever, so that an entry can be read back years later.
"""

import json
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from bedside.kernel.actor import Actor
from bedside.kernel.instant import Instant, rfc3339


class Severity(StrEnum):
    """How loudly an entry speaks."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Subclasses say what; `kind` is the audit event type, `action` the act's own name."""

    kind: ClassVar[str]
    action: ClassVar[str]
    on: ClassVar[str] = "consultation"
    """The kind of thing that `subject` names."""
    severity: ClassVar[Severity] = Severity.INFO
    purpose: ClassVar[str] = "TREAT"
    """HL7 PurposeOfUse."""
    outcome: ClassVar[str] = "success"
    announces: ClassVar[bool] = True
    """Whether anybody listens: false for entries that are only record."""

    subject: UUID
    patient: UUID | None = None
    consultation: UUID | None = None

    @property
    def act(self) -> str:
        """The act's full name; some are qualified by what they are about (`CONSENT_GRANTED_telehealth`)."""
        return self.action

    def refs(self) -> dict[str, Any]:
        """What the entry says beyond who, whose and where: opaque ids, codes, numbers, times."""
        return {
            name: value
            for name in self.__struct_fields__
            if name not in ("subject", "patient", "consultation") and (value := getattr(self, name)) is not None
        }


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A journal entry read back. The same for the auditor and for the live feed."""

    v: int
    id: UUID
    org: UUID
    at: str
    kind: str
    actor: dict[str, str | None]
    on: dict[str, str]
    patient: UUID | None = None
    consultation: UUID | None = None
    action: str
    outcome: str
    purpose: str
    severity: str
    code: str | None = None
    refs: dict[str, Any] = {}

    @classmethod
    def read(cls, raw: bytes) -> "Entry":
        """The entry that these canonical bytes spell."""
        return msgspec.json.decode(raw, type=cls)


def canonical(
    fact: Fact, *, id: UUID, actor: Actor, at: Instant, session: UUID | None, purpose: str | None = None
) -> bytes:
    """The entry's bytes: canonical JSON (sorted keys, UTF-8, no spaces, integers, RFC 3339 with microseconds).

    These bytes are what the Merkle leaf is made of, so their spelling must never depend on a library's mood.
    """
    entry = {
        "v": 1,
        "id": str(id),
        "org": str(actor.org),
        "at": rfc3339(at),
        "kind": fact.kind,
        "actor": {
            "id": str(actor.account),
            "role": str(actor.role),
            "session": str(session) if session else None,
            "ip": actor.ip,
        },
        "on": {"kind": fact.on, "id": str(fact.subject)},
        "patient": str(fact.patient) if fact.patient else None,
        "consultation": str(fact.consultation) if fact.consultation else None,
        "action": fact.act,
        "outcome": fact.outcome,
        "purpose": purpose or fact.purpose,
        "severity": str(fact.severity),
        "code": getattr(fact, "code", None),
        "refs": {name: _plain(value) for name, value in fact.refs().items() if name != "code"},
    }
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Instant):
        return rfc3339(value)
    if isinstance(value, bool | int | str) or value is None:
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"a journal entry does not hold {type(value).__name__}")
