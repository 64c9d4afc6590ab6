"""Experts score an application in windows of their own: sealed until the box is opened, by clicking alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.bodies import FACTS, item, plan
from tests.support.browser import Visit
from tests.support.consoles import console_on, fits, window
from tests.support.inside import Inside
from tests.support.procurement import (
    APPLICATION,
    SUPPLIER,
    Running,
    called,
    opened,
    published,
    started,
    stepped,
)

STREET = "street:guanshang"
POINTS = (("31", "47"), ("32", "48"), ("33", "49"))


@pytest.fixture
async def running(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Running]:
    async with started(tmp_path / "data") as one:
        supplier = {**SUPPLIER, "facts": FACTS}
        assert (await one.post("finance", "/suppliers", supplier)).status == 201
        yield one


@pytest.fixture
def platform(running: Running) -> Inside:
    return running.platform


async def drawn(running: Running) -> str:
    """A call with one application, closed, and three experts drawn for it; where it is."""
    id = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    call = await called(running, STREET, id, "i1")
    assert call.status == 201, call.body
    path = f"/solicitations/{call.body['id']}"
    applied = await running.post("supplier:tongxin", f"{path}/applications", APPLICATION)
    assert applied.status == 200, applied.body
    await opened(running, path)
    await running.fill_bank()
    assert (await stepped(running, "finance", path, "panel", {"size": 3})).status == 200
    seed = {"seed": "8024"}
    assert (await stepped(running, "discipline", path, "panel/draw", seed)).status == 200
    return f"/console/procurement{path}/sheet"


async def scores(page: Page, points: tuple[str, str]) -> None:
    for label, said in zip(("需求分析", "服务设计"), points, strict=True):
        await page.get_by_label(label).fill(said)
    await page.get_by_role("button", name="提交评分").click()


async def test_P_06_an_experts_scores_are_sealed_until_all_are_opened(
    running: Running, opened: Browser
) -> None:
    sheet = await drawn(running)
    async with console_on(running.platform) as url:
        experts: list[Visit] = [await window(opened, url, f"expert:{n}") for n in (7, 8, 9)]
        first, second = experts[0].page, experts[1].page
        # It waits on their first screen, and a click leads to the sheet.
        for expert in experts:
            await expert.page.goto(url)
            await expect(expert.page.locator("h1")).to_contain_text("社会工作方向")
            await expect(expert.page.locator("[data-live=waiting] li")).to_have_count(1)
            await expert.page.get_by_role("link", name="提交评分").click()
            await expect(expert.page.locator("h1")).to_contain_text("评分表")
        # More than the criterion gives is refused, with the rule; nothing was taken.
        await scores(first, ("41", "47"))
        refusal = first.get_by_role("alert")
        await expect(refusal).to_be_visible()
        await first.reload()
        await expect(first.locator(".status")).to_have_text("已交 0／3 份")
        await scores(first, POINTS[0])
        await expect(first.locator(".status")).to_have_text("已交 1／3 份")
        await second.reload()
        await expect(second.locator("main")).to_contain_text("封存")
        for one in (first, second):
            text = await one.locator("main").inner_text()
            assert "31" not in text and "47" not in text
        for expert, points in zip(experts[1:], POINTS[1:], strict=True):
            await scores(expert.page, points)
            await expert.page.get_by_role("status").wait_for()
        await first.goto(url)
        await expect(first.locator("[data-live=waiting]")).to_contain_text("没有等您办理的事项")
        finance = await window(opened, url, "finance")
        await finance.page.goto(url + sheet)
        await expect(finance.page.locator(".status")).to_have_text("已交 3／3 份")
        await finance.page.get_by_role("link", name="开封评分").click()
        await finance.page.locator("form.step").get_by_role("button", name="开封评分").click()
        await expect(finance.page.locator("main")).to_contain_text("240")
        for visit in (*experts, finance):
            assert await fits(visit.page)
            assert visit.strangers == []


async def test_P_11_who_steps_back_is_led_to_what_is_still_his(
    running: Running, opened: Browser
) -> None:
    await drawn(running)
    async with console_on(running.platform) as url:
        expert = (await window(opened, url, "expert:7")).page
        await expert.get_by_role("link", name="申请回避").click()
        await expert.get_by_role("textbox").fill("曾任职于申报单位")
        await expert.locator("form.step").get_by_role("button", name="申请回避").click()
        await expect(expert.get_by_role("heading", name="评审")).to_be_visible()
        await expect(expert.locator("main")).to_contain_text("没有评审")
