"""The first pages of 社会组织, 调解 and 社区事务: what waits there, how many stand where, the figures; by clicking."""

from playwright.async_api import Browser, Page, expect

from tests.support.consoles import PHONE, fits, window
from tests.support.inside import Inside

SERVICES = ("housing", "whistle", "organisations", "mediation", "affairs")
PLACE = "guanshangzhongxinqu"
COMMUNITY, STREET = f"community:{PLACE}", "street:guanshang"
GROUP = {
    "community": PLACE,
    "name": "晨练队（演示）",
    "kind": "culture",
    "purpose": "一起晨练",
    "members": 12,
}
CASE = {
    "dispute": "neighbours",
    "source": "parties",
    "street": "guanshang",
    "community": PLACE,
    "text": "楼道堆物（演示）",
}
SEAL = {
    "community": PLACE,
    "paper": "seal",
    "what": "活动场地证明（演示）",
    "person": "某居民（演示）",
}


async def confirmed(page: Page, name: str) -> None:
    await page.locator("form.step").get_by_role("button", name=name, exact=True).click()
    await page.get_by_role("status").wait_for()


async def test_a_clerk_finds_what_waits_what_stands_where_and_the_figures_on_the_first_page(
    platform: Inside, url: str, opened: Browser
) -> None:
    office = platform(COMMUNITY)
    await office.post("/api/v1/organisations/groups", GROUP)
    await office.post("/api/v1/mediation/cases", CASE)
    await office.post("/api/v1/affairs/proofs", SEAL)
    secretary, street = (
        await window(opened, url, COMMUNITY, PHONE),
        await window(opened, url, STREET),
    )

    page = secretary.page
    await page.goto(f"{url}/console/organisations")
    await expect(page.locator("[data-live=waiting]")).to_contain_text("晨练队（演示）")
    await expect(page.get_by_role("link", name="已提出 1")).to_be_visible()
    await page.get_by_role("link", name="社区初审").click()
    await page.get_by_role("textbox").fill("同意")
    await confirmed(page, "社区初审")

    # It waits for the street now, and its list of those has as many as were counted.
    page = street.page
    await page.goto(f"{url}/console/organisations")
    await expect(page.locator("[data-live=waiting] li")).to_have_count(1)
    await page.get_by_role("link", name="社区已初审 1").click()
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.get_by_role("link", name="晨练队（演示）").click()
    await page.get_by_role("link", name="街道备案").click()
    await page.get_by_role("textbox").fill("备 1")
    await confirmed(page, "街道备案")
    await page.goto(f"{url}/console/organisations")
    await expect(page.locator("[data-live=waiting]")).to_contain_text("没有等您办理的事项")
    figures = page.locator("section", has=page.get_by_role("heading", name="各街道的数量"))
    await expect(figures.get_by_role("row").nth(1)).to_contain_text("1")

    page = secretary.page
    await page.goto(f"{url}/console/mediation")
    await expect(page.locator("[data-live=waiting] .lamp")).to_have_count(1)
    await expect(page.get_by_role("heading", name="本季度的纠纷统计")).to_be_visible()
    await page.get_by_role("link", name="受理", exact=True).click()
    await confirmed(page, "受理")
    await page.goto(f"{url}/console/mediation")
    await expect(page.get_by_role("link", name="调解中 1")).to_be_visible()

    await page.goto(f"{url}/console/affairs")
    await expect(page.locator("[data-live=waiting]")).to_contain_text("活动场地证明（演示）")
    await expect(page.get_by_role("link", name="待答复 1")).to_be_visible()
    for visit in (secretary, street):
        assert (visit.errors, visit.strangers) == ([], [])
        assert await fits(visit.page)
