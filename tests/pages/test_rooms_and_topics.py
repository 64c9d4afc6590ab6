"""Rooms booked for several weeks, a resident's topic up to its answer, and a policy that was changed: by clicking."""

import re
from datetime import datetime, timedelta

from playwright.async_api import Browser, Page, expect

from chassis.kernel.clock import SHANGHAI
from tests.flows.test_housing_bookings import ROOM
from tests.support.browser import Visit
from tests.support.consoles import PHONE, fits, window
from tests.support.inside import Inside

SERVICES = ("housing", "whistle", "consultation")
PLACE = "guanshangzhongxinqu"
COMMUNITY = f"community:{PLACE}"
HOUSING = "/api/v1/housing"


async def test_what_a_community_and_its_residents_do_with_its_rooms_and_topics(
    platform: Inside, url: str, opened: Browser
) -> None:
    secretary = await window(opened, url, COMMUNITY, PHONE)
    await booked(platform, secretary.page, url)
    await proposed(opened, secretary.page, url)
    await policy_changed(opened, url)
    await policy_read(secretary.page, url)
    assert secretary.strangers == []
    assert all("409" in error for error in secretary.errors), secretary.errors


async def booked(platform: Inside, page: Page, url: str) -> None:
    """H-10: each week has a result of its own, and one that is refused holds up no other."""
    office = platform(COMMUNITY)
    made = await office.post(f"{HOUSING}/premises/{PLACE}/rooms", ROOM)
    room = made["state"]["rooms"][-1]["id"]
    first = datetime.now(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
    first += timedelta(days=3)
    taken = first + timedelta(weeks=1)
    hours = {"start": taken.isoformat(), "end": (taken + timedelta(hours=1)).isoformat()}
    await office.post(f"{HOUSING}/rooms/{room}/bookings", {**hours, "purpose": "volunteer"})
    await page.goto(f"{url}/console/housing/premises/{PLACE}/rooms")
    await page.get_by_role("link", name="活动室").click()
    await page.get_by_label("日期").fill(first.date().isoformat())
    await page.get_by_label("开始").fill("09:00")
    await page.get_by_label("结束").fill("10:00")
    await page.get_by_label("每周一次，共几周").fill("三")
    await page.get_by_role("button", name="预订", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("请写明日期、起止时间和周数")
    await page.get_by_label("每周一次，共几周").fill("3")
    await page.get_by_role("button", name="预订", exact=True).click()
    results = page.get_by_role("status").locator("tbody tr")
    await expect(results).to_have_count(3)
    for number, said in enumerate(("已预订", "H-10", "已预订")):
        await expect(results.nth(number)).to_contain_text(said)
    await expect(results.nth(1)).to_contain_text(taken.strftime("%Y-%m-%d 09:00"))
    assert await fits(page)
    await page.goto(f"{page.url.partition('?')[0]}?month={first:%Y-%m}")
    await expect(page.locator(".month")).to_contain_text("09:00–10:00")
    await page.get_by_label("取消的缘由").first.fill("活动改期（演示）")
    await page.get_by_role("button", name="取消预订").first.click()
    await expect(page.get_by_role("status")).to_contain_text("取消预订")
    await expect(page.locator(".month .gone").first).to_be_visible()


async def proposed(opened: Browser, secretary: Page, url: str) -> None:
    """By somebody without an account, who is answered by the committee's office and reads it by the code."""
    context = await opened.new_context(locale="zh-CN", viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    visit = Visit(page, url)
    await page.goto(f"{url}/console/resident/topic")
    await page.get_by_label("在哪个社区").select_option(PLACE)
    await page.get_by_label("商量什么").fill("增设晾衣架（演示）")
    await page.get_by_label("为什么，您的想法").fill("楼下没有地方晾衣服")
    await page.get_by_role("button", name="提交").click()
    code = (await page.locator(".receipt").inner_text()).replace(" ", "")
    await expect(page.locator(".large")).to_contain_text("再保存 365 天，期满自动删除")
    await secretary.goto(f"{url}/console/consultation/proposals")
    await secretary.get_by_role("link", name=re.compile("晾衣架")).click()
    await secretary.get_by_role("link", name="答复不列为议题").click()
    reason = secretary.locator("form.step textarea, form.step input[type='text']").first
    await reason.fill("已列入今年的改造计划（演示）")
    await secretary.locator("form.step").get_by_role("button", name="答复不列为议题").click()
    await expect(secretary.get_by_role("status")).to_contain_text("答复不列为议题")
    await page.goto(f"{url}/console/resident/topic/receipt")
    await page.get_by_label("查询码").fill(code)
    await page.get_by_role("button", name="查询").click()
    await expect(page.locator(".record")).to_contain_text("已列入今年的改造计划")
    assert await fits(page) and (visit.errors, visit.strangers) == ([], [])


async def policy_changed(opened: Browser, url: str) -> None:
    """What is refused is called as it is on the page, at its field, and nothing is lost."""
    admin = await window(opened, url, "district_admin", PHONE)
    page = admin.page
    await page.goto(f"{url}/console/rules/whistle/policy")
    await page.get_by_role("link", name="更改").click()
    amount = page.get_by_label("报到时限 › 应急哨 › 时限")
    await amount.fill("二十")
    await page.get_by_label("理由").fill("应急报到从严（演示）")
    await page.get_by_role("button", name="记为新的一版").click()
    await expect(page.get_by_role("alert")).to_contain_text(
        "报到时限 › 应急哨 › 时限（工作日或秒）：应为整数"
    )
    await expect(amount).to_have_attribute("aria-invalid", "true")
    assert await amount.input_value() == "二十"
    await amount.fill("20")
    await page.get_by_role("button", name="记为新的一版").click()
    await expect(page.get_by_role("status")).to_be_visible()
    assert await fits(page)


async def policy_read(page: Page, url: str) -> None:
    """Which numbers changed, from what to what, when, why and by whom; to be read by any office."""
    await page.goto(f"{url}/console/rules/whistle/policy")
    latest = page.locator(".rows > li").first
    for words in ("第 2 版", "应急报到从严（演示）", "区管理员", "20"):
        await expect(latest).to_contain_text(words)
    assert await latest.locator("tbody tr").count() == 1
    await page.get_by_text("现行各项").click()
    text = await page.locator("main").inner_text()
    assert not re.findall(r"[a-z]+_[a-z]+", text), "a field's own name"
    assert await fits(page)
    await page.goto(f"{url}/console/rules/whistle/W-02")
    await expect(page.locator("main")).to_contain_text("〔2019〕80号")
