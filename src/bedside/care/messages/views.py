"""What may be read of what was said: by who takes or took part, and by the patient."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from bedside.journal import Work
from bedside.kernel import Disclosure, Instant
from bedside.store import Queries

Q = Queries(__file__)


class MessageView(msgspec.Struct, frozen=True, rename="camel"):
    """One message, opened."""

    id: UUID
    sender: UUID
    sender_name: str | None
    role: str
    body: str
    at: Instant
    mine: bool
    seq: int
    seen: bool


@dataclass(slots=True)
class Talk:
    """What was said, still sealed."""

    rows: list[Any]
    patient: UUID | None
    read_up_to: dict[UUID, int]
    disclosure: Disclosure


async def look(work: Work, consultation: UUID) -> Talk:
    """Read what was said in a visit; nothing for who may not."""
    patient = await work.value(Q.may_read, work.org, consultation)
    rows = await work.rows(Q.history, work.org, consultation) if patient else []
    read = (
        {row["account"]: row["seq"] for row in await work.rows(Q.read_up_to, work.org, consultation)} if patient else {}
    )
    disclosure = await work.disclose([patient] if rows else [], consultation=consultation)
    return Talk(rows, patient, read, disclosure)


async def show(work: Work, talk: Talk) -> list[MessageView]:
    """Open the words, after the reading is on record."""
    views: list[MessageView] = []
    for row in talk.rows:
        body = await work.vault.open(
            row["body"], str, org=work.org, at="message.body", row=row["id"], of=talk.patient, under=talk.disclosure
        )
        mine = row["sender"] == work.actor.account
        views.append(
            MessageView(
                row["id"],
                row["sender"],
                row["display_name"],
                row["as_role"],
                body.reveal(),
                row["sent_at"],
                mine,
                row["seq"],
                any(seq >= row["seq"] for account, seq in talk.read_up_to.items() if account != row["sender"]),
            )
        )
    return views


async def said(work: Work, id: UUID) -> Talk:
    """One message for those who were told of it when it was sent: its entry is the record of that disclosure."""
    row = await work.row(Q.one, work.org, id)
    patient = row["patient"] if row else None
    disclosure = Disclosure(work.actor.account, frozenset([patient] if patient else []), "TREAT", committed=True)
    return Talk([row] if row else [], patient, {}, disclosure)


async def words(work: Work, id: UUID, talk: Talk) -> tuple[Any, str]:
    """The row and the words of a message that its journal entry discloses."""
    row = talk.rows[0]
    body = await work.vault.open(
        row["body"], str, org=work.org, at="message.body", row=id, of=talk.patient, under=talk.disclosure
    )
    return row, body.reveal()
