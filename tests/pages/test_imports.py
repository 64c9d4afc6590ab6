"""A table is dropped, tried out line by line, mended, and entered; and the same without JavaScript."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.consoles import PHONE, fits, window
from tests.support.inside import Inside

SERVICES = ("housing",)
HEAD = "代码,名称,街道,类型,户数\n"
BAD = HEAD + "guanshangzhongxinqu,关上中心区,关上街道,城市社区,一千户\n"
GOOD = HEAD + "guanshangzhongxinqu,关上中心区,关上街道,城市社区,1200\n"
DROP = """([zone, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "communities.csv", { type: "text/csv" }));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
LONG = 30_000


async def dropped(page: Page, text: str) -> None:
    zone = await page.locator("[data-drop]").element_handle()
    await page.evaluate(DROP, [zone, text])
    await expect(page.locator("[data-dropped]")).to_contain_text("communities.csv")
    await tried(page)


async def tried(page: Page) -> None:
    await page.get_by_label("缘由").fill("年度核对（演示）")
    await page.get_by_role("button", name="核对（不写入）").click()
    await page.locator("[data-live='import']").wait_for()


async def test_a_table_is_dropped_tried_out_and_entered(
    platform: Inside, url: str, opened: Browser
) -> None:
    visit = await window(opened, url, "district_admin")
    page = visit.page
    await page.goto(f"{url}/console/housing")
    await page.get_by_role("link", name="导入", exact=True).click()
    await dropped(page, BAD)
    # The check runs in the background, and its result appears by itself.
    await expect(page.locator(".status")).to_contain_text("核对完毕", timeout=LONG)
    await expect(page.get_by_role("region", name="差错")).to_contain_text("户数须为")
    assert await page.get_by_role("button", name="写入").count() == 0
    before = await platform("district_admin").get("/api/v1/housing/communities/guanshangzhongxinqu")
    assert before["state"]["households"] is None
    await page.get_by_role("link", name="导入", exact=True).click()
    await dropped(page, GOOD)
    await expect(page.get_by_role("region", name="变更")).to_contain_text("1200", timeout=LONG)
    await page.get_by_role("button", name="写入 1 项变更").click()
    await expect(page.locator(".status")).to_contain_text("已全部写入", timeout=LONG)
    after = await platform("district_admin").get("/api/v1/housing/communities/guanshangzhongxinqu")
    assert after["state"]["households"] == 1200
    assert await fits(page)
    assert (visit.errors, visit.strangers) == ([], [])


async def test_a_table_is_chosen_and_tried_out_without_javascript(
    url: str, opened: Browser, tmp_path: Path
) -> None:
    context = await opened.new_context(locale="zh-CN", java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"{url}/console/sign-in")
    await page.locator("button[value='district_admin']").click()
    await page.goto(f"{url}/console/housing/imports")
    table = tmp_path / "communities.csv"
    table.write_text(BAD)
    await page.locator("input[type=file]").set_input_files(table)
    await tried(page)
    for _ in range(60):
        await page.wait_for_timeout(500)
        await page.reload()
        if "核对完毕" in await page.locator(".status").inner_text():
            break
    await expect(page.get_by_role("region", name="差错")).to_contain_text("户数须为")
    assert await fits(page)


async def test_a_table_may_be_as_large_as_the_platform_takes_and_what_was_said_of_it_stays(
    url: str, opened: Browser, tmp_path: Path
) -> None:
    visit = await window(opened, url, "district_admin")
    page = visit.page
    await page.goto(f"{url}/console/housing/imports")
    first, last = (page.locator("input[type=radio]").nth(n) for n in (0, -1))
    table = tmp_path / "large.csv"
    for lines, chosen, said in (
        (20_000, last, "表头缺少列"),
        (175_000, last, "过大"),
        (20_000, first, ""),
    ):
        table.write_text(HEAD + f"x,{'x' * 90},,,1\n" * lines)
        await chosen.check()
        chooser = page.locator("input[type=file]")
        await chooser.evaluate("one => { one.removeAttribute('data-most'); }")
        await chooser.set_input_files(table)
        await page.get_by_label("缘由").fill("年度核对（演示）")
        await page.get_by_role("button", name="核对（不写入）").click()
        if said:
            await expect(page.get_by_role("alert")).to_contain_text(said)
            await expect(page.get_by_label("缘由")).to_have_value("年度核对（演示）")
            await expect(chosen).to_be_checked()
    await page.locator("[data-live='import']").wait_for()
    assert visit.strangers == []


async def test_a_table_that_is_too_large_is_not_sent_first(
    url: str, opened: Browser, tmp_path: Path
) -> None:
    visit = await window(opened, url, "district_admin")
    page = visit.page
    await page.goto(f"{url}/console/housing/imports")
    await page.get_by_label("缘由").fill("年度核对（演示）")
    chooser, told = page.locator("input[type=file]"), page.locator("[data-dropped]")
    table = tmp_path / "large.csv"
    for size, said in ((30_000_000, "超过 16 MB"), (16 * 1024 * 1024, "已选：large.csv")):
        table.write_bytes(bytes(size))
        await chooser.set_input_files(table)
        await expect(told).to_contain_text(said)
        assert await chooser.evaluate("one => one.files.length") == said.startswith("已选")
    await expect(page.get_by_label("缘由")).to_have_value("年度核对（演示）")
