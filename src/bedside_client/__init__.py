"""The hands of a program in a Bedside clinic: sign in, do, listen. Needs nothing of the server's code.

async with await Bedside.sign_in("https://clinic.example", link=secret) as me:
    visit = me.consultation(id)
    await visit.check_in(place="at home", callback="+15550100")
    async with me.live([visit.topic]) as feed:
        await feed.send(visit.id, "Good morning")
        async for event in feed:
            print(event.t, event.frame)
"""

from bedside_client.client import Bedside, Visit
from bedside_client.feed import Closed, Feed
from bedside_client.follower import Cursor, Event, Follower
from bedside_client.problem import Problem

__all__ = ["Bedside", "Closed", "Cursor", "Event", "Feed", "Follower", "Problem", "Visit"]
