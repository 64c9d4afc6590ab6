"""What is done to a part of a record on the console: which part is said, and how it stands is there to be changed."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.consoles import Hand, hand, url
from tests.support.district import ROOM
from tests.support.inside import Inside, inside

__all__ = ["url"]

OURS, CIVIL = "community:haihua", "department:civil_affairs"
VOLUNTEERS = "/api/v1/organisations/volunteers"
PERSON = {"name": "某某某（虚构）", "number": "530111190001010000"}

NEED = {
    "community": "haihua",
    "year": 2026,
    "group": "老年人",
    "kind": "policy",
    "rank": "basic",
    "source": "survey",
}


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    names = ("housing", "whistle", "procurement", "mediation", "organisations")
    async with inside(tmp_path / "data", only=names) as running:
        yield running


async def leads(one: Hand, page: str, called: str) -> list[str]:
    """The forms of what is called so on the record's page."""
    said = await one.read(page)
    found = re.findall(rf'href="([^"]+)"[^>]*>{re.escape(called)}</a>', said)
    return [html.unescape(path) for path in found]


async def sends(one: Hand, page: str, called: str, **said: str) -> str:
    [path] = await leads(one, page, called)
    asked = await one.read(path)
    [version] = re.findall(r'name="_version" value="(\d*)"', asked)
    form = {"_forgery": await one.forgery(path), "_version": version, **said}
    return html.unescape(await one.send(path, form))


async def test_O_15_a_volunteers_name_is_put_and_read_by_the_pages(
    platform: Inside, url: str
) -> None:
    said = {"community": "haihua", "offers": ["elderly"]}
    made = await platform(OURS).post(VOLUNTEERS, said)
    page = f"/console/organisations/volunteers/{made['id']}"
    async with hand(url, OURS) as ours:
        told = await sends(ours, page, "登记志愿者姓名", **PERSON)
        assert "已办：登记志愿者姓名" in told and PERSON["name"] not in told
        told = await sends(ours, page, "查看志愿者姓名", reason="核对")
        assert PERSON["name"] in told and PERSON["number"] in told
        assert PERSON["name"] not in await ours.read(page)
        asked = {"community": "haihua", "kind": "elderly", "what": "买菜", "minutes": 60}
        need = await platform(OURS).post("/api/v1/organisations/needs", asked)
        matching = {"volunteer": made["id"]}
        await platform(OURS).step("/api/v1/organisations/needs", need["id"], "match", matching)
        matched = await ours.read(f"/console/organisations/needs/{need['id']}")
        assert re.search(rf'href="{page}">海华志愿者 [^<]+ 起</a>', matched)
        serve = f"{page}/do?step={VOLUNTEERS}/{made['id']}/service"
        offered = (await ours.read(serve)).partition('<datalist id="f-receiver_code-known">')[2]
        assert '<option value="guanshang">街道 · 关上街道</option>' in offered


async def test_O_15_a_community_without_volunteers_reads_that_its_street_matches_its_need(
    platform: Inside, url: str
) -> None:
    without, beside = "community:wuliduo", "community:dongbei"
    said = {"community": "dongbei", "offers": ["elderly"]}
    made = await platform(beside).post(VOLUNTEERS, said)
    asked = {"community": "wuliduo", "kind": "elderly", "what": "买菜", "minutes": 60}
    need = await platform(without).post("/api/v1/organisations/needs", asked)
    page = f"/console/organisations/needs/{need['id']}"
    async with hand(url, without) as ours, hand(url, "street:wujing") as street:
        [form] = await leads(ours, page, "匹配志愿者")
        assert "社区没有的，请街道匹配。" in await ours.read(form)
        [form] = await leads(street, page, "匹配志愿者")
        assert f'<option value="{made["id"]}"' in await street.read(form)
        told = await sends(street, page, "匹配志愿者", volunteer=made["id"])
        assert "已办：匹配志愿者" in told


async def test_O_06_which_heads_name_is_put_is_said_and_read_back(
    platform: Inside, url: str
) -> None:
    said = {
        "code": "nuanyang",
        "name": "暖阳社会工作服务中心（虚构）",
        "kind": "service_institution",
        "sector": "community_service",
        "community": "haihua",
        "purpose": "服务社区老人",
        "scope": "社区养老服务",
        "funds": 3_000_000,
        "pledge": "诺〔2026〕1号",
        "founders": [{"seat": "f1", "main": True}, {"seat": "f2"}],
    }
    await platform(CIVIL).post("/api/v1/organisations/organisations", said)
    page = "/console/organisations/organisations/nuanyang"
    async with hand(url, CIVIL) as civil:
        assert "登记姓名（f2）" in await sends(civil, page, "登记姓名（f1）", **PERSON)
        told = await sends(civil, page, "查看姓名（f1）", reason="核对")
        assert PERSON["name"] in told
        [path] = await leads(civil, page, "登记姓名（f2）")
        assert "<h1>登记姓名（f2）</h1>" in await civil.read(path)


