"""The console in a real browser: a whistle clicked through four windows, live; by keyboard; without JavaScript."""

import io
import re

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.platform.test_whistle_proofs import called
from tests.platform.test_whistle_receipts import WHISTLES
from tests.support.browser import Visit
from tests.support.consoles import PHONE, fits, unsaid, window
from tests.support.held import WHISTLE
from tests.support.inside import Inside
from tests.support.pictures import jpeg, png

SERVICES = WHISTLE
COMMUNITY = "community:guanshangzhongxinqu"
STREET, CENTRE = "street:guanshang", "command_centre"
UNITS = ("department:urban_management", "department:housing_construction")


async def press(page: Page, name: str) -> None:
    """A step's button, and then the form's own."""
    await page.get_by_role("link", name=name, exact=True).first.click()
    await confirm(page, name)


async def confirm(page: Page, name: str) -> None:
    await page.locator("form.step").get_by_role("button", name=name, exact=True).click()
    await page.get_by_role("status").wait_for()


async def collected(page: Page, title: str) -> None:
    await page.get_by_role("link", name="登记问题").first.click()
    await page.get_by_label("渠道").select_option("visit")
    await page.get_by_label("社区").select_option("guanshangzhongxinqu")
    await page.get_by_label("类别").select_option("parking")
    await page.get_by_label("标题").fill(title)
    await page.get_by_label("反映内容").fill("请清理（演示）")
    await confirm(page, "登记问题")


async def blown(page: Page, title: str) -> None:
    await page.get_by_role("link", name="今日").click()
    await page.get_by_role("link", name=title).first.click()
    await page.get_by_role("link", name="分类").click()
    for label, word in (
        ("类型", "problem"),
        ("紧急程度", "urgent"),
        ("难度", "hard"),
        ("处理方式", "joint"),
    ):
        await page.get_by_label(label).select_option(word)
    await confirm(page, "分类")
    await page.get_by_role("link", name="吹哨", exact=True).last.click()
    await page.get_by_label("类型").select_option("problem")
    for unit in UNITS:
        await page.locator(f"input[value='{unit.partition(':')[2]}']").check()
    await page.get_by_label("牵头单位").select_option("urban_management")
    await confirm(page, "吹哨")


async def clean(*visits: Visit) -> None:
    for visit in visits:
        assert (visit.errors, visit.strangers) == ([], [])
        assert await fits(visit.page)


async def test_a_whistle_is_walked_by_clicking_in_four_windows_that_see_one_another(
    url: str, opened: Browser
) -> None:
    secretary = await window(opened, url, COMMUNITY, PHONE)
    street, centre = await window(opened, url, STREET), await window(opened, url, CENTRE)
    first = await window(opened, url, UNITS[0])
    await collected(secretary.page, "消防通道被占用")
    await blown(street.page, "消防通道被占用")
    # The command centre's first screen shows it without being asked again.
    waiting = centre.page.get_by_role("link", name="消防通道被占用")
    await expect(waiting.first).to_be_visible(timeout=20_000)
    await waiting.first.click()
    for step in ("立项", "派遣"):
        await press(centre.page, step)
    arrival = first.page.get_by_role("link", name=re.compile("^报到"))
    await expect(arrival.first).to_be_visible(timeout=20_000)
    # Urged, its row says so without being asked again.
    await street.page.reload()
    await press(street.page, "催办")
    await expect(first.page.get_by_text("被催办").first).to_be_visible(timeout=20_000)
    await first.page.get_by_role("link", name="消防通道被占用").first.click()
    await first.page.get_by_role("link", name=re.compile("^报到")).click()
    await first.page.get_by_label("地点").fill("3 号楼北侧")
    await confirm(first.page, "报到")
    # And the page of the one who dispatched it, which stayed open.
    await expect(centre.page.locator(".status")).to_have_text("已报到", timeout=20_000)
    await expect(centre.page.locator(".lamp")).to_contain_text("剩")
    await own_lists(street.page, "我发起的", "消防通道被占用")
    await own_lists(centre.page, "已办", "消防通道被占用")
    await several_at_once(centre.page, "消防通道被占用")
    await clean(secretary, street, centre, first)


async def own_lists(page: Page, name: str, title: str) -> None:
    """From the first screen; what is listed there stands in the office's own part of the list, too."""
    await page.get_by_role("link", name="今日").click()
    await page.get_by_role("link", name=name, exact=True).click()
    await expect(page.get_by_role("link", name=title).first).to_be_visible()
    asked = "begun_by" if name == "我发起的" else "acted_by"
    here = page.url
    await page.goto(f"{here.rpartition('/')[0]}/whistle/whistles?{asked}=me")
    await expect(page.get_by_role("heading", name=f"哨 · {name}")).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(2)


