"""Who signs in, and a visit in their hands."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from bedside_client.caller import VisitCaller, some
from bedside_client.clinic_verbs import ClinicVerbs
from bedside_client.feed import Feed
from bedside_client.follower import Cursor, Follower
from bedside_client.views import Sent
from bedside_client.visit_verbs import VisitVerbs
from bedside_client.watch import watching

View = TypeVar("View", bound=Mapping[str, Any])


class Visit(VisitVerbs, VisitCaller):
    """One visit: its view (`get`), and every verb of it as a method."""

    async def say(self, content: str, *, id: str | None = None) -> Sent:
        """Say something once: the message's id is made here, so that every repeat is the same message."""
        id = id or str(uuid4())
        return await self.send(content=content, id=id, key=id)


class Bedside(ClinicVerbs):
    """One signed-in person. Use it as a context manager: it closes what it opened."""

    def __init__(
        self,
        base: str,
        token: str,
        *,
        account: str = "",
        org: str = "",
        role: str = "",
        http: httpx.AsyncClient | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(base, token, http=http, chance=chance)
        self.account = account
        self.org = org
        self.role = role
        self.visit: str | None = None
        """The visit to which a patient's link belongs."""
        self._feeds: list[Feed] = []

    @classmethod
    async def sign_in(
        cls,
        base: str,
        link: str,
        *,
        device: str | None = None,
        birth_date: str | None = None,
        http: httpx.AsyncClient | None = None,
        chance: Callable[[], float] = random.random,
    ) -> Bedside:
        """Exchange a link, or its secret, for a session.

        A patient's link asks from its second device on for the birth date (`1955-02-03`); a device that gave a
        `device` (random letters of its own, 16 to 100) is known again and not asked twice.
        """
        me = cls(base, "", http=http, chance=chance)
        said = {"link": link.rstrip("/").rsplit("/", 1)[-1]} | some(device=device, birthDate=birth_date)
        try:
            answer = await me.call("POST", "/api/v1/sessions", said)
        except BaseException:
            await me.close()
            raise
        me.token, me.account, me.org = answer["token"], answer["account"], answer["org"]
        me.role, me.visit = answer["role"], answer["consultation"]
        return me

    async def __aenter__(self) -> Bedside:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every feed, and the connections."""
        for feed in self._feeds:
            await feed.close()
        await self._http.aclose()

    async def sign_out(self) -> None:
        """End the session for good: its token is worth nothing from here on."""
        await self.call("POST", "/api/v1/sessions/end")
        await self.close()

    def consultation(self, id: object) -> Visit:
        """A visit this person may take part in."""
        return Visit(self, str(id))

    def live(
        self,
        topics: Iterable[str],
        *,
        since: Cursor | Mapping[str, Any] | None = None,
        device: str = "",
        outbox: Mapping[str, str] | None = None,
    ) -> Feed:
        """The live feed of these topics, from a view's cursor on if one is given.

        `outbox` is what an earlier feed had not got answered (`feed.outbox`): it is sent again, each under its id.
        """
        url = "ws" + self.base.removeprefix("http") + "/live"
        follower = Follower(topics, device=device or uuid4().hex, since=Cursor.of(since), outbox=outbox)
        feed = Feed(url, self.token, follower, chance=self.chance, renew=self._renew)
        self._feeds.append(feed)
        return feed

    def watch(self, look: Callable[[], Awaitable[View]], topics: Iterable[str]) -> AsyncGenerator[View, None]:
        """A view, and the view again each time that something on these topics changed."""
        return watching(self.live, look, list(topics), self.chance)

    async def _renew(self, consultation: str) -> str:
        return (await self.consultation(consultation).renew_grant())["expiresAt"]
