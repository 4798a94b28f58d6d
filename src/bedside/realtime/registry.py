"""The channel registry: every address of a channel, as the topic that it means now for whoever asks.

An address is spelled `kind.<id>`. A visit has two: its own, and that of the pair of provider and patient, which means
the visit that the two have now. A person's notifications are found under their account and, for those who act for a
patient, under the patient. `.video` and `.files` are kept for what is not built yet: not found. Ids are opaque; nothing
is read out of a name but its kind and its ids, and a name that is spelled otherwise is no channel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from bedside.journal import Work
from bedside.kernel import Topic
from bedside.store import Queries

Q = Queries(__file__)
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_VISIT = re.compile(rf"consultation\.({_UUID})(?:\.({_UUID}))?(\.video|\.files)?")


@dataclass(frozen=True, slots=True)
class Pair:
    """The address of whatever visit a provider and a patient have now."""

    provider: UUID
    patient: UUID


def spelled(name: str) -> Topic | Pair | None:
    """What this name spells; None for what is no channel, or none yet. Knows no database."""
    visit = _VISIT.fullmatch(name)
    if visit is None:
        return Topic.parse(name)
    if visit[3]:
        return None
    return Pair(UUID(visit[1]), UUID(visit[2])) if visit[2] else Topic.consultation(UUID(visit[1]))


async def resolve(work: Work, name: str) -> Topic | None:
    """The topic that this name means for the person who asks. What is not theirs is judged after it."""
    asked = spelled(name)
    if isinstance(asked, Pair):
        visit = await work.value(Q.current_visit, work.org, asked.provider, asked.patient)
        return visit and Topic.consultation(visit)
    if asked is not None and asked.kind == "notification" and asked.id != work.actor.account:
        mine = await work.value(Q.acts_for, work.org, work.actor.account, asked.id)
        return Topic.notification(work.actor.account) if mine else asked
    return asked