async def test_H_02_of_two_rooms_each_is_called_and_comes_as_it_stands(
    platform: Inside, url: str
) -> None:
    for name in ("活动室", "图书室", "活动室"):
        await platform(OURS).post("/api/v1/housing/premises/haihua/rooms", {**ROOM, "name": name})
    page = "/console/housing/premises/haihua"
    async with hand(url, OURS) as ours:
        for part in ("图书室", "活动室 第 1 项", "活动室 第 3 项"):
            [path] = await leads(ours, page, f"注销房间（{part}）")
            assert f"<h1>注销房间（{part}）</h1>" in await ours.read(path)
        [path] = await leads(ours, page, "修改房间（图书室）")
        form = await ours.read(path)
        assert 'name="name" value="图书室"' in form and ">\n</textarea>" in form
        assert f'name="area" value="{ROOM["area"]}"' in form
        assert f'<option value="{ROOM["kind"]}" selected>' in form


async def test_P_01_of_two_needs_of_a_class_each_is_called_by_its_place_and_not_by_its_id(
    platform: Inside, url: str
) -> None:
    surveys = "/api/v1/procurement/needs/surveys"
    for text in ("助餐服务", "陪诊服务"):
        made = await platform(OURS).post(surveys, {**NEED, "text": text})
    page = f"/console/procurement/surveys/{made['id']}"
    async with hand(url, OURS) as ours:
        for part in ("政策类 第 1 项", "政策类 第 2 项"):
            [form] = await leads(ours, page, f"作废需求（{part}）")
            assert f"<h1>作废需求（{part}）</h1>" in await ours.read(form)


async def test_M_02_of_two_parties_each_button_says_whom_it_is_about(
    platform: Inside, url: str
) -> None:
    dispute = {
        "dispute": "neighbours",
        "source": "screening",
        "community": "haihua",
        "text": "楼上漏水，吵了三次。",
        "parties": [{"name": "赵一"}, {"name": "钱二"}],
    }
    made = await platform(OURS).post("/api/v1/mediation/cases", dispute)
    page = f"/console/mediation/cases/{made['id']}"
    async with hand(url, OURS) as ours:
        for party in ("甲方", "乙方"):
            [path] = await leads(ours, page, f"登记当事人（{party}）")
            assert f"<h1>登记当事人（{party}）</h1>" in await ours.read(path)
        assert "甲方、乙方" in await ours.read(page)
        await platform(OURS).step("/api/v1/mediation/cases", made["id"], "accept", {})
        [path] = await leads(ours, page, "当事人意愿")
        choice = (await ours.read(path)).partition('name="party"')[2].partition("</select>")[0]
        offered = re.findall(r'<option value="(\w)">([^<]+)<', choice)
        assert offered == [("a", "甲方"), ("b", "乙方")]


PICTURES = tuple(b"\xff\xd8\xff\xe0 " + name for name in (b"gate", b"hall", b"roof"))
POINTS = ("outside", "close", "floors", "ground_half", "decorated")


async def test_H_04_an_inspections_photographs_are_chosen_for_each_of_its_points(
    platform: Inside, url: str
) -> None:
    keeper = "department:housing_construction"
    signed = {
        "project": "滨河（虚构）",
        "developer": "binhe",
        "community": "haihua",
        "households": 10000,
        "area": "3000.00",
        "due": "2030-01-01",
    }
    made = await platform(keeper).post("/api/v1/housing/agreements", signed)
    page = f"/console/housing/agreements/{made['id']}"
    async with hand(url, keeper) as one:
        record = page
        for picture in PICTURES:
            [path] = await leads(one, record, "上传佐证")
            form = aiohttp.FormData({"_forgery": await one.forgery(path)})
            form.add_field("_file", picture, filename="a.jpg", content_type="image/jpeg")
            async with one.session.post(url + path, data=form) as answer:
                assert answer.status == 200, await answer.text()
                record = str(answer.url.relative())
        [path] = await leads(one, record, "验收")
        asked = html.unescape(await one.read(path))
        offered = {
            point: re.findall(
                rf'name="photos\.{point}" value="([0-9a-f]{{64}})"> 第 (\d) 份', asked
            )
            for point in POINTS
        }
        assert {len(found) for found in offered.values()} == {3}, asked
        for file in re.findall(r'href="([^"]+)">第 \d 份[^<]*</a>', asked):
            async with one.session.get(url + file) as answer:
                assert await answer.read() in PICTURES
        said = {
            f"photos.{name}": found[n % 3][0] for n, (name, found) in enumerate(offered.items())
        }
        said |= {"area": "3000.00", "first": "1800.00", "second": "1200.00"}
        said |= {"outside": "yes", "close": "yes", "decorated": "no", "at": "2026-11-27T09:00"}
        told = await sends(one, record, "验收", **said)
        assert "已办：验收" in told
        # Who comes again another day finds them, on the record and in the form.
        assert len(re.findall(r'href="/console/paper/housing/evidence/', await one.read(page))) == 3
        assert "第 3 份" in await one.read((await leads(one, page, "验收"))[0])
        [path] = await leads(one, page, "移交")
        choice = (await one.read(path)).partition('name="inspection"')[2].partition("</select>")[0]
        assert '<option value="1">1</option>' in choice
    state = (await platform(keeper).get(f"/api/v1/housing/agreements/{made['id']}"))["state"]
    [inspection] = state["inspections"]
    assert [len(one["photos"]) for one in inspection["findings"]] == [1] * 5
