"""A colleague comes in by a link once, and from then on by the passkey of their device."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import CDPSession, expect

from browser.house import OpenHouse
from browser.people import Cast, Laptop

pytestmark = pytest.mark.browser


async def has_a_fingerprint_reader(laptop: Laptop) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and makes sure of its owner, as the browser knows it."""
    cdp = await laptop.context.new_cdp_session(laptop.page)
    await cdp.send("WebAuthn.enable")
    what = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = what | {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, made["authenticatorId"]


def by_name(house: OpenHouse, link: str) -> str:
    """The same address by the machine's name: a passkey belongs to a name, never to a number."""
    return link.replace(house.base, f"http://localhost:{urlsplit(house.base).port}")


async def test_who_came_in_by_a_link_adds_a_passkey_and_signs_in_with_it(house: OpenHouse, cast: Cast):
    osei = await cast.laptop()
    cdp, device = await has_a_fingerprint_reader(osei)
    page = osei.page
    await osei.signs_in(by_name(house, house.links["provider"]))
    await page.goto(by_name(house, f"{house.base}/me"))
    await osei.sees("passkeys.none")
    await osei.taps("passkeys.add")
    await expect(page.locator("[data-passkey-row]")).to_have_count(1)
    assert len((await cdp.send("WebAuthn.getCredentials", {"authenticatorId": device}))["credentials"]) == 1

    await page.locator("details[data-key=me] summary").click()
    await osei.taps("staff.sign-out")
    await osei.taps("door.staff")
    # Whoever does not prove to the device who they are stays outside, and is told so.
    await cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    await osei.taps("sign-in.do")
    await osei.sees("sign-in.not-done")
    await cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    await osei.taps("sign-in.do")
    await page.wait_for_url(re.compile("/waiting-room$"))
    how = "select count(*) from session where method = 'passkey'"
    assert await house.count(how) == 1

    # The page of another address gets nothing out of the device, and what it would send is refused.
    await page.goto(f"{house.base}/sign-in")
    await osei.taps("sign-in.do")
    await osei.sees("sign-in.not-done")
    assert await house.count(how) == 1

    await page.goto(by_name(house, f"{house.base}/me"))
    await osei.taps("passkeys.remove")
    await osei.sees("passkeys.none")
    kinds = await house.owner.fetch("select entry from journal_pending union all select entry from journal")
    told = [json.loads(row["entry"])["kind"] for row in kinds]
    assert (told.count("CREDENTIAL_ADDED"), told.count("CREDENTIAL_REMOVED")) == (1, 1)


async def test_signing_out_everywhere_closes_the_other_page_while_one_looks(house: OpenHouse, cast: Cast):
    here, there = await cast.laptop(), await cast.laptop()
    await here.signs_in(house.links["provider"])
    await there.signs_in((await house.clinic.links(house.base))["provider"])
    await expect(there.page.locator("[data-live-dot]")).to_be_visible()
    await here.page.goto(f"{house.base}/me")
    await expect(here.page.locator("[data-session-row]")).to_have_count(2)
    there.expected.add(401)
    await here.taps("sessions.end")
    await here.title("door.title")
    await there.sees("live.signed-out")
    assert await house.count("select count(*) from session") == 0
