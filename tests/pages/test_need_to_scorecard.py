"""A need, clicked in four windows from its report to the street's scorecard, which changes while it is looked at."""

import re

from playwright.async_api import Browser, Page, expect

from tests.pages.test_console import CENTRE, COMMUNITY, STREET, UNITS, collected, confirm, press
from tests.support.consoles import PHONE, fits, window

SERVICES = ("housing", "whistle", "index")
TITLE = "消防通道被占用"
LIVE = 30_000


async def chosen(page: Page, *said: tuple[str, str]) -> None:
    for label, word in said:
        await page.get_by_label(label).select_option(word)


async def found(page: Page, status: str = "") -> None:
    """The whistle's own page, from the first screen."""
    await page.get_by_role("link", name="吹哨", exact=True).first.click()
    await page.get_by_role("link", name="哨", exact=True).click()
    await page.get_by_role("link", name=re.compile("-")).first.click()
    await expect(page.locator(".status")).to_contain_text(status, timeout=LIVE)


async def blown(page: Page) -> None:
    await page.get_by_role("link", name="今日").click()
    await page.get_by_role("link", name=TITLE).first.click()
    await page.get_by_role("link", name="分类").click()
    kinds = (("类型", "problem"), ("紧急程度", "urgent"), ("难度", "hard"), ("处理方式", "joint"))
    await chosen(page, *kinds)
    await confirm(page, "分类")
    await page.get_by_role("link", name="吹哨", exact=True).last.click()
    await page.get_by_label("类型").select_option("problem")
    await page.locator("input[value='urban_management']").check()
    await page.get_by_label("牵头单位").select_option("urban_management")
    await confirm(page, "吹哨")


async def handled(page: Page) -> None:
    """By the department: in time, and with a result."""
    await found(page, "已派遣")
    await page.get_by_role("link", name=re.compile("^报到")).click()
    await page.get_by_label("地点").fill("3 号楼北侧")
    await confirm(page, "报到")
    await page.get_by_role("link", name=re.compile("^提交结果")).click()
    await page.get_by_label("结果", exact=False).first.select_option("resolved")
    await page.get_by_label("办理情况").fill("已清理（演示）")
    await confirm(page, "提交结果")


async def marked(page: Page, points: str) -> None:
    await page.get_by_role("link", name="评分", exact=True).click()
    await page.get_by_label("分数").fill(points)
    await confirm(page, "评分")


async def rated(page: Page, code: str) -> None:
    """By the resident, without an account; each mark stands beside its circle."""
    await page.get_by_label("回执码").fill(code)
    await page.get_by_role("button", name="查询").click()
    mark = page.locator("label", has_text="4 分")
    circle, line = await mark.locator("input").bounding_box(), await mark.bounding_box()
    assert circle and line
    assert abs(circle["y"] + circle["height"] / 2 - line["y"] - line["height"] / 2) < 6
    assert circle["height"] < 30 and line["height"] >= 44
    await mark.click()
    await page.get_by_role("button", name="评价").click()
    await expect(page.locator("dt", has_text="反映人评分")).to_be_visible()


async def test_a_need_is_clicked_to_the_scorecard_that_changes_by_itself(
    url: str, opened: Browser
) -> None:
    secretary = await window(opened, url, COMMUNITY, PHONE)
    street, centre = await window(opened, url, STREET), await window(opened, url, CENTRE)
    unit = await window(opened, url, UNITS[0])
    card = await street.page.context.new_page()
    wrong = await card.goto(f"{url}/console/index/scorecards?quarter=2026-Q9")
    assert wrong and wrong.status == 422
    await card.goto(f"{url}/console/index/scorecards?street=guanshang")
    closed = card.locator("tr", has_text="办结的哨").first
    await expect(closed.locator("td").first).to_have_text("0")
    await collected(secretary.page, TITLE)
    code = await secretary.page.locator(".receipt").inner_text()
    await blown(street.page)
    await found(centre.page, "已吹哨")
    for step in ("立项", "派遣"):
        await press(centre.page, step)
    await handled(unit.page)
    await found(street.page)
    await street.page.get_by_role("link", name="确认处理情况").click(timeout=LIVE)
    await street.page.get_by_label("是", exact=True).first.check()
    await confirm(street.page, "确认处理情况")
    await centre.page.get_by_role("link", name="核实结项").click(timeout=LIVE)
    await confirm(centre.page, "核实结项")
    await marked(centre.page, "90")
    await street.page.reload()
    await marked(street.page, "80")
    await centre.page.reload()
    await press(centre.page, "综合评价")
    await street.page.reload()
    await street.page.get_by_role("link", name="答复反馈").click()
    await street.page.get_by_label("答复").fill("消防通道已恢复畅通（演示）")
    await confirm(street.page, "答复反馈")
    resident = await (await opened.new_context(locale="zh-CN", viewport=PHONE)).new_page()  # type: ignore[arg-type]
    await resident.goto(f"{url}/console/resident/receipt")
    await rated(resident, code)
    # Nobody asked for this page again.
    await expect(closed.locator("td").first).to_have_text("1", timeout=60_000)
    await card.get_by_role("link", name="办结的哨").click()
    await expect(card.get_by_role("link", name=TITLE)).to_be_visible()
    for visit in (secretary, street, centre, unit):
        assert await fits(visit.page)
        assert (visit.errors, visit.strangers) == ([], [])
