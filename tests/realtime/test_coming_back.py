"""What somebody gets who comes back: all of it, as it stands now, or the word to begin anew."""

from __future__ import annotations

from realtime.node import AMARA, OSEI, VISIT, a_node, come, frames
from realtime.world import Clinic


async def test_a_resume_reads_memory_first_and_the_journal_only_beyond_it() -> None:
    clinic = Clinic()
    for _ in range(5):
        clinic.announce(VISIT)
    async with a_node(clinic) as node:
        await come(clinic, node, OSEI, VISIT)
        for _ in range(5):
            clinic.announce(VISIT)
        await clinic.time.run(1)
        before = clinic.reads
        near = await come(clinic, node, AMARA, VISIT, since=7)
        assert clinic.reads == before
        far = await come(clinic, node, AMARA, VISIT, since=2)
        assert clinic.reads > before
        assert [one["n"] for one in frames(near, "n")] == [8, 9, 10]
        assert [one["n"] for one in frames(far, "n")] == list(range(3, 11))
        assert frames(far, "welcome")[0]["resumed"] is True


async def test_words_that_were_changed_are_not_told_again_from_memory() -> None:
    """Who comes back hears of a message what the journal's reader says of it now; what came after is remembered."""
    clinic = Clinic()
    async with a_node(clinic) as node:
        await come(clinic, node, OSEI, VISIT)
        first = clinic.announce(VISIT, to=frozenset({AMARA, OSEI}), id="one", content="as it was first")
        clinic.announce(VISIT)
        await clinic.time.run(1)
        clinic.entries[first - 1][0].frame["content"] = ""  # taken back: this is how it stands now
        clinic.announce(VISIT, kind="MESSAGE_DELETED", message="one")
        await clinic.time.run(1)
        before = clinic.reads
        after_it = await come(clinic, node, AMARA, VISIT, since=first + 1)
        assert ([one["n"] for one in frames(after_it, "n")], clinic.reads) == ([first + 2], before)
        before_it = await come(clinic, node, AMARA, VISIT, since=first - 1)
        assert [(one["t"], one.get("content")) for one in frames(before_it, "m", "n")] == [
            ("m", ""), ("n", None), ("n", None),
        ]  # fmt: skip


async def test_a_number_from_no_history_is_a_resync() -> None:
    clinic = Clinic()
    clinic.announce(VISIT)
    async with a_node(clinic) as node:
        pipe = await come(clinic, node, AMARA, VISIT, since=1000)
        assert frames(pipe, "welcome")[0]["resumed"] is False
        assert frames(pipe, "resync")[0]["n"] == 1
