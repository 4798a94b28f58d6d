"""The page a soak writes says what was found, and keeps what other soaks wrote."""

from datetime import UTC, datetime

from soak.report import HEAD, Figure, page

DAY = datetime(2026, 3, 16, tzinfo=UTC)


def test_a_paragraph_is_written_anew_and_the_others_stay() -> None:
    kills = Figure("kills: lost", 2, "answers", "0", met=False, runs=300)
    frames = Figure(
        "frames: mistakes", 0, "mistakes", "0", met=True, runs=1_000_000, baseline="a peer", baseline_value=3
    )
    once = page(HEAD, kills, "Two were lost.", 25, DAY)
    both = page(once, frames, "All was well.", 0, DAY)
    assert "**not met**" in both
    better = page(both, Figure("kills: lost", 0, "answers", "0", met=True, runs=300), "None was lost.", 25, DAY)
    assert better.index("## frames") < better.index("## kills")
    assert "Two were lost." not in better
    assert (
        "None was lost.\n\nFound: **0 answers** in 300 tries (goal: 0; met). Run on 2026-03-16, 25 minutes." in better
    )
    assert "All was well." in better
    assert "Beside it: a peer, 3." in better
