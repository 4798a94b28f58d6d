"""What the patient's first pages cost, and how soon their button can be pressed on a bad line.

`python bench/pages.py` opens the invented clinic on loopback and a real Chromium on a line of 100 kbit/s with 300 ms
there and back, nothing kept from before; three runs. The baseline is what the line alone takes for the same bytes.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import record  # noqa: E402 - beside this file
from bedside.store.embedded import EmbeddedPostgres, lodging  # noqa: E402
from bedside.store.migrate import ROLES, migrate  # noqa: E402
from browser.house import open_house  # noqa: E402 - the tests' own hands
from browser.people import Cast, real_chromium  # noqa: E402
from browser.weighing import SLOW, Scales, gone_on, opened  # noqa: E402

MOST_KILOBYTES, MOST_SECONDS = 100, 12.0
PASSWORDS = {role: f"password-of-{role}" for role in ROLES}


async def main() -> None:
    """Measure, and keep the result."""
    data = Path(tempfile.mkdtemp(prefix="bedside-bench-"))
    try:
        async with EmbeddedPostgres(data) as dsn, real_chromium() as chromium:
            await migrate(dsn, PASSWORDS)
            async with open_house(dsn, data / "data", PASSWORDS) as house:
                links = [house.links["patient"], house.links["patient2"], await house.newcomer("Ada", "Quick")]
                runs = [await _run(Cast(chromium), link) for link in links]
    finally:
        lodging.discard(data)
    _keep("patient's link page", [run[0] for run in runs], [run[1] for run in runs])
    _keep("patient's appointment page", [run[2] for run in runs], [run[3] for run in runs])


async def _run(cast: Cast, link: str) -> tuple[int, float, int, float]:
    phone = await cast.phone()
    scales = await Scales.under(phone.page, SLOW)
    first = await opened(phone, link)
    await phone.page.wait_for_load_state("networkidle")
    weighed = scales.bytes
    scales.empty()
    second = await gone_on(phone)
    await phone.page.wait_for_load_state("load")
    await phone.context.close()
    return weighed, first, scales.bytes, second


def _keep(page: str, weights: list[int], times: list[float]) -> None:
    kilobytes = [weight / 1000 for weight in weights]
    line = [weight / SLOW["downloadThroughput"] for weight in weights]
    alone = "the same bytes at the line's own speed"
    button = f"{page}, button usable at 100 kbit/s"
    record.keep(
        record.figure(f"{page}, transferred", "kB", kilobytes, at_most=MOST_KILOBYTES),
        record.figure(button, "s", times, baseline=alone, beside=line, at_most=MOST_SECONDS),
    )


if __name__ == "__main__":
    asyncio.run(main())
