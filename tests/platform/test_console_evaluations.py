"""A street says how its year of deliberation stood by the console's pages alone, from a sheet that nobody has begun."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from tests.support.alone import MONDAY
from tests.support.consoles import console_on, hand
from tests.support.inside import HeldClock, Inside, inside

PAGE = "/console/index/evaluations?year=2026"
SHEET = "/console/index/consultation_sheets/guandu.2026"
OWN = re.compile(r'href="(/console/index/consultation_sheets/guandu\.2026/do\?[^"]+)"[^>]*>自评<')


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    only = ("housing", "whistle", "index")
    async with inside(tmp_path / "data", only=only, clock=HeldClock(MONDAY)) as running:
        await running.ready()
        yield running


async def test_I_15_a_street_begins_its_sheet_and_finds_its_own_points(platform: Inside) -> None:
    async with console_on(platform) as url, hand(url, "street:guandu") as clerk:
        assert '"/console/index/evaluations"' in await clerk.read("/console/index")
        page = await clerk.read(PAGE)
        assert SHEET in page and page.count("10项未评") == 2
        assert "consultation_sheets/liujia.2026" not in page
        found = OWN.search(await clerk.read(SHEET))
        assert found is not None
        form = unescape(found[1])
        said = {"item": "4", "claim.place": "yes", "claim.walls": "3", "evidence": "照片"}
        done = await clerk.send(form, {**said, "_forgery": await clerk.forgery(form)})
        assert "已办：自评" in done
        page = await clerk.read(PAGE)
        assert "6.00（9项未评）" in page and page.count("10项未评") == 1


async def test_I_15_who_assesses_finds_every_streets_sheet(platform: Inside) -> None:
    async with console_on(platform) as url:
        async with hand(url, "department:united_front") as office:
            page = await office.read(PAGE)
            assert SHEET in page and "consultation_sheets/liujia.2026" in page
        async with hand(url, "department:finance") as other:
            assert "没有由您查看的街道评价表" in await other.read(PAGE)
