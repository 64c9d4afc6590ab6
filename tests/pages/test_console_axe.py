"""Every page of the console, for each role and in both sizes, before axe-core: nothing serious, nothing critical."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from tests.support.browser import browser
from tests.support.consoles import DESK, PATIENCE, PHONE, console_on, fits, window
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside
from tests.support.provider import packages

ROLES = (
    "community:guanshangzhongxinqu",
    "street:guanshang",
    "department:water",
    "command_centre",
    "district_admin",
)
BEGIN = (
    "/",
    "/console/whistle",
    "/console/whistle/wall",
    "/console/done",
    "/console/begun",
    "/console/whistle/whistles",
    "/console/story",
    "/console/rules",
    "/console/running",
)
PUBLIC = ("/console/sign-in", "/console/resident", "/console/resident/receipt")
ENOUGH = 15
"""Pages of one role and size: of those that are alike, one stands for all."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")


@pytest.fixture
async def url(tmp_path: Path, sqlite_url: str) -> AsyncIterator[str]:
    async with inside(tmp_path / "data", only=WHISTLE) as platform:
        await platform.ready()
        await filled(platform)
        async with console_on(platform) as address:
            yield address


@pytest.fixture
async def opened(chromium: str) -> AsyncIterator[Browser]:
    async with browser(chromium) as started:
        yield started


async def filled(platform: Inside) -> None:
    """A whistle that a unit is at work on, and a problem."""
    body = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    matter = {"title": "河道排污口（演示）", "category": "water"}
    made = await platform("street:guanshang").post("/api/v1/whistle/whistles", {**body, **matter})
    for step in ("register", "dispatch"):
        await platform("command_centre").step("/api/v1/whistle/whistles", made["id"], step)


def alike(path: str) -> str:
    """The same kind of page: without ids and without what is asked."""
    parts = urlsplit(path).path.split("/")
    return "/".join("…" if len(part) > 20 else part for part in parts)


async def found(page: Page, program: str) -> list[str]:
    """What axe says, in a line each. It is put in by the test: the pages' own policy lets nothing foreign in."""
    await page.evaluate(program)
    asked = json.dumps({"runOnly": {"type": "tag", "values": RULES}})
    said = await page.evaluate(f"axe.run(document, {asked})")
    return [
        f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in said["violations"]
        if one["impact"] in ("serious", "critical")
    ]


async def walked(
    page: Page, url: str, begin: tuple[str, ...], program: str
) -> dict[str, list[str]]:
    waiting, seen, wrong = list(begin), set[str](), dict[str, list[str]]()
    while waiting and len(seen) < ENOUGH:
        path = waiting.pop(0)
        if alike(path) in seen:
            continue
        seen.add(alike(path))
        await page.goto(url + path)
        faults = await found(page, program)
        if not await fits(page):
            faults.append("too wide")
        if faults:
            wrong[path] = faults
        links = await page.eval_on_selector_all(
            "main a[href^='/console/']", "all => all.map(one => one.getAttribute('href'))"
        )
        waiting += links
    assert len(seen) >= len(begin)
    return wrong


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_serious_on_any_page_of_any_role(
    url: str, opened: Browser, size: dict[str, int]
) -> None:
    program = (packages() / "axe-core" / "axe.min.js").read_text("utf-8")
    wrong: dict[str, dict[str, list[str]]] = {}
    context = await opened.new_context(locale="zh-CN", viewport=size, bypass_csp=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    wrong["nobody"] = await walked(await context.new_page(), url, PUBLIC, program)
    for role in ROLES:
        visit = await window(opened, url, role, size)
        wrong[role] = await walked(visit.page, url, BEGIN, program)
        await visit.page.context.close()
    assert {role: pages for role, pages in wrong.items() if pages} == {}
