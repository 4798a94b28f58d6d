"""The first pages are light: a phone at the edge of the network opens them too."""

import pytest

from browser.house import OpenHouse
from browser.people import Cast
from browser.weighing import Scales, gone_on, opened

pytestmark = pytest.mark.browser
MOST = 100_000


async def test_the_first_pages_are_light_and_the_second_time_lighter(house: OpenHouse, cast: Cast):
    phone = await cast.phone()
    scales = await Scales.under(phone.page)
    await opened(phone, house.links["patient"])
    await phone.page.wait_for_load_state("networkidle")
    link, files = scales.bytes, scales.requests
    assert 5_000 < link <= MOST and files > 10
    scales.empty()
    await gone_on(phone)
    await phone.page.wait_for_load_state("load")
    appointment = scales.bytes
    # Nothing that pages share comes twice: the address says that it is the same.
    assert appointment < 20_000 and link + appointment <= MOST
    print(f"\n  link page {link} bytes in {files} requests, appointment page {appointment} more")
