"""Passkeys, as the law of facts looks on: one is made, somebody comes in by it, it is taken away."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from bedside.care import credentials, people
from bedside.care.credentials import Site
from care.credentials.device import Device
from clinic import Clinic, Person

HERE = Site("https://clinic.example", "clinic.example")
Does = Callable[[Any, str, Callable[[Any], Awaitable[Any]]], Awaitable[Any]]
Watched = Callable[[str, Awaitable[Any]], Awaitable[Any]]


async def the_passkeys(does: Does, watched: Watched, clinic: Clinic, who: Person) -> None:
    """By somebody who has just come in."""
    known, device = await people.recognise(clinic.house, who.token), Device()
    assert known is not None
    async with clinic.work(known.actor) as work:
        made = json.dumps(device.makes(await credentials.to_enrol(work, HERE), HERE.origin))
    add = credentials.add_passkey
    id = await does(known.actor, "credentials.add_passkey", lambda w: add(w, answer=made, site=HERE))
    signed = device.signs(credentials.to_sign_in(clinic.house, HERE), HERE.origin, who.account.bytes)
    await watched("credentials.come_in", credentials.come_in(clinic.house, json.dumps(signed), HERE))
    await clinic.owner.execute("delete from session where id <> $1", known.actor.session)
    await does(known.actor, "credentials.remove_passkey", lambda w: credentials.remove_passkey(w, id))
    await does(known.actor, "people.sign_out_everywhere", people.sign_out_everywhere)
