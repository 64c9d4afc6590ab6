"""The console on a platform inside the test's loop, and somebody who clicks his way through it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Browser, Page

from console.limits import Limits
from console.main import build
from console.oidc import Client
from gongzhi import consoles, keys
from gongzhi.serving import server
from tests.support.browser import Visit
from tests.support.inside import Inside
from tests.support.platform import OFTEN

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PATIENCE = 120_000
"""Milliseconds: on a busy machine the first page waits for the whole description."""
FORGERY = re.compile(r'name="_forgery" value="([^"]+)"')


@asynccontextmanager
async def console_on(
    platform: Inside, client: Client | None = None, limits: Limits | None = None
) -> AsyncIterator[str]:
    """Its address: where `client` says that it is at home, or any."""
    key, tokens = keys.console_key(platform.data), consoles.tokens(platform.data)
    limits = limits or Limits(OFTEN, OFTEN)
    gateway, app = build(platform.url, key, platform.runtime.telemetry, limits, tokens, client)
    web = server(app, "127.0.0.1", urlsplit(client.home).port or 0 if client else 0)
    serving = asyncio.create_task(web.serve())
    try:
        while not web.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{web.servers[0].sockets[0].getsockname()[1]}"
    finally:
        web.should_exit = True
        await serving
        await gateway.close()


@pytest.fixture
async def url(platform: Inside) -> AsyncIterator[str]:
    """Of a console on the platform of the test's own module."""
    async with console_on(platform) as address:
        yield address


@dataclass
class Hand:
    """Somebody in a window of his own, with no browser: what is sent is what a form would send."""

    session: aiohttp.ClientSession
    url: str

    async def read(self, path: str, status: int = 200) -> str:
        async with self.session.get(self.url + path) as answer:
            assert answer.status == status, (path, answer.status)
            return await answer.text()

    async def forgery(self, path: str = "/console/sign-in") -> str:
        found = FORGERY.search(await self.read(path))
        assert found is not None
        return found[1]

    async def send(self, path: str, form: dict[str, str], status: int = 200) -> str:
        async with self.session.post(self.url + path, data=form) as answer:
            assert answer.status == status, (path, answer.status)
            return await answer.text()


@asynccontextmanager
async def hand(url: str, acts_as: str | None = None) -> AsyncIterator[Hand]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        somebody = Hand(session, url)
        if acts_as:
            form = {"_forgery": await somebody.forgery(), "acts_as": acts_as}
            await somebody.send("/console/sign-in", form)
        yield somebody


async def window(opened: Browser, url: str, acts_as: str, size: dict[str, int] = DESK) -> Visit:
    """Signed in by the page that everybody signs in with."""
    context = await opened.new_context(locale="zh-CN", viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    visit = Visit(page, url)
    await page.goto(f"{url}/console/sign-in")
    choice = page.locator(f"option[value='{acts_as}']")
    if await choice.count():
        form = page.locator("form").filter(has=choice)
        await form.locator("select").select_option(acts_as)
        await form.get_by_role("button").click()
    else:
        await page.locator(f"button[value='{acts_as}']").click()
    await page.get_by_role("heading", name="今日").wait_for()
    return visit


async def unsaid(page: Page) -> list[str]:
    """Of the hints and the errors of the page's forms those that nobody hears who doesn't see them: no field names
    them, or one names what isn't there.
    """
    found: list[str] = await page.evaluate(
        """() => {
            const named = [...document.querySelectorAll('[aria-describedby]')]
                .flatMap(one => one.getAttribute('aria-describedby').split(' '));
            const said = [...document.querySelectorAll('form span.hint:not(:empty), form .error')]
                .filter(one => one.closest('.field, fieldset, .drop') && !named.includes(one.id));
            return [...named.filter(id => !document.getElementById(id)), ...said.map(one => one.outerHTML)];
        }"""
    )
    return found


async def unheard(page: Page) -> list[str]:
    """Tables without a name, a second first heading, and what is to be said when it changes but is itself replaced."""
    found: list[str] = await page.evaluate(
        """() => [
            ...document.querySelectorAll('table:not([aria-label]), table[aria-label=""]'),
            ...[...document.querySelectorAll('h1')].slice(1),
            ...document.querySelectorAll('[data-live] [aria-atomic]'),
        ].map(one => one.outerHTML.slice(0, 120))"""
    )
    return found


async def fits(page: Page) -> bool:
    """Nobody has to push the page sideways."""
    wide: bool = await page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return not wide
