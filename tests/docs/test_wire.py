"""The exchange that the wire's specification shows, had with a real clinic: what it answers has the members shown."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect

from bedside_client import Bedside

PAGE = Path(__file__).parents[2] / "docs/reference/wire.md"


def shown(section: str) -> dict[str, dict[str, Any]]:
    """The frames that a section shows in its fences, by kind; of one kind, the first. What is left out is left out."""
    text = PAGE.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    fences = "\n".join(re.findall(r"```json\n(.*?)```", text, re.DOTALL)).replace(",…", "").replace(", …", "")
    frames = [json.loads(frame) for frame in re.findall(r'\{"t":.*?\}(?=\s|$)', fences)]
    return {frame["t"]: frame for frame in reversed(frames)}


async def heard(wire: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of this kind."""
    while True:
        frame = json.loads(await wire.recv())
        if frame["t"] == kind:
            return frame


async def say(wire: ClientConnection, frame: dict[str, Any]) -> None:
    await wire.send(json.dumps(frame))


@pytest.mark.slow
async def test_the_exchange_that_is_shown_is_the_one_that_happens(links: dict[str, str]):
    begin, topics, acts = shown("Beginning"), shown("Topics"), shown("What a client does")
    async with await Bedside.sign_in(links["patient"].partition("/k/")[0], links["patient"]) as amara:
        visit = amara.consultation(amara.visit)
        view = await visit.get()
        mine, other = f"consultation.{visit.id}", f"queue.{view['department']}"
        names = dict(zip(begin["hello"]["topics"], (mine, other), strict=True))
        hello: dict[str, Any] = begin["hello"] | {"since": dict(view["cursor"]), "topics": [mine, other]}
        assert hello["since"].keys() == begin["hello"]["since"].keys()
        who = {"Authorization": f"Bearer {amara.token}"}
        where = f"{amara.base.replace('http', 'ws')}/live"
        async with connect(where, subprotocols=["bedside.v1"], additional_headers=who) as wire:  # type: ignore[list-item]
            await say(wire, hello)
            welcome = await heard(wire, "welcome")
            expected = begin["welcome"]
            assert welcome.keys() == expected.keys()
            assert welcome["topics"] == {names[name]: answer for name, answer in expected["topics"].items()}
            assert (welcome["resumed"], welcome["beat"]) == (expected["resumed"], expected["beat"])

            await say(wire, topics["sub"] | {"topic": mine})
            assert (await heard(wire, "re")).keys() == topics["re"].keys()
            await say(wire, topics["sub"] | {"topic": other})
            assert (await heard(wire, "re"))["problem"]["type"] == "not-found"

            words = acts["do"] | {"consultation": visit.id}
            await say(wire, words | {"id": str(uuid4())})
            refused = await heard(wire, "refused")
            assert acts["refused"].keys() <= refused.keys()
            assert acts["refused"]["problem"].keys() <= refused["problem"].keys()
            text = await amara.consent_text("telehealth")
            await amara.give_consent(view["patient"], type="telehealth", granted=True, text_sha256=text["sha256"])
            await visit.check_in(place="14 Quay Lane, flat 3, Fernhollow", callback="555 0142")
            await say(wire, words | {"id": (id := str(uuid4()))})
            done = await heard(wire, "done")
            assert acts["done"].keys() <= done.keys()
            assert done["id"] == id and UUID(done["entry"])
        async with connect(where, subprotocols=["bedside.v1"], additional_headers=who) as wire:  # type: ignore[list-item]
            await say(wire, hello | {"since": {"era": str(uuid4()), "n": 1}})
            assert (await heard(wire, "welcome"))["resumed"] is False
            assert (await heard(wire, "resync")).keys() == begin["resync"].keys()
