"""Past every screen there is, in the order in which a day brings them. Somebody looks at each."""

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from browser.house import OpenHouse
from browser.people import Cast, Laptop, Phone, Screen

Look = Callable[[Screen, str], Awaitable[None]]
AMARA, MEI, OKORO, OSEI = "Amara Okafor", "Mei Chow", "Amara Okoro", "Dr. Kwame Osei"


async def past_every_screen(house: OpenHouse, cast: Cast, look: Look, *, lang: str = "en", **how: object) -> None:
    """Three patients, a clinician and the desk; `look` is called at each stop with its name."""
    osei, desk = await cast.laptop(lang=lang, **how), await cast.laptop(lang=lang, **how)
    amara, mei, okoro = [await cast.phone(lang=lang, **how) for _ in range(3)]
    for screen in cast.screens:
        screen.expected = {404}  # a link that leads nowhere
    await _comes_to_work(house, osei, look)
    visit = await _checks_in(house, amara, look)
    await _on_another_device(house, await cast.phone(lang=lang, **how), look)
    await _others_wait(house, mei, okoro, look)
    await _all_wait(house, osei, [amara, mei, okoro], look)
    await _at_the_desk(house, desk, look)
    await _called_in(osei, amara, look)
    await _in_the_room(osei, amara, look)
    await _afterwards(house, osei, amara, look)
    await _not_today(mei, osei, look)
    await amara.page.goto(f"{house.base}/visit/{visit}x")
    await expect(amara.page.locator("h1")).to_be_visible()
    await look(amara, "problem")


async def _comes_to_work(house: OpenHouse, osei: Laptop, look: Look) -> None:
    await osei.page.goto(house.base)
    await look(osei, "door")
    await osei.page.goto(f"{house.base}/s/not-a-link")
    await osei.taps("staff-link.open")
    await osei.title("expired.title")
    await look(osei, "staff-link-expired")
    await osei.page.goto(house.links["provider"])
    await look(osei, "staff-link")
    await osei.signs_in(house.links["provider"])
    await osei.becomes("available")
    await look(osei, "provider-empty")


async def _checks_in(house: OpenHouse, amara: Phone, look: Look) -> str:
    await amara.page.goto(f"{house.base}/k/not-a-link")
    await amara.taps("link.open")
    await amara.title("expired.title")
    await look(amara, "patient-link-expired")
    await amara.page.goto(house.links["patient"])
    await look(amara, "patient-link")
    visit = await amara.opens(house.links["patient"])
    await look(amara, "patient-appointment")
    await amara.taps("appointment.cannot-come")
    await look(amara, "patient-cannot-come")
    await amara.taps("appointment.start")
    await amara.title("consent.question")
    await look(amara, "patient-consent")
    await amara.taps("consent.full")
    await look(amara, "patient-consent-full")
    await amara.taps("consent.yes")
    await amara.title("place.question")
    await look(amara, "patient-place")
    await amara.says_where()
    await look(amara, "patient-device")
    await amara.tests_devices()
    await look(amara, "patient-device-tested")
    await amara.takes_a_seat()
    return str(visit)


async def _on_another_device(house: OpenHouse, tablet: Phone, look: Look) -> None:
    tablet.expected = {422}
    await tablet.page.goto(house.links["patient"])
    await tablet.taps("link.open")
    await tablet.title("link.birth-date-title")
    await look(tablet, "patient-new-device")
    await tablet.says_born("3", "2", "1956")
    await expect(tablet.page.get_by_role("alert")).to_have_text(tablet.t("refused.birth-date-wrong"))
    await look(tablet, "patient-new-device-wrong")
    await tablet.says_born("3", "2", "1955")
    await tablet.title("waiting.title")
    await tablet.page.close()


async def _others_wait(house: OpenHouse, mei: Phone, okoro: Phone, look: Look) -> None:
    await mei.checks_in(house.links["patient2"])
    await okoro.opens(await house.patient_link(OKORO))
    await okoro.taps("appointment.start")
    await okoro.taps("consent.yes")
    await okoro.sees("journey.title")
    await look(okoro, "patient-too-early")
    await house.comes_earlier(OKORO, minutes=30)
    await okoro.page.reload()
    await okoro.taps("appointment.start")
    await okoro.says_where("3 Ferry Street, Albany")
    await okoro.skips("no-camera")


