"""What tells pages apart and where one is: for who hears them, who has colours of his own, and who has a thumb."""

import re

from playwright.async_api import Browser, Page, expect

from tests.platform.test_whistle_proofs import called
from tests.support.consoles import window
from tests.support.held import WHISTLE
from tests.support.inside import Inside

SERVICES = WHISTLE
SMALL = {"width": 360, "height": 740}
PAPER = {"width": 703, "height": 1000}
"""A4 within its margins."""
BEHIND = "one => getComputedStyle(one, '::after').content.includes('后面还有')"
TAB = "nav a[aria-current]"
WHOLE = """one => {
    const [own, around] = [one, one.closest('nav')].map(each => each.getBoundingClientRect());
    const said = getComputedStyle(one);
    const over = parseFloat(said.outlineOffset) + parseFloat(said.outlineWidth);
    return own.top - over >= around.top && own.bottom + over <= around.bottom;
}"""
"""The ring around what has the focus lies within what is seen of the menu."""


async def test_a_pages_title_says_of_what_it_is_and_what_came_of_it(
    platform: Inside, url: str, opened: Browser
) -> None:
    """It is what is read out first, and all that one sees of a tab."""
    id = await called(platform, "water")
    page = (await window(opened, url, "department:water")).page
    await page.goto(f"{url}/console/whistle/whistles/{id}")
    await page.get_by_role("link", name=re.compile("^报到")).click()
    await expect(page).to_have_title(re.compile("^报到.* · 河道渗漏 · 共治$"))
    await page.locator("form.step").evaluate("one => { one.noValidate = true; }")
    await page.get_by_label("地点").fill("北" * 200)
    await page.locator("form.step").get_by_role("button", name="报到").click()
    await expect(page).to_have_title(re.compile("^未能办理：报到.* · 河道渗漏 · 共治$"))
    await page.goto(f"{url}/console/whistle/whistles/{id}?done=报到")
    await expect(page).to_have_title("已办：报到 · 河道渗漏 · 共治")
    await page.goto(f"{url}/console/whistle/whistles?acted_by=me")
    await expect(page).to_have_title("哨 · 已办 · 吹哨报到 · 共治")
    await page.goto(f"{url}/console/whistle/wall")
    await expect(page).to_have_title("吹哨报到一览 · 共治")
    await page.goto(f"{url}/console/whistle/whistles/none")
    await expect(page).to_have_title("未能办理 · 共治")


async def test_where_one_is_is_seen_in_any_colours_and_what_is_ticked_has_room_for_a_thumb(
    platform: Inside, url: str, opened: Browser
) -> None:
    await called(platform, "water")
    visit = await window(opened, url, "street:guanshang", SMALL)
    page = visit.page
    await page.goto(f"{url}/console/whistle/whistles")
    await page.locator(TAB).focus()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Tab")
    assert await page.locator(TAB).evaluate(WHOLE)
    box = await page.get_by_role("checkbox", name="选中").first.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 24
    await page.emulate_media(forced_colors="active")
    other = page.locator("nav a:not([aria-current])").first
    widths = "one => parseFloat(getComputedStyle(one).borderTopWidth)"
    assert await page.locator(TAB).evaluate(widths) > 0 == await other.evaluate(widths)
    assert (visit.errors, visit.strangers) == ([], [])


async def turned_to(tab: Page) -> None:
    """It looks at its page again when one turns back to it."""
    async with tab.expect_response(re.compile("/console/sign-in")):
        await tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def test_who_signs_out_in_one_tab_leaves_in_the_others_only_what_he_typed(
    platform: Inside, url: str, opened: Browser
) -> None:
    id = await called(platform, "water")
    page = (await window(opened, url, "department:water")).page
    shown, typing = [await page.context.new_page() for _ in range(2)]
    await shown.goto(f"{url}/console/whistle/whistles/{id}")
    await typing.goto(f"{url}/console/whistle/whistles")
    await typing.get_by_role("searchbox").fill("河道")
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url("**/console/sign-in")
    await turned_to(shown)
    await shown.wait_for_url("**/console/sign-in?then=**")
    await expect(shown.get_by_text("河道渗漏")).to_have_count(0)
    await turned_to(typing)
    await expect(typing.get_by_role("searchbox")).to_have_value("河道")
    await typing.get_by_role("searchbox").fill("")
    await turned_to(typing)
    await typing.wait_for_url("**/console/sign-in?then=**")


async def test_a_list_on_paper_is_whole_or_says_that_it_is_not(
    platform: Inside, url: str, opened: Browser
) -> None:
    office = platform("community:guanshangzhongxinqu")
    for number in range(51):
        told = {"title": f"第{number}件（演示）", "asked": "请清理（演示）", "category": "parking"}
        said = {"channel": "visit", "community": "guanshangzhongxinqu", **told}
        await office.post("/api/v1/whistle/problems", said)
    visit = await window(opened, url, "street:guanshang", PAPER)
    page = visit.page
    await page.goto(f"{url}/console/whistle/problems")
    following = page.get_by_role("link", name="下一页")
    for more in (True, False):
        await page.emulate_media(media="print")
        assert await page.locator(".pages").evaluate(BEHIND) == more
        pressed = page.locator("main :is(button, .button, input, select, .pages a):visible")
        assert (await pressed.count(), await visit.too_wide()) == (0, [])
        await page.emulate_media(media="screen")
        if more:
            await following.click()
            await expect(following).to_have_count(0)
