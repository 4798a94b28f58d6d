"""What may be read of what was said: by who takes or took part, and by the patient."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from bedside.crypto import key_id_of
from bedside.journal import Work
from bedside.kernel import Disclosure, Instant, NotFound
from bedside.store import Queries

Q = Queries(__file__)


class Seen(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody had read it by then. `name` is none for the patient's own people; `at` for what is older than that."""

    account: UUID
    name: str | None
    role: str
    at: Instant | None


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """What is true of how a message was kept: sealed in its row; under which consent said; its entry in the record."""

    encrypted: bool
    consent_verified: bool
    audit_ref: UUID | None


class MessageView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message, opened. Of one that was taken back, nothing is shown but that it was there (`type`: deleted)."""

    id: UUID
    type: str
    sender: UUID
    sender_name: str | None
    role: str
    body: str
    at: Instant
    mine: bool
    seq: int
    version: int
    edited_at: Instant | None
    deleted_at: Instant | None
    seen: bool
    seen_by: list[Seen]
    metadata: Metadata


class Earlier(msgspec.Struct, frozen=True, rename="camel"):
    """What a message said before it was changed, and until when."""

    version: int
    body: str
    until: Instant


@dataclass(slots=True)
class Talk:
    """What was said, still sealed."""

    rows: list[Any]
    patient: UUID | None
    disclosure: Disclosure
    read: list[Any] = field(default_factory=list[Any])
    key: UUID | None = None


async def look(work: Work, consultation: UUID) -> Talk:
    """Read what was said in a visit; nothing for who may not."""
    visit = await work.row(Q.may_read, work.org, consultation)
    rows = await work.rows(Q.history, work.org, consultation) if visit else []
    if not rows:
        return Talk([], None, await work.disclose([]))
    read = await work.rows(Q.read_up_to, work.org, consultation)
    disclosure = await work.disclose([visit["patient"]], consultation=consultation)
    return Talk(rows, visit["patient"], disclosure, read, visit["record_key"])


async def count(work: Work, consultation: UUID) -> int:
    """How much was said: all that those may know who take no part."""
    return await work.value(Q.count, work.org, consultation)


async def show(work: Work, talk: Talk) -> list[MessageView]:
    """Open the words, after the reading is on record."""
    return [await _shown(work, talk, row) for row in talk.rows]


async def _shown(work: Work, talk: Talk, row: Any) -> MessageView:
    mine = row["sender"] == work.actor.account
    seen_by = _seen_by(talk, row)
    return MessageView(
        id=row["id"],
        type="text" if row["body"] is not None else "deleted",
        sender=row["sender"],
        sender_name=row["display_name"],
        role=row["as_role"],
        body=await _words(work, talk, row["id"], row["body"]),
        at=row["sent_at"],
        mine=mine,
        seq=row["seq"],
        version=row["version"],
        edited_at=row["edited_at"],
        deleted_at=row["deleted_at"],
        seen=bool(seen_by),
        seen_by=seen_by if mine else [],
        metadata=Metadata(
            encrypted=row["body"] is None or key_id_of(row["body"]) == talk.key,
            consent_verified=row["consent"] is not None,
            audit_ref=row["entry"],
        ),
    )


def _seen_by(talk: Talk, row: Any) -> list[Seen]:
    """Who of the others has read this message, each once, when they first did."""
    first: dict[UUID, Seen] = {}
    for step in talk.read:
        if step["seq"] >= row["seq"] and step["account"] not in (row["sender"], *first):
            first[step["account"]] = Seen(step["account"], step["display_name"], step["as_role"], step["at"])
    return list(first.values())


async def _words(work: Work, talk: Talk, id: UUID, body: bytes | None) -> str:
    if body is None:
        return ""
    opened = await work.vault.open(
        body, str, org=work.org, at="message.body", row=id, of=talk.patient, under=talk.disclosure
    )
    return opened.reveal()


async def look_back(work: Work, consultation: UUID, message: UUID) -> Talk:
    """What one message said before. Whoever may read the visit may know that words were changed, and from what."""
    visit = await work.row(Q.may_read, work.org, consultation)
    rows = await work.rows(Q.versions, work.org, consultation, message) if visit else []
    if not rows:
        raise NotFound
    disclosure = await work.disclose([visit["patient"]], consultation=consultation)
    return Talk(rows, visit["patient"], disclosure)


async def show_back(work: Work, talk: Talk) -> list[Earlier]:
    """Open the earlier words, oldest first."""
    earlier: list[Earlier] = []
    for row in talk.rows:
        body = await work.vault.open(
            row["body"], str, org=work.org, at="message_version.body", row=row["id"], of=talk.patient,
            under=talk.disclosure,
        )  # fmt: skip
        earlier.append(Earlier(row["version"], body.reveal(), row["replaced_at"]))
    return earlier


async def said(work: Work, ids: Collection[UUID]) -> dict[UUID, Talk]:
    """Messages for those who were told of them when they were sent: their entries are the record of that disclosure.

    As they stand now: whoever hears late of words that were changed since hears those that were meant.
    """
    return {
        row["id"]: Talk(
            [row], row["patient"], Disclosure(work.actor.account, frozenset([row["patient"]]), "TREAT", committed=True)
        )
        for row in await work.rows(Q.these, work.org, list(ids))
    }


async def words(work: Work, id: UUID, talk: Talk) -> tuple[Any, str]:
    """The row and the words of a message that its journal entry discloses; no words of one that was taken back."""
    row = talk.rows[0]
    return row, await _words(work, talk, id, row["body"])
