"""The waits that are told, held against many invented days of each kind that nobody looked at before."""

import pytest

from care.queue.days import HELD_OUT_LONG, KINDS, figures
from soak.report import Figure, keep

DAYS_OF_A_KIND = 40


@pytest.mark.soak
@pytest.mark.spec("U1")
def test_the_limit_and_the_middle_hold_over_many_days() -> None:
    for kind, found in figures(DAYS_OF_A_KIND, first=HELD_OUT_LONG).items():
        days = f"{found.days} invented days" + (f" of the kind “{kind}”" if kind in KINDS else " of all kinds")
        for part, share, least, most in (
            ("limit", found.limit, 0.85, 0.97),
            ("middle", found.middle, 0.35, 0.65),
        ):
            figure = Figure(
                name=f"honest wait, {kind}: waits within the {part}",
                value=round(share * 100, 1),
                unit="%",
                goal=f"{least:.0%} to {most:.0%}",
                met=least <= share <= most,
                runs=found.shown,
            )
            keep(figure, f"On {days}, of all estimates shown, so many real waits were within the {part} that was told.")
            assert figure.met, figure
