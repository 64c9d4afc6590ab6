"""Several whistles at once, the board, 催办, and a page whose event stream is cut: by clicking."""

import re

from playwright.async_api import Browser, Page, expect

from tests.support.consoles import fits, window
from tests.support.held import WHISTLE
from tests.support.inside import Inside

SERVICES = WHISTLE
WHISTLES = "/api/v1/whistle/whistles"
STREET, CENTRE, UNIT = "street:guanshang", "command_centre", "department:water"
TITLES = ("排污口一（演示）", "排污口二（演示）", "排污口三（演示）")


async def blown(platform: Inside, title: str) -> str:
    body = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    matter = {"title": title, "category": "water"}
    made = await platform(STREET).post(WHISTLES, {**body, **matter})
    return str(made["id"])


async def test_several_at_once_each_with_its_result_then_urged_and_seen_where_it_waits(
    platform: Inside, url: str, opened: Browser
) -> None:
    ids = [await blown(platform, title) for title in TITLES]
    centre = await window(opened, url, CENTRE)
    await batch(platform, centre.page, url, ids)
    await board(centre.page, url)
    street, unit = await window(opened, url, STREET), await window(opened, url, UNIT)
    await urged(street.page, unit.page, url, ids[0])
    for visit in (centre, street, unit):
        assert await fits(visit.page) and visit.strangers == []
        assert all("409" in error for error in visit.errors), visit.errors


async def batch(platform: Inside, page: Page, url: str, ids: list[str]) -> None:
    """Somebody is quicker with one of the three: that one says why not, and holds up no other."""
    await page.goto(f"{url}/console/whistle/whistles")
    for id in ids:
        await page.locator(f"input[name='ids'][value='{id}']").check()
    await page.get_by_label("对选中的批量办理").select_option("register")
    await page.get_by_role("button", name="批量办理").click()
    await expect(page.locator("tbody tr")).to_have_count(3)
    await platform(CENTRE).step(WHISTLES, ids[1], "register")
    await page.locator("form.step").get_by_role("button", name="立项").click()
    await expect(page.get_by_role("status")).to_contain_text("2 件已办，1 件未办")
    late = page.locator("tbody tr").filter(has_text=TITLES[1])
    await expect(late).to_contain_text(re.compile("规则 W-"))
    await expect(late.locator(".lamp.red")).to_be_visible()
    await page.goto(f"{url}/console/whistle/whistles")
    for id in ids:
        await page.locator(f"input[name='ids'][value='{id}']").check()
    await page.get_by_label("对选中的批量办理").select_option("dispatch")
    await page.get_by_role("button", name="批量办理").click()
    await page.locator("form.step").get_by_role("button", name="派遣").click()
    await expect(page.get_by_role("status")).to_contain_text("3 件已办，0 件未办")
    # And where somebody was quicker with all, each says so.
    await page.goto(f"{url}/console/whistle/whistles/batch?step=dispatch&ids={'&ids='.join(ids)}")
    await expect(page.locator("tbody .lamp.red")).to_have_count(3)
    assert await page.locator("form.step").count() == 0


async def board(page: Page, url: str) -> None:
    """State by state, and what is late or about to be stands on the wall."""
    await page.goto(f"{url}/console/whistle")
    await page.get_by_role("link", name="看板").click()
    called = page.get_by_role("region", name="已派遣")
    await expect(called.locator("h2 small")).to_have_text("3")
    await expect(called.get_by_role("link", name=TITLES[0])).to_be_visible()
    await page.get_by_role("link", name="问题", exact=True).click()
    await expect(page.get_by_role("heading", name="问题看板")).to_be_visible()
    await page.goto(f"{url}/console/whistle/wall")
    await expect(page.locator(".board li").filter(has_text="已派遣").first).to_contain_text("3")


async def urged(street: Page, unit: Page, url: str, id: str) -> None:
    """W-18: once in a working day; the second time the rule says why not. Whoever is urged sees it among what waits."""
    await unit.get_by_role("link", name=TITLES[0]).first.wait_for()
    await street.goto(f"{url}/console/whistle/whistles/{id}")
    await street.get_by_role("link", name="催办", exact=True).click()
    await street.locator("form.step").get_by_role("button", name="催办", exact=True).click()
    await expect(street.get_by_role("status")).to_contain_text("已办：催办")
    assert await unit.locator("[data-every='60']").count() == 1, "looked at again without an event"
    await unit.reload()
    mark = unit.locator(".rows > li").filter(has_text=TITLES[0]).first
    await expect(mark).to_contain_text("被催办")
    assert await street.get_by_role("link", name="催办", exact=True).count() == 0
    await street.get_by_role("link", name="不能办的及理由").click()
    closed = street.locator(".closed dl > div").filter(has=street.get_by_text("催办", exact=True))
    for words in ("W-18", "已经催办过"):
        await expect(closed).to_contain_text(words)
    every = await street.locator(".closed").inner_text()
    assert not re.search("[a-z]{3,}", every), "a step's or a state's code"


async def test_with_the_event_stream_cut_everything_is_there_only_later(
    platform: Inside, url: str, opened: Browser
) -> None:
    visit = await window(opened, url, CENTRE)
    page = visit.page
    await page.context.route("**/console/live", lambda route: route.abort())
    await page.goto(url)
    await blown(platform, TITLES[0])
    await page.reload()
    await page.get_by_role("link", name=TITLES[0]).first.click()
    await page.get_by_role("link", name="立项", exact=True).click()
    await page.locator("form.step").get_by_role("button", name="立项").click()
    await expect(page.get_by_role("status")).to_contain_text("已办：立项")
    await expect(page.locator(".status")).to_have_text("已立项")
    number = await page.locator("h1 small").inner_text()
    await page.get_by_role("link", name="一事一链").first.click()
    await page.get_by_label("编号").fill(number)
    await page.get_by_role("button", name="查看").click()
    await expect(page.locator(".story li").first).to_contain_text("吹哨")
    assert visit.strangers == []
