"""Forms with lists: a further row takes no step, Enter does, and one goes on where the row was added."""

import re

from playwright.async_api import Browser, Page, expect

from tests.platform.test_whistle_proofs import called
from tests.platform.test_whistle_receipts import STREET, WHISTLES
from tests.support.consoles import window
from tests.support.held import WHISTLE
from tests.support.inside import Inside

SERVICES = WHISTLE
HELD = "document.activeElement.closest('fieldset').id"


async def judged(platform: Inside) -> str:
    """As far as that it is marked."""
    id = await called(platform, "water")
    unit = platform("department:water")
    await unit.post(f"{WHISTLES}/{id}/units/water/arrive")
    result = {"outcome": "resolved", "summary": "已修复"}
    await unit.post(f"{WHISTLES}/{id}/units/water/result", result)
    await platform(STREET).step(WHISTLES, id, "confirm", {"done": True})
    await platform("command_centre").step(WHISTLES, id, "verify")
    return id


async def row_added(page: Page) -> None:
    await page.get_by_role("button", name="再加一项").click()
    await expect(page.locator("#f-findings-1")).to_be_visible()
    await page.keyboard.press("Tab")
    assert await page.evaluate(HELD) == "f-findings-1"


async def test_W_08_a_further_row_marks_nothing_and_enter_marks(
    platform: Inside, url: str, opened: Browser
) -> None:
    ids = [await judged(platform) for _ in range(3)]
    centre = await window(opened, url, "command_centre")
    page = centre.page
    await page.goto(f"{url}/console/whistle/whistles")
    for box in (await page.get_by_role("checkbox", name="选中").all())[:2]:
        await box.check()
    await page.get_by_label("对选中的批量办理").select_option("marks")
    await page.get_by_role("button", name="批量办理").click()
    await page.get_by_label("分数").fill("80")
    await row_added(page)
    assert await page.get_by_label("分数").input_value() == "80"
    await page.get_by_label("分数").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("2 件已办")
    await page.goto(f"{url}/console/whistle/whistles/{ids[0]}")
    await page.get_by_role("link", name="评分").click()
    await page.get_by_label("分数").fill("90")
    await row_added(page)
    await page.get_by_label("分数").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("已办：评分")
    assert (centre.errors, centre.strangers) == ([], [])


async def test_W_08_what_was_filled_in_before_a_row_was_added_stays_when_one_is_signed_out(
    platform: Inside, url: str, opened: Browser
) -> None:
    """The page that comes with the row holds it as if it had been there."""
    id = await judged(platform)
    page = (await window(opened, url, "command_centre")).page
    form = await page.context.new_page()
    await form.goto(f"{url}/console/whistle/whistles/{id}")
    await form.get_by_role("link", name="评分").click()
    await form.get_by_label("分数").fill("90")
    await row_added(form)
    async with form.expect_response(re.compile("/console/sign-in")):
        await page.get_by_role("button", name="退出").click()
    await form.evaluate(
        "async () => { await fetch(location.href); }"
    )  # as long as leaving would take
    await expect(form.get_by_label("分数")).to_have_value("90")
