"""What tells pages apart and where one is: for who hears them, who has colours of his own, and who has a thumb."""

import re

from playwright.async_api import Browser, expect

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


HIDDEN = """hidden => {
    Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
"""Another tab is before it, or it is looked at again: a browser without windows takes every tab for one in sight."""


async def test_who_signs_out_in_one_window_leaves_in_the_others_only_what_he_typed(
    platform: Inside, url: str, opened: Browser
) -> None:
    id = await called(platform, "water")
    page = (await window(opened, url, "department:water")).page
    shown, still, typing, behind = [await page.context.new_page() for _ in range(4)]
    await shown.goto(f"{url}/console/whistle/whistles")
    await still.goto(f"{url}/console/begun")  # nothing of it changes by itself
    await typing.goto(f"{url}/console/whistle/whistles")
    await typing.get_by_role("searchbox").fill("河道")
    await behind.goto(f"{url}/console/whistle/whistles/{id}")
    await behind.get_by_role("link", name=re.compile("^报到")).click()
    await behind.get_by_role("heading", name="报到").wait_for()
    await behind.evaluate(HIDDEN, True)
    async with typing.expect_response(re.compile("/console/sign-in")):
        await page.get_by_role("button", name="退出").click()
    for window_of_his in (shown, still):
        await window_of_his.wait_for_url("**/console/sign-in?then=**")
    await expect(typing.get_by_role("searchbox")).to_have_value("河道")
    await expect(behind.locator("main")).to_contain_text("河道渗漏")
    await behind.evaluate(HIDDEN, False)
    await behind.wait_for_url("**/console/sign-in?then=**")
    await typing.get_by_role("searchbox").fill("")
    await typing.evaluate(HIDDEN, False)
    await typing.wait_for_url("**/console/sign-in?then=**")


async def test_who_signs_in_after_another_finds_nothing_of_his_in_the_other_tabs(
    platform: Inside, url: str, opened: Browser
) -> None:
    id = await called(platform, "water")
    page = (await window(opened, url, "department:water")).page
    record, rows = [await page.context.new_page() for _ in range(2)]
    await record.goto(f"{url}/console/whistle/whistles/{id}")
    await rows.goto(f"{url}/console/whistle/whistles/new?step=blow")
    for tab in (record, rows):
        await tab.evaluate(HIDDEN, True)
    await page.get_by_role("button", name="退出").click()
    form = page.locator("form").filter(has=page.locator("option[value='community:haihua']"))
    await form.locator("select").select_option("community:haihua")
    await form.get_by_role("button").click()
    await page.get_by_role("heading", name="今日").wait_for()
    await expect(record.locator("main")).to_contain_text("河道渗漏")
    for tab in (record, rows):
        await tab.evaluate(HIDDEN, False)
        await expect(tab.locator(".who")).to_contain_text("海华")
    await expect(record.get_by_text("河道渗漏")).to_have_count(0)


async def test_as_many_tabs_as_one_likes_are_open_and_the_next_still_comes(
    url: str, opened: Browser
) -> None:
    """A browser has six connections to one address, and each page that listened kept one."""
    page = (await window(opened, url, "street:guanshang")).page
    for _ in range(7):
        await page.evaluate(HIDDEN, True)
        page = await page.context.new_page()
        await page.goto(f"{url}/console/whistle/whistles")


async def test_a_stream_that_was_refused_is_taken_up_again(url: str, opened: Browser) -> None:
    """A browser gives up one that was answered with anything but a stream, as by a proxy whose server starts anew."""
    page = (await window(opened, url, "street:guanshang")).page
    await page.route("**/console/live", lambda route: route.fulfill(status=502))
    async with page.expect_request_finished(lambda one: one.url.endswith("/console/live")):
        await page.goto(f"{url}/console/whistle/whistles")
    await page.unroute("**/console/live")
    async with page.expect_response("**/console/live") as coming:
        pass
    assert (await coming.value).status == 200
