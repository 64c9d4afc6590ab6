"""公开信息: whatever the services give to anybody, without an account and by name."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.consoles import console_on, hand
from tests.support.inside import Inside, inside

CIVIL = "department:civil_affairs"
OPEN = "/console/resident/open"


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    names = ("housing", "whistle", "affairs", "procurement", "organisations")
    async with inside(tmp_path / "data", only=names) as running:
        await running.ready()
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
