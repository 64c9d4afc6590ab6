"""W-14: the bulletin, the dispatch sheet and the yearly summary on paper, from the same figures as the data."""

from datetime import timedelta
from typing import Any

from playwright.async_api import Browser

from tests.flows.test_whistle_weaknesses import told
from tests.platform.test_whistle_receipts import WHISTLES, answered, collected
from tests.support.browser import Visit
from tests.support.buses import until
from tests.support.held import YEAR_OVER, clock, platform
from tests.support.inside import HeldClock, Inside

__all__ = ["clock", "platform"]

BULLETINS = "/api/v1/whistle/bulletins"
PAPER = {"width": 628, "height": 900}
"""What the margins leave of A4, in CSS pixels."""


async def printed(
    platform: Inside, opened: Browser, acts_as: str, period: str
) -> tuple[str, bytes, list[list[str]]]:
    """The text, the paper and the cells of every table; nothing amiss on the way."""
    token = platform(acts_as).token
    context = await opened.new_context(
        extra_http_headers={"Authorization": f"Bearer {token}"},
        viewport=PAPER,  # type: ignore[arg-type]
        locale="zh-CN",
    )
    page = await context.new_page()
    visit = Visit(page, platform.url)
    await page.emulate_media(media="print")
    answer = await page.goto(f"{platform.url}{BULLETINS}/{period}?format=html")
    assert answer is not None and answer.status == 200
    assert await visit.too_wide() == []
    assert (visit.errors, visit.strangers) == ([], [])
    rows = await page.evaluate(
        "() => [...document.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return await page.inner_text("body"), await page.pdf(prefer_css_page_size=True), rows


async def late(platform: Inside, clock: HeldClock) -> str:
    """The number of a whistle of the street whose unit did not come in time."""
    body = {
        "level": "street",
        "kind": "emergency",
        "units": ["water"],
        "lead": "water",
        "title": "管道爆裂",
        "category": "water",
    }
    blown = await platform("street:guanshang").post(WHISTLES, body)
    centre: Any = platform("command_centre")
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, blown["id"], step)
    clock.now += timedelta(minutes=31)

    async def missed() -> bool:
        page = await centre.get(WHISTLES, overdue="true")
        return [one["id"] for one in page["items"]] == [blown["id"]]

    await until(missed)
    return str(blown["number"])


async def test_W_14_the_printed_pages_say_what_the_data_says(
    platform: Inside, clock: HeldClock, opened: Browser
) -> None:
    await answered(platform, (await collected(platform))["id"])
    overdue = await late(platform, clock)

    text, paper, rows = await printed(platform, opened, "command_centre", "2026-03")
    assert "吹哨报到月通报" in text and "2026-03-01 至 2026-03-31" in text and "范围：全区" in text
    assert "官办通〔2019〕80号 七.2" in text and "制表时间 2026-03-02 10:31（北京时间）" in text
    assert ["区水务局", "1", "1", "0", "1/1（100.0%）", "1/1（100.0%）", "0", "84.00"] in rows
    assert ["关上中心区", "不公布"] in rows and "本期收集问题少于 3 件。" in text
    assert paper.startswith(b"%PDF")

    await platform.runtime.bus.publish(told(quarter="2026-Q1", before=7200))

    async def flagged() -> bool:
        sheet = await platform("command_centre").get(f"{BULLETINS}/2026-Q1")
        return "guanshang" in sheet["weaknesses"]

    await until(flagged)
    text, _, rows = await printed(platform, opened, "command_centre", "2026-Q1")
    assert ["关上街道", "whistles", "58.50", "72.00", "低于标准"] in rows
    assert "季调度单" in text
    assert [overdue, "关上街道"] == [row[:2] for row in rows if row[0] == overdue][0]

    clock.now = YEAR_OVER
    await platform("district_admin").post("/api/v1/whistle/assessments/water.2026/publish")
    text, _, rows = await printed(platform, opened, "command_centre", "2026")
    assert ["区水务局", "84.00"] in rows
    text, _, rows = await printed(platform, opened, "street:guanshang", "2026")
    assert "年度总结" in text and "范围：关上街道" in text
    assert ["关上街道", "2", "0", "100"] in rows


async def test_W_14_a_page_of_nothing_says_so(platform: Inside, opened: Browser) -> None:
    text, _, rows = await printed(platform, opened, "street:taihe", "2026-01")
    assert rows == [] and text.count("本期没有") == 2
    text, _, rows = await printed(platform, opened, "street:taihe", "2026-Q1")
    assert rows == [] and text.count("本期没有") == 3
    assert text.count("没有收到指数公布的薄弱环节。") == 1
