"""The hands of a program in a Bedside clinic: sign in, do, listen. Needs nothing of the server's code.

async with await Bedside.sign_in("https://clinic.example", link=secret) as me:
    visit = me.consultation(me.visit)
    await visit.check_in(place="14 Quay Lane", callback="+1 555 0100")
    async for view in me.watch(visit.get, [visit.topic]):
        print(view["state"], view["line"])
"""

from bedside_client.backoff import Backoff
from bedside_client.client import Bedside, Visit
from bedside_client.feed import Closed, Feed
from bedside_client.follower import Cursor, Event, Follower
from bedside_client.names import NoticeName, RefusalSlug
from bedside_client.problem import Problem
from bedside_client.talk import Said, Talk

__all__ = [
    "Backoff",
    "Bedside",
    "Closed",
    "Cursor",
    "Event",
    "Feed",
    "Follower",
    "NoticeName",
    "Problem",
    "RefusalSlug",
    "Said",
    "Talk",
    "Visit",
]