async def _all_wait(house: OpenHouse, osei: Laptop, patients: list[Phone], look: Look) -> None:
    await house.later(minutes=8)
    for patient in patients:
        await patient.page.reload()
    amara, mei, _ = patients
    await look(amara, "patient-waiting-after-a-reload")
    await amara.page.locator("h1").click()  # any tap turns the bell on
    await expect(amara.button("bell.locked")).to_have_count(0)
    await look(amara, "patient-waiting")
    await mei.taps("waiting.message")
    await mei.writes("I have to leave by eleven.")
    await expect(mei.bubble("I have to leave by eleven.").locator(".state")).to_have_text(mei.t("chat.sent"))
    await look(mei, "patient-waiting-message")
    await osei.page.reload()
    await expect(osei.page.locator("staff-list [data-row]")).to_have_count(3)
    await expect(osei.page.locator("staff-list")).not_to_contain_text(osei.t("row.not-here"))
    await look(osei, "provider-waiting-room")
    await osei.page.locator("details[data-key=availability] summary").click()
    await look(osei, "provider-availability")
    await osei.page.keyboard.press("Escape")
    await osei.page.locator("staff-list [data-row]").first.focus()
    await osei.page.keyboard.press("?")
    await look(osei, "provider-keys")
    await osei.page.keyboard.press("Escape")


async def _at_the_desk(house: OpenHouse, desk: Laptop, look: Look) -> None:
    await desk.signs_in(house.links["desk"])
    await look(desk, "desk")
    await desk.page.locator(".waiting [data-open]").first.click()
    await desk.page.get_by_role("dialog").get_by_text(desk.t("row.cancel"), exact=True).click()
    await look(desk, "desk-person")


async def _called_in(osei: Laptop, amara: Phone, look: Look) -> None:
    await osei.row(AMARA).locator("[data-start]").click()
    await expect(osei.page.get_by_role("dialog")).to_be_visible()
    await look(osei, "provider-guard")
    await osei.page.locator("[data-start-visit]").click()
    await osei.page.wait_for_url("**/consultations/*")
    await expect(osei.page.locator("h1")).to_have_text(AMARA)
    await look(osei, "provider-calling")
    await amara.title("ready.title", who=OSEI)
    await look(amara, "patient-ready")


async def _in_the_room(osei: Laptop, amara: Phone, look: Look) -> None:
    await amara.taps("ready.go-in")
    await amara.sees("room.here", n=2)
    for screen, words in (
        (amara, "My evening readings are higher than in the morning."),
        (osei, "Thank you. Can you sit up for a moment, and tell me how your ankles look?"),
        (amara, "A little swollen."),
    ):
        await screen.writes(words)
        for reader in (amara, osei):
            await reader.reads(words)
    await expect(amara.bubble("A little swollen.").locator(".state")).to_contain_text(amara.t("chat.seen"))
    await expect(osei.page.locator(".chips")).to_contain_text(osei.t("state.in-progress"))
    await look(amara, "patient-room")
    await amara.page.locator("details[data-key=people] summary").click()
    await look(amara, "patient-room-people")
    await look(osei, "provider-room")
    await osei.page.locator("details[data-key=back] summary").click()
    await look(osei, "provider-send-back")
    await osei.page.keyboard.press("Escape")


async def _afterwards(house: OpenHouse, osei: Laptop, amara: Phone, look: Look) -> None:
    await house.later(minutes=11)
    await osei.taps("visit.end")
    await osei.sees("wrap.question", name="Amara")
    await osei.page.locator("#summary").fill("Take the evening tablet with food. Weigh yourself every morning.")
    await look(osei, "provider-wrapping-up")
    await amara.title("ended.title")
    await look(amara, "patient-ended")
    await osei.page.locator("label:has(input[name=follow_up][value=yes])").click()
    place = osei.page.url
    await osei.taps("wrap.complete")
    await osei.page.wait_for_url("**/waiting-room")
    await amara.sees("ended.wrote", who=OSEI)
    await look(amara, "patient-summary")
    await osei.page.goto(place)
    await osei.sees("wrap.was-written", name="Amara")
    await look(osei, "provider-completed")


async def _not_today(mei: Phone, osei: Laptop, look: Look) -> None:
    await mei.page.reload()
    await mei.taps("waiting.leave")
    await mei.page.locator("label:has(input[value=cannot-come])").click()
    await mei.taps("cancel.do")
    await mei.title("closed.cancelled")
    await look(mei, "patient-cancelled")
