"""公开信息: whatever the services give to anybody, without an account and by name."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from chassis.service import utc_now
from gongzhi.demo_cast import COMMUNITY
from tests.support.consoles import console_on, hand
from tests.support.inside import Inside, inside

CIVIL = "department:civil_affairs"
OPEN = "/console/resident/open"
CHARTERS = "/api/v1/affairs/charters"
OWN = f"community:{COMMUNITY}"


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    names = ("housing", "whistle", "affairs", "procurement", "organisations")
    async with inside(tmp_path / "data", only=names) as running:
        yield running


async def test_A_09_O_08_anybody_reads_what_is_public_by_name(platform: Inside) -> None:
    civil = platform(CIVIL)
    registered = {
        "code": "nuanyang",
        "name": "暖阳社会工作服务中心（虚构）",
        "kind": "service_institution",
        "sector": "community_service",
        "community": "haihua",
        "scope": "社区养老服务",
        "certificate": "证-1",
        "on": "2020-03-02",
    }
    await civil.post("/api/v1/organisations/organisations/registered", registered)
    work = {"unit": "health", "street": "guanshang", "item": "慢病筛查（虚构）", "group": "city"}
    said = {**work, "document": "市〔2026〕1号", "mode": "authorised", "scope": "全区"}
    await civil.post("/api/v1/affairs/admissions/registered", said)
    async with console_on(platform) as url, hand(url) as anybody:
        assert f'href="{OPEN}"' in await anybody.read("/console/resident")
        found = html.unescape(await anybody.read(OPEN))
        pages = {
            title: path for path, title in re.findall(rf'href="({OPEN}/[^"]+)">([^<]+)<', found)
        }
        assert "暖阳社会工作服务中心" in await anybody.read(pages["社会组织名录"])
        works = await anybody.read(pages["社区工作准入目录"])
        for text in ("慢病筛查", "区卫生健康局", "关上街道"):
            assert text in works
        assert '<td data-title="单位">health' not in works
        for title in ("各社区志愿服务次数和时长", "随机抽查的名单和抽签结果", "处罚、取缔决定"):
            assert "还没有公布的内容" in await anybody.read(pages[title])
        years = await anybody.read(pages["社会组织的年度报告"])
        assert '<option value="nuanyang">暖阳' in years
        await anybody.read(f"{pages['社会组织的年度报告']}?code=nuanyang")
        await anybody.read(f"{OPEN}/organisations.organisations.show", 404)


async def test_A_26_anybody_reads_the_charters_in_force_of_a_community(platform: Inside) -> None:
    """The last version of each kind that was published, and no draft; of the community that is asked for."""
    await publish(platform, "1", "（虚构）第一版")
    await publish(platform, "2", "（虚构）第二版")
    draft = {"community": COMMUNITY, "kind": "village", "text": "（虚构）第三版草稿"}
    await platform(OWN).post(CHARTERS, draft)
    public = f"{platform.url}/api/v1/affairs/public/charters"
    async with platform.session.get(public, params={"community": COMMUNITY}) as answer:
        [one] = await answer.json()
    assert {name: one[name] for name in ("kind", "version", "number", "text")} == {
        "kind": "village",
        "version": 2,
        "number": "备2",
        "text": "（虚构）第二版",
    }
    async with platform.session.get(public, params={"community": "haihua"}) as answer:
        assert await answer.json() == []
    async with console_on(platform) as url, hand(url) as anybody:
        found = html.unescape(await anybody.read(OPEN))
        [page] = re.findall(rf'href="({OPEN}/[^"]+)">社区自治章程和两约<', found)
        assert f'<option value="{COMMUNITY}">' in await anybody.read(page)
        shown = await anybody.read(f"{page}?community={COMMUNITY}")
        assert "（虚构）第二版" in shown and "第一版" not in shown and "草稿" not in shown
        assert "村规民约" in shown and "village" not in shown
        assert "还没有公布的内容" in await anybody.read(f"{page}?community=haihua")


async def publish(platform: Inside, number: str, text: str) -> None:
    said = {"community": COMMUNITY, "kind": "village", "text": text}
    made = await platform(OWN).post(CHARTERS, said)
    today = local_date(utc_now()).isoformat()
    talks = ("proposed", "consulted", "deliberated", "resolved", "disclosed")
    for talk in talks:
        await platform(OWN).step(CHARTERS, made["id"], "talks", {"talk": talk, "on": today})
    await platform(OWN).step(CHARTERS, made["id"], "send")
    await platform("street:guanshang").step(CHARTERS, made["id"], "file", {"number": f"备{number}"})
    await platform(OWN).step(CHARTERS, made["id"], "publish")
