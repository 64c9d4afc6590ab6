"""An edition of the index from its draft to its publication, by clicking: the tree, what is missing, who says what."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.platform.test_index_editions import LEAD, PARTY, POINTS
from tests.rules.index import sheet
from tests.support.consoles import PHONE, fits, window
from tests.support.held import NOW
from tests.support.index import OWN
from tests.support.inside import HeldClock, Inside, inside

EDITIONS = "/api/v1/index/editions"
LACKS = 4


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    only = ("housing", "whistle", "index")
    async with inside(tmp_path / "data", clock=HeldClock(NOW), only=only) as running:
        yield running


async def drafted(platform: Inside) -> dict[str, Any]:
    """Of the hand-worked sheet without one of its points."""
    for point in POINTS:
        values, grades, _ = sheet.POINTS[point.number]
        if point.number == LACKS:
            continue
        given = [{"assessor": f"office_{n}", "grade": grade} for n, grade in enumerate(grades)]
        path = f"/api/v1/index/observations/2026/{point.number}"
        body = {"values": values, "grades": given, "evidence": OWN}
        await platform(f"department:{point.units[0]}").put(path, body)
    made: dict[str, Any] = await platform(LEAD).post(f"{EDITIONS}/2026", {})
    return made


async def taken(page: Page, step: str, *said: tuple[str, str]) -> None:
    await page.get_by_role("link", name=step, exact=True).click()
    for label, text in said:
        await page.locator("form.step").get_by_label(label).fill(text)
    await page.locator("form.step").get_by_role("button", name=step, exact=True).click()


async def test_I_08_an_edition_is_reviewed_answered_and_published_by_clicking(
    platform: Inside, url: str, opened: Browser
) -> None:
    made = await drafted(platform)
    lead = await window(opened, url, LEAD)
    page = lead.page
    await page.goto(f"{url}/console/index")
    await page.get_by_role("link", name="指数版本").click()
    await page.get_by_role("link", name="2026", exact=True).click()
    tree = page.locator(".tree tbody tr")
    await expect(tree.first).to_contain_text("62.42")
    assert await tree.count() > len(POINTS)
    await taken(page, "送审", ("第三方", "finance"))
    for words in ("I-08", "规则"):
        await expect(page.get_by_role("alert")).to_contain_text(words)
    await page.locator("form.step").get_by_label("第三方").fill("third_party")
    await page.locator("form.step").get_by_role("button", name="送审", exact=True).click()
    party, comment = platform(PARTY), {"point": 11, "text": "口径与上年不一致（演示）"}
    await party.step(EDITIONS, made["id"], "comments", comment)
    await page.goto(f"{url}/console/index/editions/{made['id']}")
    await expect(page.locator("main")).to_contain_text("口径与上年不一致（演示）")
    await taken(page, "答复意见", ("意见", "1"), ("答复", "已核实（演示）"))
    await party.step(EDITIONS, made["id"], "sign", {"opinion": "属实（演示）"})
    admin = await window(opened, url, "district_admin", PHONE)
    await admin.page.goto(f"{url}/console/index/editions/{made['id']}")
    await taken(admin.page, "公布")
    await page.goto(f"{url}/console/index/editions/{made['id']}")
    await expect(page.locator(".status")).to_have_text("已公布")
    await expect(page.locator("main")).to_contain_text("已核实（演示）")
    for visit in (lead, admin):
        assert await fits(visit.page) and visit.strangers == []
        assert all("409" in error for error in visit.errors), visit.errors