async def several_at_once(page: Page, title: str) -> None:
    """A list's filter takes two states, and says which."""
    await page.locator("details.several summary").filter(has_text="状态").click()
    for state in ("已派遣", "已报到"):
        await page.get_by_label(state, exact=True).check()
    await page.get_by_role("button", name="查找").click()
    chosen = page.locator("details.several summary").filter(has_text="已派遣、已报到")
    await expect(chosen).to_be_visible()
    await expect(page.get_by_role("cell", name=title)).to_be_visible()


async def test_what_is_refused_is_shown_at_its_field_with_rule_and_clause_and_nothing_is_lost(
    url: str, opened: Browser
) -> None:
    street = await window(opened, url, STREET)
    page = street.page
    await page.goto(f"{url}/console/whistle/whistles/new?step=blow")
    await page.get_by_label("层级").select_option("community")
    await page.get_by_label("类型").select_option("service")
    await page.locator("input[value='water']").check()
    await page.get_by_label("牵头单位").select_option("water")
    await page.get_by_label("标题").fill("河道排污口")
    await page.get_by_label("类别").select_option("water")
    await page.locator("form.step").get_by_role("button", name="吹哨").click()
    problem = page.get_by_role("alert")
    await expect(problem).to_contain_text("W-02")
    await expect(problem).to_contain_text("〔2019〕80号")
    level = page.get_by_label("层级")
    await expect(level).to_have_attribute("aria-invalid", "true")
    assert await page.get_by_label("标题").input_value() == "河道排污口"
    await level.select_option("street")
    await confirm(page, "吹哨")
    # The browser itself reports the answer's 409 to its console.
    assert all("409" in error for error in street.errors)


