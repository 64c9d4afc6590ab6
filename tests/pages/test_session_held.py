"""A session held by three clerks at once, each in a window of his own: roll, floor, decision, what came of it."""

import asyncio
from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Page, expect

from tests.support.browser import Visit
from tests.support.consoles import fits, window
from tests.support.consultation import STREET, committee, settled, topic
from tests.support.inside import Inside

SERVICES = ("housing", "whistle", "consultation")
LIVE = 20_000


async def noticed(platform: Inside) -> str:
    """A street's session about one matter, called for today; its id."""
    street, today = platform(STREET), datetime.now(UTC)
    path = "/api/v1/consultation"
    seated = await street.post(f"{path}/committees", committee("street", 50, 30))
    plan = {
        "year": today.year,
        "topics": [{"head": "governance", "title": t} for t in ("停车", "小广场")],
        "regular": 2,
        "publicised_on": today.date().isoformat(),
    }
    version = seated["version"]
    await street.put(f"{path}/committees/{seated['id']}/plan", plan, version=version)
    matter = await street.post(f"{path}/matters", topic(seated))
    for step, said in (("accept", settled(STREET)), ("research", {"findings": "走访了六栋楼。"})):
        await street.step(f"{path}/matters", matter["id"], step, said)
    called = {
        "committee": seated["id"],
        "kind": "topical",
        "called_by": "plan",
        "matter": matter["id"],
        "place": "街道议事厅",
        "held_at": (today + timedelta(minutes=10)).isoformat(),
    }
    session = (await street.post(f"{path}/sessions", called))["id"]
    await street.step(f"{path}/sessions", session, "notice", {"papers": ["议题方案"]})
    await street.step(f"{path}/sessions", session, "urgent", {"reason": "须当日商议。"})
    return str(session)


async def check_in(page: Page, seats: range) -> None:
    for seat in seats:
        await page.locator(f"input[name='seats'][value='s{seat}']").check()
    await page.get_by_role("button", name="签到", exact=True).click()
    await page.get_by_role("status").wait_for()


async def listened(page: Page) -> None:
    """Notes what is said of the places that are said when they change."""
    await page.evaluate(
        """() => {
            window.heard = [];
            for (const one of document.querySelectorAll("[aria-live]"))
                new MutationObserver(() => heard.push(one.innerText)).observe(one, {childList: true});
        }"""
    )


async def opening(page: Page) -> None:
    await page.get_by_role("link", name="开会", exact=True).click()
    await page.get_by_label("主持人").select_option("deputy_secretary")
    await page.locator("form.step").get_by_role("button", name="开会").click()


async def test_C_08_three_clerks_hold_one_session_at_once_and_see_one_another(
    platform: Inside, url: str, opened: Browser
) -> None:
    await noticed(platform)
    clerks: list[Visit] = [await window(opened, url, STREET) for _ in range(3)]
    pages = [clerk.page for clerk in clerks]
    for page in pages:
        await page.goto(f"{url}/console/consultation/calendar")
        await page.get_by_role("link", name="议事委员会").click()
        await expect(page.locator(".quorum")).to_contain_text("0／50，不能议事")
    await listened(pages[2])
    await check_in(pages[0], range(5))
    # Who doesn't see it is told how many are there, and nothing else of the page.
    await expect(pages[2].locator(".quorum")).to_contain_text("5／50，不能议事", timeout=LIVE)
    heard = await pages[2].evaluate("heard")
    assert [" ".join(one.split()) for one in heard] == ["红 到会固定委员 5／50，不能议事"]
    # Fewer than half are there: opening it isn't offered, and the rule says why.
    await expect(pages[0].get_by_role("link", name="开会", exact=True)).to_have_count(0)
    closed = pages[0].locator("details.closed div").filter(has_text="到会固定委员")
    await expect(closed).to_contain_text("C-08")
    await expect(closed).to_contain_text("第13条")
    # All three write on one roll at the same instant, and nobody's mark is lost.
    spans = (range(5, 12), range(12, 20), range(20, 27))
    await asyncio.gather(*(check_in(page, span) for page, span in zip(pages, spans, strict=True)))
    for page in pages:
        await expect(page.locator(".quorum")).to_contain_text("27／50，可以议事", timeout=LIVE)
    await opening(pages[0])
    await pages[0].get_by_role("status").wait_for()
    await pages[1].get_by_label("席位").select_option("s7", timeout=LIVE)
    await pages[1].get_by_label("意见").select_option("against")
    await pages[1].get_by_role("button", name="申请发言").click()
    floor = pages[2].get_by_role("button", name="请 s7 发言")
    await floor.click(timeout=LIVE)
    await expect(pages[0].locator(".speeches")).to_contain_text("s7", timeout=LIVE)
    await expect(pages[0].locator("[data-since]")).to_contain_text("秒")
    await pages[0].get_by_role("link", name="记录议事结果").click()
    await pages[0].get_by_label("结果").select_option("not_yet_possible")
    await pages[0].get_by_label("说明", exact=False).first.fill("条件尚不具备，明年再议（演示）。")
    await pages[0].locator("form.step").get_by_role("button", name="记录议事结果").click()
    await pages[0].get_by_role("status").wait_for()
    outcome = pages[2].locator("[data-live='outcome']")
    await expect(outcome).to_contain_text("条件尚不具备", timeout=LIVE)
    for clerk in clerks:
        assert await fits(clerk.page)
        assert clerk.strangers == []
        assert all("409" in error for error in clerk.errors), clerk.errors
