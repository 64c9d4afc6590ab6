"""Signing in to the console through a real identity provider, in a real browser."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from console.visitors import COOKIE
from tests.support.consoles import console_on
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside
from tests.support.provider import Provider, enter, provider

NEW = "/console/whistle/problems/new?step=collect"
TOKEN = re.compile(r"eyJ[\w-]+\.eyJ")
"""What a token looks like; sealed text may have a part of it by itself."""


@dataclass
class Signing:
    platform: Inside
    provider: Provider
    url: str


@asynccontextmanager
async def signing(folder: Path, opened: Browser, **more: Any) -> AsyncIterator[Signing]:
    async with provider(folder, **more) as one:
        trusted: dict[str, Any] = {"issuer": one.url, "jwks": None}
        async with (
            inside(folder / "data", only=WHISTLE, **trusted) as platform,
            console_on(platform, one.client) as url,
        ):
            assert url == one.home
            # Else it is put together while a session runs out that is to last for one form.
            async with platform.session.get(f"{platform.url}/openapi.json") as answer:
                await answer.read()
            yield Signing(platform, one, url)
            for context in opened.contexts:
                await context.close()  # A page that still listens would be waited for.


async def fill(page: Page, title: str) -> None:
    await page.get_by_label("渠道").select_option("visit")
    await page.get_by_label("类别").select_option("parking")
    await page.get_by_label("标题").fill(title)
    await page.get_by_label("反映内容").fill("请清理（演示）")


async def to_the_provider(page: Page, who: str) -> None:
    await page.get_by_role("link", name="用统一身份认证登录").click()
    await enter(page, who)


async def test_one_signs_in_acts_and_signs_out_at_the_provider_too(
    tmp_path: Path, opened: Browser
) -> None:
    async with signing(tmp_path, opened) as at:
        context = await opened.new_context(locale="zh-CN")
        page = await context.new_page()
        await page.goto(at.url + NEW)
        await to_the_provider(page, "zhang")
        # Back where he wanted to go.
        await expect(page.get_by_role("heading", name="登记问题")).to_be_visible()
        await fill(page, "楼道堆物")
        await page.locator("form.step").get_by_role("button", name="登记问题").click()
        await page.get_by_role("status").wait_for()
        for cookie in await context.cookies():
            if cookie["name"].startswith(COOKIE):
                assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
                assert not TOKEN.search(cookie["value"])
        await page.get_by_role("button", name="退出").click()
        await page.get_by_role("button", name="Yes, sign me out").click()
        await expect(page.get_by_role("heading", name="登录")).to_be_visible()
        await page.goto(at.url)
        await page.get_by_role("link", name="用统一身份认证登录").click()
        await expect(page.locator("input[name=login]")).to_be_visible()


async def test_who_has_several_offices_chooses_and_may_change_who_has_none_is_told(
    tmp_path: Path, opened: Browser
) -> None:
    async with signing(tmp_path, opened) as at:
        page = await (await opened.new_context(locale="zh-CN")).new_page()
        await page.goto(at.url)
        await to_the_provider(page, "li")
        await page.get_by_role("button", name="指挥中心").click()
        await expect(page.locator("h1")).to_contain_text("指挥中心")
        await page.get_by_role("link", name="指挥中心").click()
        await page.get_by_role("button", name="关上街道").click()
        await expect(page.locator("h1")).to_contain_text("关上街道")
        other = await (await opened.new_context(locale="zh-CN")).new_page()
        await other.goto(at.url)
        await to_the_provider(other, "wang")
        await expect(other.locator("main")).to_contain_text("还没有办事身份")


async def test_an_ended_session_leads_to_sign_in_and_back_and_what_was_typed_is_kept(
    tmp_path: Path, opened: Browser
) -> None:
    async with signing(tmp_path, opened, lasts=40) as at:
        context = await opened.new_context(locale="zh-CN")
        page = await context.new_page()
        await page.goto(at.url + NEW)
        await to_the_provider(page, "zhang")
        await fill(page, "路灯不亮")
        await asyncio.sleep(42)
        await page.locator("form.step").get_by_role("button", name="登记问题").click()
        await expect(page.get_by_role("heading", name="登录已过期")).to_be_visible()
        async with context.expect_page() as coming:
            await page.get_by_role("link", name="在新窗口重新登录").click()
        again = await coming.value
        await again.get_by_role("link", name="用统一身份认证登录").click()
        # The provider still knows him: nothing is typed a second time.
        await expect(again.get_by_role("heading", name="已登录")).to_be_visible()
        await page.get_by_role("button", name="继续提交").click()
        await page.get_by_role("status").wait_for()
        await expect(page.locator("h1")).to_contain_text("路灯不亮")


async def test_a_token_is_renewed_without_anybody_noticing(tmp_path: Path, opened: Browser) -> None:
    """It ends sooner than it is thought to last: each page asks for a new one."""
    async with signing(tmp_path, opened, lasts=20, refresh=True) as at:
        page = await (await opened.new_context(locale="zh-CN")).new_page()
        await page.goto(at.url)
        await to_the_provider(page, "zhang")
        for _ in range(3):
            await expect(page.get_by_role("heading", name="今日")).to_be_visible()
            await page.goto(at.url)
