"""The journal as the live socket tells it: entry → fact → topics, by the slices' own tables."""

from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec
import structlog

from bedside.care import messages
from bedside.crypto import SealError
from bedside.journal import House, Work
from bedside.kernel import Actor, Entry, Fact, Topic
from bedside.realtime.interfaces import Announcement, Json, Stretch
from bedside.store import Queries

Q = Queries(__file__)
log = structlog.get_logger("bedside.realtime")
Talks = Mapping[UUID, messages.Talk]
HeardBy = Mapping[type[Fact], Callable[..., Mapping[Topic, str]]]


class ClinicFeed:
    """What the journal announces: entry → fact → topics, by the slices' own tables."""

    def __init__(self, house: House, heard_by: HeardBy) -> None:
        self.house = house
        self.heard_by = heard_by
        self.facts = {(fact.kind, fact.action): fact for fact in heard_by}

    async def read(self, org: UUID, after_n: int, limit: int) -> Stretch:
        """A run of the journal, as its topics hear it. Words of a message are opened for those whom its entry names."""
        async with Work(self.house, Actor.system(org)) as work:
            head = await work.row(Q.head, org)
            rows = await work.rows(Q.entries_after, org, after_n, limit)
            entries = [(row["n"], Entry.read(row["entry"])) for row in rows]
            sent = [UUID(entry.on["id"]) for _, entry in entries if entry.kind == messages.MessageSent.kind]
            talks = await messages.said(work, sent) if sent else {}
        announced: list[Announcement] = []
        for n, entry in entries:
            try:
                announced += await self._announce(work, n, entry, talks)
            except (LookupError, ValueError, TypeError, SealError) as error:
                # One entry that cannot be told (its key is destroyed, say) must not silence all that follow.
                log.error("entry_untold", n=n, kind=entry.kind, error=type(error).__name__)
        # After a restore the journal may be shorter than what was read before: then begin where it ends.
        upto = rows[-1]["n"] if rows else min(after_n, head["n"])
        return Stretch(head["era"], after_n, upto, len(rows), announced)

    async def _announce(self, work: Work, n: int, entry: Entry, talks: Talks) -> list[Announcement]:
        kind = self._fact(entry)
        if kind is None:
            return []
        fact = fact_of(kind, entry)
        heard = [
            Announcement(n, str(topic), _notice(name, entry), entry.consultation)
            for topic, name in self.heard_by[kind](fact).items()
        ]
        talk = talks.get(UUID(entry.on["id"])) if entry.kind == messages.MessageSent.kind else None
        if talk is not None:
            told = frozenset(UUID(account) for account in entry.refs["told"])
            frame = await _message(work, UUID(entry.on["id"]), talk)
            heard.append(Announcement(n, str(Topic.consultation(_visit(entry))), frame, entry.consultation, told))
        return heard

    def _fact(self, entry: Entry) -> type[Fact] | None:
        """Which fact this entry tells: by its own name, or by the name with which its action begins."""
        named = self.facts.get((entry.kind, entry.action))
        begun = (f for (k, a), f in self.facts.items() if k == entry.kind and entry.action.startswith(a + "_"))
        return named or self.facts.get((entry.kind, entry.action.rpartition("_")[0])) or next(begun, None)


def fact_of(kind: type[Fact], entry: Entry) -> Fact:
    """A fact as it was told, read back from its entry."""
    fields = entry.refs | {
        "subject": entry.on["id"],
        "patient": entry.patient and str(entry.patient),
        "consultation": entry.consultation and str(entry.consultation),
    }
    if entry.code is not None:
        fields["code"] = entry.code
    return msgspec.convert(fields, kind, strict=False)


def _notice(name: str, entry: Entry) -> Json:
    """The same bytes for everybody on the topic: a name, opaque ids, a state, a version."""
    notice: Json = {"t": "n", "kind": name, "at": entry.at}
    if name == "LINE_MOVED":
        return notice | {"within": 900}
    for member, value in (
        ("consultation", entry.consultation and str(entry.consultation)),
        ("queueEntry", entry.refs.get("queue_entry")),
        ("state", entry.refs.get("state")),
        ("v", entry.refs.get("version")),
        ("account", entry.refs.get("account") or (entry.on["id"] if entry.on["kind"] == "account" else None)),
        ("status", entry.refs.get("status")),
        ("upTo", entry.refs.get("up_to")),
        ("message", entry.on["id"] if entry.on["kind"] == "message" else None),
    ):
        if value is not None:
            notice[member] = value
    return notice


async def _message(work: Work, id: UUID, talk: messages.Talk) -> Json:
    row, words = await messages.words(work, id, talk)
    return {
        "t": "m",
        "id": str(id),
        "sender": {"id": str(row["sender"]), "role": row["as_role"]},
        "type": "text" if row["body"] is not None else "deleted",
        "content": words,
        "at": row["sent_at"].isoformat(),
        "seq": row["seq"],
    }


def _visit(entry: Entry) -> UUID:
    assert entry.consultation is not None
    return entry.consultation
