"""A street's card on paper: nothing too wide, nothing loaded from anywhere, the chart read out."""

import re
from pathlib import Path

from playwright.async_api import Browser

from contracts import housing, procurement
from tests.contracts.examples import EXAMPLES
from tests.pages.test_bulletin import PAPER
from tests.platform.test_index_weaknesses import closed
from tests.support.browser import Visit
from tests.support.index import BASE, MARCH, running


def pages(pdf: bytes) -> int:
    """Chromium writes a page's dictionary uncompressed."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


async def test_I_11_a_card_is_printed(tmp_path: Path, sqlite_url: str, opened: Browser) -> None:
    async with running(tmp_path) as index:
        for street, score in (("guandu", 5500), ("liujia", 9000)):
            await closed(index, street, score, MARCH)
        room = {"community": "haihua", "day": "2026-03-01", "area": 40_000, "met": True}
        await index.hear("rooms", housing.StandardAssessed(street="guandu", **room))
        payment = {**EXAMPLES["procurement.payment_released.v1"], "street": "guandu"}
        await index.hear("paid", procurement.PaymentReleased(**payment))
        context = await opened.new_context(
            extra_http_headers={"Authorization": f"Bearer {index.token('street:guandu')}"},
            viewport=PAPER,  # type: ignore[arg-type]
            locale="zh-CN",
        )
        page = await context.new_page()
        visit = Visit(page, index.url)
        await page.emulate_media(media="print")
        answer = await page.goto(f"{index.url}{BASE}/scorecards/guandu?quarter=2026-Q1&format=html")
        assert answer is not None and answer.status == 200
        assert await visit.too_wide() == []
        assert (visit.errors, visit.strangers) == ([], [])
        assert await page.get_by_role("img", name="各项比率").count() == 1
        assert await page.locator("tbody tr").count() == 13
        paper = await page.pdf(prefer_css_page_size=True)
        assert paper.startswith(b"%PDF") and pages(paper) == 1
