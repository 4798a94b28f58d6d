"""What is heard live and what is read later stand in one order, however many speak at once."""

import asyncio
from uuid import uuid4

import pytest

from care.hands import acting_for, announced
from care.messages.test_messages import says, talking
from clinic import Clinic


@pytest.mark.slow
@pytest.mark.spec("S294", "S337", "S382")
async def test_many_writers_are_heard_in_the_order_in_which_they_are_read(clinic: Clinic) -> None:
    amara, osei, visit = await talking(clinic)
    proxy = await acting_for(clinic, amara, "proxy")
    await clinic.owner.execute(
        "insert into participant (org, consultation, account, as_role, state, joined_at)"
        " values ($1, $2, $3, 'proxy', 'present', $4)",
        *(clinic.org, visit, proxy.account, clinic.clock.at),
    )
    await proxy.do(visit, "grant")
    writers = [amara, osei, proxy] * 4
    ids: set[str] = set()

    async def talk(n: int) -> None:
        for _ in range(6):
            id = str(uuid4())
            ids.add(id)
            for _ in range(2):  # each is sent twice, under another key, as a client does whose line broke
                await says(writers[n], visit, f"{n}", id=id)

    numbering = asyncio.create_task(_keeps_numbering(clinic))
    await asyncio.gather(*(talk(n) for n in range(len(writers))))
    numbering.cancel()
    frames = [one.frame for one in await announced(clinic) if one.frame["t"] == "m"]
    read = await osei.get(f"/consultations/{visit}/messages")
    assert len(ids) == 72
    assert {one["id"] for one in frames} == ids
    assert [one["id"] for one in frames] == [one["id"] for one in read]
    seqs = [one["seq"] for one in frames]
    assert seqs == sorted(seqs)
    journal = [row["n"] for row in await clinic.journal() if row["kind"] == "PHI_MESSAGE_SENT"]
    assert len(journal) == 72, "each once"


async def _keeps_numbering(clinic: Clinic) -> None:
    """The sequencer takes whatever is committed, again and again, while they write."""
    while True:
        await clinic.running.sequencer.number()
        await asyncio.sleep(0)
