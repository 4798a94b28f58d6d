"""How long news takes: from the moment a patient asks to check in until the provider's feed says so."""

import asyncio
import statistics
import time

from clinic import WHERE
from journeys.house import OpenClinic


async def measure(clinic: OpenClinic, *, events: int) -> list[float]:
    """Seconds from request to notice, for so many check-ins one after another."""
    amara, osei = await clinic.patient(), await clinic.provider()
    await amara.consents()
    visits = [await clinic.book(amara, osei) for _ in range(events)]
    took: list[float] = []
    async with clinic.hands(osei).live([f"waiting-room.{osei.account}"]) as feed:
        await feed.welcomed()
        for visit in visits:
            began = time.perf_counter()
            asking = asyncio.create_task(amara.do(visit, "check-in", WHERE))
            async with asyncio.timeout(10):
                await feed.next("n", kind="PATIENT_CHECKED_IN", consultation=str(visit))
            took.append(time.perf_counter() - began)
            await asking
    return took


def quantile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return statistics.quantiles(values, n=1000, method="inclusive")[round(share * 1000) - 1]


def describe(took: list[float]) -> str:
    """One line for people."""
    p50, p95, p99 = (quantile(took, share) * 1000 for share in (0.5, 0.95, 0.99))
    return f"check-in to notice, {len(took)} times: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"
