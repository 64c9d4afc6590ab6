"""A form that one goes back to after it was sent: the step is taken once, and what was changed is asked about."""

from playwright.async_api import Browser, Page, expect

from tests.pages.test_console import COMMUNITY, collected
from tests.support.consoles import window
from tests.support.held import WHISTLE
from tests.support.inside import Inside

SERVICES = WHISTLE
PROBLEMS = "/api/v1/whistle/problems"


async def titles(platform: Inside) -> list[str]:
    listed = await platform("district_admin").get(PROBLEMS)
    return sorted(one["state"]["title"] for one in listed["items"])


async def sent_again(page: Page) -> None:
    await page.locator("form.step").get_by_role("button", name="登记问题").click()


async def test_a_form_that_one_goes_back_to_after_it_was_sent_is_the_same_step_until_it_is_changed(
    platform: Inside, url: str, opened: Browser
) -> None:
    visit = await window(opened, url, COMMUNITY)
    page = visit.page
    await page.goto(f"{url}/console/whistle/problems")
    await collected(page, "楼道堆放杂物")
    for _ in range(2):
        await page.go_back()
        await expect(page.get_by_label("标题")).to_have_value("楼道堆放杂物")
        await sent_again(page)
        await page.get_by_role("status").wait_for()
    assert await titles(platform) == ["楼道堆放杂物"]
    await page.go_back()
    await page.get_by_label("标题").fill("楼道停放电动车")
    await sent_again(page)
    await expect(page.get_by_role("alert")).to_contain_text("已经提交过")
    assert await titles(platform) == ["楼道堆放杂物"]
    await sent_again(page)
    await page.get_by_role("status").wait_for()
    assert await titles(platform) == ["楼道停放电动车", "楼道堆放杂物"]
    assert visit.strangers == []
