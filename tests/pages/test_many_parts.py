"""What may be done to each of many parts stands once, wherever a record is listed, and stays open while others work."""

from playwright.async_api import Browser, ViewportSize, expect

from tests.support.consoles import PHONE, fits, window
from tests.support.consultation import COMMUNITY, committee, topic
from tests.support.inside import Inside

SERVICES = ("housing", "whistle", "consultation")
PATH = "/api/v1/consultation"
SMALL = ViewportSize(width=360, height=740)
"""What most phones have."""
WITHIN = """one => one.getBoundingClientRect().right
    <= one.closest('li, .wide').getBoundingClientRect().right - 4"""
"""Nothing of it is cut off by its card."""


async def test_a_committee_of_many_seats_is_a_row_like_others_and_what_was_opened_stays_so(
    platform: Inside, url: str, opened: Browser
) -> None:
    community = platform(COMMUNITY)
    seated = await community.post(f"{PATH}/committees", committee())
    visit = await window(opened, url, COMMUNITY, PHONE)
    page = visit.page
    row = page.locator("#waiting ~ div .rows > li").filter(has_text="议事委员会")
    seats = row.locator("details").filter(has_text="年度考核")
    button = seats.get_by_role("link", name="年度考核（").first
    await expect(seats.locator("a")).to_have_count(len(seated["state"]["members"]))
    await expect(button).not_to_be_visible()
    assert await row.evaluate("one => one.offsetHeight") < PHONE["height"] / 2
    await seats.locator("summary").click()
    await expect(button).to_be_visible()
    await page.locator("h1").click()
    await page.evaluate("document.activeElement.blur()")
    await community.post(f"{PATH}/matters", topic(seated, title="增设晾衣架（演示）"))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.get_by_role("link", name="增设晾衣架").first).to_be_visible()
    await expect(button).to_be_visible()
    await page.set_viewport_size(SMALL)
    for there in (page.url, f"{url}/console/consultation/committees"):
        await page.goto(there)
        lamp = page.locator("main .lamp small").first
        await expect(lamp).to_be_visible()
        assert await lamp.evaluate(WITHIN), there
        assert await fits(page)
    assert (visit.errors, visit.strangers) == ([], [])
