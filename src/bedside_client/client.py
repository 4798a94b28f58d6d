"""HTTP: sign in, the verbs of a visit, what may be seen. Every mutation keeps its key when repeated."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx

from bedside_client.feed import Feed
from bedside_client.follower import Cursor, Follower
from bedside_client.problem import Problem

TRIES = 6


class Bedside:
    """One signed-in person."""

    def __init__(
        self,
        base: str,
        token: str,
        *,
        account: str = "",
        org: str = "",
        http: httpx.AsyncClient | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.base = base.rstrip("/")
        self.token = token
        self.account = account
        self.org = org
        self._chance = chance
        self._http = http or httpx.AsyncClient(base_url=self.base, timeout=30)
        self._devices = 0

    @classmethod
    async def sign_in(
        cls,
        base: str,
        link: str,
        *,
        device: str | None = None,
        birth_date: str | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> Bedside:
        """Exchange the secret of a link (or the whole link) for a session.

        A patient's link asks from its second device on for the birth date (`1955-02-03`); a device that gave a
        `device` (random letters of its own, 16 to 100) is known again and not asked twice.
        """
        me = cls(base, "", http=http)
        said = {"device": device, "birthDate": birth_date}
        asked = {"link": link.rstrip("/").rsplit("/", 1)[-1]} | {k: v for k, v in said.items() if v}
        answer = await me.call("POST", "/api/v1/sessions", asked)
        me.token, me.account, me.org = answer["token"], str(answer["account"]), str(answer["org"])
        return me

    async def __aenter__(self) -> Bedside:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    def consultation(self, id: str) -> Visit:
        """A visit this person may take part in."""
        return Visit(self, str(id))

    async def me(self) -> dict[str, Any]:
        return await self.call("GET", "/api/v1/me")

    async def waiting_room(self) -> dict[str, Any]:
        return await self.call("GET", "/api/v1/waiting-room")

    async def queue(self, department: str) -> dict[str, Any]:
        return await self.call("GET", f"/api/v1/departments/{department}/queue")

    async def notifications(self) -> Any:
        return await self.call("GET", "/api/v1/notifications")

    async def available(self, status: str = "available") -> Any:
        """Say whether one sees patients now."""
        return await self.call("PUT", "/api/v1/availability", {"status": status})

    async def consent(self, patient: str, **body: Any) -> Any:
        return await self.call("POST", f"/api/v1/patients/{patient}/consents", body)

    async def withdraw_consent(self, patient: str, type: str, **body: Any) -> Any:
        return await self.call("POST", f"/api/v1/patients/{patient}/consents/{type}/withdraw", body)

    def live(self, topics: Iterable[str], *, since: Cursor | None = None, device: str = "") -> Feed:
        """The live feed of these topics, from a view's cursor on if one is given."""
        url = "ws" + self.base.removeprefix("http") + "/live"
        follower = Follower(topics, device=device or uuid4().hex, since=since)
        return Feed(url, self.token, follower, chance=self._chance)

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """One request. Repeated with the same key if the line broke or the clinic was not ready."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid4())
        pause = 0.2
        for tries_left in reversed(range(TRIES)):
            try:
                answer = await self._http.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                if not tries_left:
                    raise
            else:
                if answer.status_code != 503 or not tries_left:
                    return _understood(answer)
            await asyncio.sleep(pause * (0.5 + self._chance() / 2))
            pause = min(5.0, pause * 2)
        raise AssertionError("the last try returns or raises")


class Visit:
    """One consultation, by its verbs. Members are given in snake_case and sent in camelCase."""

    def __init__(self, by: Bedside, id: str) -> None:
        self.id = id
        self.topic = f"consultation.{id}"
        self._by = by

    async def get(self) -> dict[str, Any]:
        """The visit as this person may see it, with its cursor and what they can do."""
        return await self._by.call("GET", f"/api/v1/consultations/{self.id}")

    async def verb(self, name: str, *, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Any verb by its name in the path (`check-in`)."""
        members = {_camel(member): value for member, value in body.items()}
        return await self._by.call("POST", f"/api/v1/consultations/{self.id}/{name}", members, key=key)

    async def check_in(self, **body: Any) -> dict[str, Any]:
        return await self.verb("check-in", **body)

    async def device_check(self, **body: Any) -> dict[str, Any]:
        return await self.verb("device-check", **body)

    async def call_in(self, **body: Any) -> dict[str, Any]:
        return await self.verb("call-in", **body)

    async def send_back(self, **body: Any) -> dict[str, Any]:
        return await self.verb("send-back", **body)

    async def end(self, **body: Any) -> dict[str, Any]:
        return await self.verb("end", **body)

    async def call_back(self, **body: Any) -> dict[str, Any]:
        return await self.verb("call-back", **body)

    async def complete(self, **body: Any) -> dict[str, Any]:
        return await self.verb("complete", **body)

    async def give_up(self, **body: Any) -> dict[str, Any]:
        return await self.verb("give-up", **body)

    async def come_back(self, **body: Any) -> dict[str, Any]:
        return await self.verb("come-back", **body)

    async def reopen(self, **body: Any) -> dict[str, Any]:
        return await self.verb("reopen", **body)

    async def cancel(self, **body: Any) -> dict[str, Any]:
        return await self.verb("cancel", **body)

    async def reschedule(self, **body: Any) -> dict[str, Any]:
        return await self.verb("reschedule", **body)

    async def enter(self, **body: Any) -> dict[str, Any]:
        return await self.verb("enter", **body)

    async def leave(self, **body: Any) -> dict[str, Any]:
        return await self.verb("leave", **body)

    async def minute(self, **body: Any) -> dict[str, Any]:
        return await self.verb("minute", **body)

    async def grant(self) -> dict[str, Any]:
        """Renew the grant of this person on this visit."""
        return await self.verb("grant")

    async def messages(self) -> Any:
        return await self._by.call("GET", f"/api/v1/consultations/{self.id}/messages")

    async def say(self, content: str, *, key: str | None = None) -> dict[str, Any]:
        """Send a message over HTTP; the live feed's `send` does the same over the socket."""
        return await self.verb("messages", key=key, content=content)


def _understood(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else {}
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    raise Problem(problem if isinstance(problem, dict) else {}, status=answer.status_code)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