async def test_one_goes_back_to_a_form_that_was_refused_without_being_asked_to_send_it_again(
    url: str, opened: Browser
) -> None:
    page = (await window(opened, url, STREET)).page
    await page.goto(f"{url}/console/whistle/problems/new?step=collect")
    for _ in range(2):
        await page.locator("form.step").evaluate("one => { one.noValidate = true; }")
        await page.locator("form.step").get_by_role("button", name="登记问题").click()
        await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_role("link", name="不办了").click()
    await page.wait_for_url("**/console/whistle/problems")
    await page.go_back()
    await expect(page.get_by_role("heading", name="登记问题")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_form_with_several_mistakes_leads_to_each_of_them(
    url: str, opened: Browser
) -> None:
    street = await window(opened, url, STREET, PHONE)
    page = street.page
    await page.goto(f"{url}/console/whistle/problems/new?step=collect")
    # As a browser that doesn't look by itself sends it.
    await page.locator("form.step").evaluate("one => { one.noValidate = true; }")
    await page.get_by_label("反映内容").fill("请清理（演示）")
    await page.locator("form.step").get_by_role("button", name="登记问题").click()
    problem = page.get_by_role("alert")
    await expect(problem).to_be_focused()
    # Of its communities the street has one: that is chosen already.
    await expect(problem.get_by_role("listitem")).to_contain_text(["渠道", "类别"])
    await problem.get_by_role("link", name="类别").click()
    await expect(page.get_by_label("类别")).to_be_focused()
    await expect(page.locator("#f-category-error")).to_have_text("请选择")
    assert await page.get_by_label("反映内容").input_value() == "请清理（演示）"
    assert await fits(page) and all("422" in error for error in street.errors)


async def test_what_is_wrong_with_a_choice_of_many_is_said_with_it(
    url: str, opened: Browser
) -> None:
    page = (await window(opened, url, STREET)).page
    await page.goto(f"{url}/console/whistle/whistles/new?step=blow")
    for label, word in (("层级", "street"), ("类型", "service"), ("牵头单位", "water")):
        await page.get_by_label(label).select_option(word)
    await page.get_by_label("类别").select_option("water")
    await page.get_by_label("标题").fill("河道排污口（演示）")
    await page.locator("form.step").get_by_role("button", name="吹哨").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    [error] = await page.locator(".error").all()
    units = page.locator("#f-units")
    await expect(units).to_have_accessible_description(await error.inner_text())
    assert await unsaid(page) == []


async def test_a_text_that_is_too_long_is_said_to_be_and_nothing_of_it_is_cut_off(
    url: str, opened: Browser
) -> None:
    """What is pasted into a field with a length of its own is cut off, and nobody says so."""
    page = await (await opened.new_context(locale="zh-CN", viewport=PHONE)).new_page()  # type: ignore[arg-type]
    await page.goto(f"{url}/console/resident")
    await page.get_by_label("哪一类问题").select_option("parking")
    await page.get_by_label("在哪个社区").select_option("guanshangzhongxinqu")
    words, long = page.get_by_label("什么问题"), "消防通道被占用" * 600
    await words.focus()
    await page.keyboard.insert_text(long)
    await page.get_by_role("button", name="提交").click()
    await expect(words).to_have_attribute("aria-invalid", "true")
    description = re.compile("最多 4000 字.*最多 4000 个字")
    await expect(words).to_have_accessible_description(description)
    assert await words.input_value() == long and await unsaid(page) == []
    await page.set_viewport_size({"width": 320, "height": 568})
    assert await fits(page)


async def reach(page: Page, name: str) -> None:
    """By Tab alone, past the menu."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        said = await page.evaluate(
            "(e => (e.labels?.[0] ?? e).textContent.replace('*', '').trim())(document.activeElement)"
        )
        if said == name and await page.evaluate("!!document.activeElement.closest('main')"):
            return
    raise AssertionError(f"not reached by Tab: {name}")


async def keyed(page: Page, step: str, *chosen: str, **written: str) -> None:
    """A form: one down in each list that is chosen from, what is written, and Enter on its button."""
    for label in chosen:
        await reach(page, label)
        await page.keyboard.press("ArrowDown")
    for label, text in written.items():
        await reach(page, label)
        await page.keyboard.insert_text(text)
    await reach(page, step)
    await page.keyboard.press("Enter")
    await page.get_by_role("status").wait_for()


async def test_one_whistle_is_walked_with_the_keyboard_alone(url: str, opened: Browser) -> None:
    visit = await window(opened, url, COMMUNITY)
    page = visit.page
    await page.goto(f"{url}/console/whistle/problems/new?step=collect")
    # The community is the office's own, and filled in.
    await keyed(page, "登记问题", "渠道", "类别", 标题="楼道堆物", 反映内容="请清理（演示）")
    await reach(page, "分类")
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="分类").wait_for()
    await keyed(page, "分类", "类型", "紧急程度", "难度", "处理方式")
    await expect(page.locator(".status")).to_have_text("已分类")
    street = await window(opened, url, STREET)
    await street.page.goto(f"{url}/console/whistle/whistles/new?step=blow")
    await reach(street.page, "区水务局")
    await street.page.keyboard.press("Space")
    await reach(street.page, "牵头单位")
    while await street.page.evaluate("document.activeElement.value") != "water":
        await street.page.keyboard.press("ArrowDown")
    await keyed(street.page, "吹哨", "类型", "类别", 标题="河道排污口（演示）")
    await expect(street.page.locator(".status")).to_have_text("已吹哨")
    await reach(street.page, "撤回")
    await street.page.keyboard.press("Enter")
    await street.page.get_by_role("heading", name="撤回").wait_for()
    await clean(visit, street)


async def test_everything_but_live_rows_works_without_javascript(url: str, opened: Browser) -> None:
    context = await opened.new_context(locale="zh-CN", java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"{url}/console/sign-in")
    form = page.locator("form").filter(has=page.locator(f"option[value='{COMMUNITY}']"))
    await form.locator("select").select_option(COMMUNITY)
    await form.get_by_role("button").click()
    await collected(page, "路灯不亮")
    await expect(page.locator(".status")).to_have_text("已收集")
    await page.get_by_role("button", name="退出").click()
    await page.goto(url)
    await page.get_by_role("heading", name="登录").wait_for()


async def test_a_resident_without_an_account_reports_and_follows_by_the_receipt(
    url: str, opened: Browser
) -> None:
    context = await opened.new_context(locale="zh-CN", viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    visit = Visit(page, url)
    await page.goto(f"{url}/console/resident")
    await page.get_by_label("哪一类问题").select_option("parking")
    await page.get_by_label("在哪个社区").select_option("guanshangzhongxinqu")
    await page.get_by_label("什么问题").fill("消防通道被占用（演示）")
    picture = FilePayload(name="photo.png", mimeType="image/png", buffer=png(b"GPS 25.02"))
    await page.get_by_label("照片").set_input_files([picture])
    await expect(page.get_by_text("照片已缩小到")).to_be_visible()
    await page.get_by_role("button", name="提交").click()
    await expect(page.get_by_text("照片已收到")).to_be_visible()
    code = (await page.locator(".receipt").inner_text()).replace(" ", "")
    assert len(code) == 16 and code.isdecimal()
    assert await fits(page)
    await page.locator("main").get_by_role("link", name="查询办理情况").click()
    await page.get_by_label("回执码").fill(code)
    await page.get_by_role("button", name="查询").click()
    await expect(page.locator(".record")).to_contain_text("已收集")
    secretary = await window(opened, url, COMMUNITY)
    await secretary.page.goto(f"{url}/console/whistle/problems")
    await secretary.page.locator("tbody th a").click()
    await secretary.page.get_by_role("link", name="居民照片").click()
    image = secretary.page.get_by_role("img", name="居民所附照片 1")
    await expect(image).to_have_js_property("complete", True)
    assert await image.evaluate("one => one.naturalWidth") == 1
    await page.get_by_label("回执码").fill("0" * 16)
    await clean(visit, secretary)
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("size", [9_000_000, 20_000_000])
async def test_without_javascript_a_photograph_may_be_as_a_phone_takes_it(
    url: str, opened: Browser, size: int
) -> None:
    """One that is too large loses nothing of what was typed, even where it is more than is read of a form."""
    context = await opened.new_context(locale="zh-CN", java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(f"{url}/console/resident")
    await page.get_by_label("哪一类问题").select_option("parking")
    await page.get_by_label("在哪个社区").select_option("guanshangzhongxinqu")
    await page.get_by_label("什么问题").fill("消防通道被占用（演示）")
    await page.get_by_label("电话").fill("13900000000")
    await attach(page, jpeg(b"GPS 25.02", size))
    await expect(page.get_by_label("照片")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#photo-error")).to_contain_text("文件超过 8 MB")
    assert await page.get_by_label("哪一类问题").input_value() == "parking"
    assert await page.get_by_label("什么问题").input_value() == "消防通道被占用（演示）"
    assert await page.get_by_label("电话").input_value() == "13900000000"
    await attach(page, b"%PDF-1.7")
    await expect(page.locator("#photo-error")).to_contain_text("只接受 JPEG 或 PNG")
    await attach(page, jpeg(b"GPS 25.02", 5_000_000))
    await expect(page.get_by_text("照片已收到")).to_be_visible()
    secretary = await window(opened, url, COMMUNITY)
    await secretary.page.goto(f"{url}/console/whistle/problems")
    await expect(secretary.page.locator("tbody tr")).to_have_count(1)
    await secretary.page.locator("tbody th a").click()
    await secretary.page.get_by_role("link", name="居民照片").click()
    image = await secretary.page.locator(".photos img").get_attribute("src")
    kept = await secretary.page.context.request.get(f"{url}{image}")
    assert await kept.body() == jpeg(b"", 5_000_000)


async def test_W_05_what_a_unit_photographs_is_made_to_fit_and_what_fits_goes_as_it_is(
    platform: Inside, url: str, opened: Browser
) -> None:
    """A phone's photographs are larger than a request may be."""
    id = await called(platform, "water")
    unit = await window(opened, url, "department:water", PHONE)
    page = unit.page
    await page.goto(f"{url}/console/whistle/whistles/{id}")
    await page.get_by_role("link", name="上传佐证").click()
    field, hint = page.get_by_label("文件"), page.locator("#file-hint")
    pdf = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF-" + b"0" * 1_000_000)
    await field.set_input_files([pdf])
    await expect(hint).to_contain_text("请压缩后再选")
    assert await field.input_value() == ""
    large = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=photograph())
    await field.set_input_files([large])
    await expect(hint).to_contain_text("照片已缩小到")
    await page.get_by_role("button", name="上传佐证").click()
    await expect(page.get_by_role("status")).to_contain_text("已收下 1 份文件")
    await page.get_by_role("link", name="上传佐证").click()
    own = FilePayload(name="b.jpg", mimeType="image/jpeg", buffer=jpeg(b"GPS 25.02", 900_000))
    await field.set_input_files([own])
    await expect(hint).to_contain_text("1 MB 以内")
    await page.get_by_role("button", name="上传佐证").click()
    await expect(page.get_by_role("status")).to_contain_text("已收下 2 份文件")
    kept = await platform("department:water").get(f"{WHISTLES}/{id}/proofs")
    first, second = (one["size"] for one in kept)
    assert first < 1_000_000 and second == len(jpeg(b"GPS 25.02", 900_000))
    await clean(unit)


def photograph() -> bytes:
    """As large as a phone's."""
    file = io.BytesIO()
    Image.effect_noise((2400, 1800), 120).save(file, "JPEG", quality=90)
    assert file.tell() > 2_000_000
    return file.getvalue()


async def attach(page: Page, content: bytes) -> None:
    photo = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=content)
    await page.get_by_label("照片").set_input_files([photo])
    await page.get_by_role("button", name="提交").click()
