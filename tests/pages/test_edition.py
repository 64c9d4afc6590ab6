"""An edition on paper: nothing too wide, nothing loaded from anywhere, the figures of the data."""

from pathlib import Path

from playwright.async_api import Browser

from tests.pages.test_bulletin import PAPER
from tests.platform.test_index_editions import LEAD, fill
from tests.rules.index import sheet
from tests.support.browser import Visit
from tests.support.index import BASE, running


async def test_I_08_an_edition_is_printed_as_it_was_computed(
    tmp_path: Path, sqlite_url: str, opened: Browser
) -> None:
    async with running(tmp_path) as index:
        await fill(index)
        _, made = await index.ask(LEAD, "POST", "/editions/2026", {})
        context = await opened.new_context(
            extra_http_headers={"Authorization": f"Bearer {index.token(LEAD)}"},
            viewport=PAPER,  # type: ignore[arg-type]
            locale="zh-CN",
        )
        page = await context.new_page()
        visit = Visit(page, index.url)
        await page.emulate_media(media="print")
        answer = await page.goto(f"{index.url}{BASE}/editions/{made['id']}?format=html")
        assert answer is not None and answer.status == 200
        assert await visit.too_wide() == []
        assert (visit.errors, visit.strangers) == ([], [])
        text = await page.inner_text("body")
        assert "62.40" in text and "97.92%" in text
        chart = await page.get_by_role("img", name="一级指标得分").count()
        rows = await page.locator("tbody tr").count()
        _, demands = await index.ask(LEAD, "GET", f"/editions/{made['id']}/demands")
        asked = len(demands["asked"])
        assert (chart, rows) == (1, len(sheet.BINDING_MISSED) + 42 + 42 + asked)
        assert (await page.pdf(prefer_css_page_size=True)).startswith(b"%PDF")
