"""社区事务 on the console: what is entered by code, people who are told apart, and what is chosen and not typed."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gongzhi.demo_affairs import FORM
from gongzhi.office import Refused
from tests.support.consoles import Hand, hand, url
from tests.support.inside import HeldClock, Inside, inside

__all__ = ["url"]

BASE, PAGES = "/api/v1/affairs", "/console/affairs"
CIVIL, STREET = "department:civil_affairs", "street:guanshang"
COMMUNITY = "guanshangzhongxinqu"
OCTOBER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
SELECTED = r'<select [^>]*name="([^"]*)"(?:(?!</select>)[^$])*?<option value="([^"]*)" selected'
OPTION = re.compile(r'<option value="([^"]*)"[^>]*>([^<]*)</option>')


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(OCTOBER)


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str, clock: HeldClock) -> AsyncIterator[Inside]:
    names = ("housing", "whistle", "affairs")
    async with inside(tmp_path / "data", only=names, clock=clock) as running:
        yield running


async def sends(one: Hand, path: str, **said: str) -> str:
    """As the form at that address would."""
    versions = re.findall(r'name="_version" value="(\d*)"', await one.read(path))
    form = {"_forgery": await one.forgery(path), "_version": versions[0], **said}
    return html.unescape(await one.send(path, form))


def choices(page: str, name: str) -> dict[str, str]:
    """What is offered in a field of the form."""
    field = html.unescape(page).partition(f'name="{name}"')[2].partition("</select>")[0]
    return {code: word for code, word in OPTION.findall(field) if code}


def boxes(page: str, name: str) -> dict[str, str]:
    pattern = rf'name="{name}" value="([^"]*)"[^>]*> ([^<]*)</label>'
    return dict(re.findall(pattern, html.unescape(page)))


def filled(page: str) -> dict[str, str]:
    """What stands in the form as it opens."""
    page = html.unescape(page)
    found = re.findall(r'<input id="f-[^"]*" name="([^"]*)" value="([^"]*)"', page)
    found += re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\s*([^<]*)</textarea>', page)
    return dict(found + re.findall(SELECTED, page))


async def listed(platform: Inside) -> Any:
    """As soon as the service has heard of what kind the community is."""
    enlisted = {"community": COMMUNITY, "sample": "seal1"}
    async with asyncio.timeout(60):
        while True:
            with suppress(Refused):
                return await platform(STREET).post(f"{BASE}/powers", enlisted)
            await asyncio.sleep(0.05)


async def approved(one: Hand) -> None:
    """For a community, by the page of who approves it."""
    page = await one.read(f"{PAGES}/establishments")
    assert f'href="{PAGES}/establishments/enter">核定人数' in page
    enter = f"{PAGES}/establishments/enter"
    assert choices(await one.read(enter), "code")[COMMUNITY] == "关上中心区"
    said = {"code": COMMUNITY, "approved": "5", "document": "编〔2026〕1号"}
    assert "已办：核定人数" in await sends(one, enter, **said)


async def test_A_12_civil_affairs_approves_how_many_and_workers_are_told_apart(
    platform: Inside, url: str
) -> None:
    async with hand(url, "department:health") as other:
        assert "核定人数</a>" not in await other.read(f"{PAGES}/establishments")
        await other.read(f"{PAGES}/establishments/enter", 404)
    async with hand(url, CIVIL) as civil:
        await approved(civil)
        again = f"{PAGES}/establishments/enter?code={COMMUNITY}"
        assert again in html.unescape(await civil.read(f"{PAGES}/establishments/{COMMUNITY}"))
        assert 'name="approved" value="5"' in await civil.read(again)
        await sends(civil, again, approved="6", document="编〔2026〕2号")
        kinds = choices(await civil.read(f"{PAGES}/lists/enter"), "code")
        assert kinds["seal"] == "印章使用范围清单"
        entry = {"name": "无业证明（虚构）", "basis": "演示", "role": "does"}
        said = {f"entries.0.{name}": text for name, text in entry.items()}
        said |= {"document": "民〔2026〕1号", "since": "2026-01-01"}
        told = await sends(civil, f"{PAGES}/lists/enter", code="seal", **said)
        assert "已办：公布清单版本" in told
        page = await civil.read(f"{PAGES}/findings/new?step=find")
        assert (
            "区卫生健康局" in page.partition('id="f-office-known"')[2].partition("</datalist>")[0]
        )
    async with hand(url, STREET) as street:
        page = await street.read(f"{PAGES}/proofs/new?step=ask")
        assert entry["name"] in page.partition('id="f-what-known"')[2].partition("</datalist>")[0]
        for post in ("deputy", "staff"):
            said = {"community": COMMUNITY, "name": "某某（虚构）", "post": post}
            new = f"{PAGES}/workers/new?step=take"
            assert "未能办理" not in await sends(street, new, **said, since="2026-10-01")
        rows = html.unescape(await street.read(f"{PAGES}/workers"))
        found = re.findall(r">(关上-\d{4}-\w{4})</a>", rows)
        assert len({*found}) == 2 and {"副职", "工作人员"} <= {*re.findall(r"副职|工作人员", rows)}
        year = f"{PAGES}/years/guanshang-2026"
        path = f"{year}/do?step={BASE}/years/guanshang-2026/excellent"
        offered = boxes(await street.read(path), "workers")
        assert sorted(word.split()[1] for word in offered.values()) == ["副职", "工作人员"]


WANTED = re.compile(r'<(?:input|textarea)[^>]*name="(\w+)"[^>]* required')
SAID = ("item", "basis", "aim", "task", "process", "assessed_by", "staff", "powers")


async def test_A_03_a_department_applies_for_itself_and_reads_what_must_be_said_beforehand(
    platform: Inside, url: str
) -> None:
    health = "department:health"
    async with hand(url, health) as office:
        page = await office.read(f"{PAGES}/admissions/new?step=apply")
    assert list(choices(page, "unit")) == ["health"] and 'value="health" selected' in page
    assert set(SAID) <= set(WANTED.findall(page))
    whole = {**FORM, "unit": "health", "begins_on": "2026-10-12", "until": "2026-12-31"}
    for field in SAID:
        without = {name: said for name, said in whole.items() if name != field}
        with pytest.raises(Refused) as refused:
            await platform(health).post(f"{BASE}/applications", without)
        assert (refused.value.problem["rule"], refused.value.problem["field"]) == ("A-03", field)


async def test_A_11_a_street_that_registers_the_citys_reads_whose_that_is(
    platform: Inside, url: str
) -> None:
    work = {"unit": "health", "street": "guanshang", "item": "慢病筛查", "group": "city"}
    said = {**work, "document": "市〔2026〕1号", "mode": "assisting", "scope": "全街道"}
    async with hand(url, STREET) as street:
        path = f"{PAGES}/admissions/new?step=register"
        form = {"_forgery": await street.forgery(path), **said}
        page = await street.send(path, form, 409)
        assert 'id="f-group-error"' in page and "市里准入的由区领导小组办公室登记" in page
        assert "已准入" in await street.send(path, {**form, "group": "street"})


async def test_A_11_who_corrects_the_number_of_an_admissions_document_leaves_the_rest_as_it_is(
    platform: Inside, url: str
) -> None:
    work = {"unit": "health", "street": "guanshang", "item": "慢病筛查", "group": "street"}
    held = {"scope": "全街道60岁以上", "funds": 5000000, "until": "2026-12-31", "mode": "stage"}
    said = {**work, **held, "document": "街〔2026〕1号"}
    made = await platform(STREET).post(f"{BASE}/admissions/registered", said)
    page = f"{PAGES}/admissions/{made['id']}"
    do = f"{page}/do?step={BASE}/admissions/{made['id']}/correct_registration"
    async with hand(url, STREET) as street:
        form = filled(await street.read(do))
        assert form["funds"] == "50000.00"
        await sends(street, do, **{**form, "document": "街〔2026〕11号", "reason": "文号录错"})
    state = (await platform(STREET).get(f"{BASE}/admissions/{made['id']}"))["state"]
    assert {name: state[name] for name in held} == held
    assert (state["item"], state["document"]) == ("慢病筛查", "街〔2026〕11号")


async def test_A_04_who_was_heard_is_chosen_by_name(platform: Inside, url: str) -> None:
    form = {**FORM, "begins_on": "2026-10-12", "until": "2026-12-31"}
    asked = await platform(f"department:{FORM['unit']}").post(f"{BASE}/applications", form)
    id = asked["id"]
    path = f"{PAGES}/admissions/{id}/do?step={BASE}/admissions/{id}/review"
    async with hand(url, CIVIL) as civil:
        offered = boxes(await civil.read(path), "heard")
        assert offered["street:guanshang"] == "街道 · 关上街道"
        assert {one.partition(":")[0] for one in offered} == {"street", "community"}
        assert "community:hepinglu" not in offered


async def test_A_20_a_stage_and_its_second_office_are_chosen_and_codes_stay_as_they_are(
    platform: Inside, url: str
) -> None:
    sample: dict[str, Any] = {
        "type": "urban",
        "kind": "seal",
        "name": "公章管理",
        "basis": "演示",
        "rules": "演示",
        "flow": [{"name": "会签", "risk": "high"}, {"name": "归档", "risk": "low"}],
    }
    async with hand(url, "district_admin") as admin:
        enter = f"{PAGES}/samples/enter"
        row = {f"flow.{n}.{k}": v for n, each in enumerate(sample["flow"]) for k, v in each.items()}
        said = {k: v for k, v in sample.items() if k != "flow"} | row
        told = await sends(admin, enter, code="seal1", **said)
        assert "已办：编制权力样本" in told
    entry = {"name": "关上中心区", "street": "guanshang", "kind": "urban", "reason": "登记类型"}
    await platform("district_admin").put(f"/api/v1/housing/communities/{COMMUNITY}", entry)
    async with hand(url, STREET) as street:
        new = f"{PAGES}/powers/new?step=enlist"
        assert "seal1" in choices(await street.read(new), "sample")
        form = {"_forgery": await street.forgery(), "community": COMMUNITY, "sample": "seal9"}
        assert "没有这个权力样本：seal9" in await street.send(new, form, 422)
    power = await listed(platform)
    case = await platform(f"community:{COMMUNITY}").post(
        f"{BASE}/power-cases", {"power": power["id"], "about": "合同盖章"}
    )
    async with hand(url, f"community:{COMMUNITY}") as ours:
        path = f"{PAGES}/cases/{case['id']}/do?step={BASE}/power-cases/{case['id']}/step"
        page = await ours.read(path)
        assert choices(page, "stage") == {"会签": "会签", "归档": "归档"}
        second = choices(page, "second")
        assert second["street:guanshang"] == "街道 · 关上街道" and "street:taihe" not in second
        assert second["department:health"] == "部门 · 区卫生健康局"


async def test_A_20_a_further_row_is_asked_for_and_nothing_is_entered_by_that(url: str) -> None:
    async with hand(url, "district_admin") as admin:
        enter = f"{PAGES}/samples/enter"
        stage = {"flow.0.name": "会签", "flow.0.risk": "high"}
        page = await sends(admin, enter, code="seal1", name="公章管理", _more="flow", **stage)
        assert "已办" not in page and 'value="公章管理"' in page and 'value="seal1"' in page
        assert 'name="flow.2.name"' in page
        assert "seal1" not in await admin.read(f"{PAGES}/samples")


async def test_A_12_each_line_that_may_be_taken_off_says_whose_it_is_and_of_which_month(
    platform: Inside, url: str, clock: HeldClock
) -> None:
    street, pay = platform(STREET), f"{BASE}/pay"
    number = {"approved": 5, "document": "编〔2026〕1号"}
    await platform(CIVIL).call("PUT", f"{BASE}/establishments/{COMMUNITY}", body=number)
    worker = {"community": COMMUNITY, "name": "甲（虚构）", "post": "staff", "since": "2026-10-01"}
    await street.post(f"{BASE}/workers", worker)
    await street.step(pay, "guanshang-2026-Q4", "submit", None)
    for office in ("department:organisation", CIVIL, "finance"):
        await platform(office).step(pay, "guanshang-2026-Q4", "approve", None)
    late = [await street.post(f"{BASE}/workers", {**worker, "since": "2026-12-01"}) for _ in "ab"]
    clock.now = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    next_one = "guanshang-2027-Q1"
    async with asyncio.timeout(60):
        while True:
            with suppress(Refused):
                await street.step(pay, next_one, "submit", None)
                break
            await asyncio.sleep(0.1)
    async with hand(url, STREET) as clerk:
        page = html.unescape(await clerk.read(f"{PAGES}/pay/{next_one}"))
        for one in late:
            assert re.search(rf"划除已另行补发的行（{one['number']} [^（）]*2026-12）", page)
        [asked] = re.findall(rf'href="([^"]*{late[0]["id"]}[^"]*)"', page)
        assert late[0]["number"] in await clerk.read(asked)
        await sends(clerk, asked, paper="支付单 3 号")
        page = html.unescape(await clerk.read(f"{PAGES}/pay/{next_one}"))
        assert page.count("划除已另行补发的行（") == 1
        assert "已另行补发" in page
