"""W-10 on the pages: a department's year, what is left out of it, its result and the appeal; W-04 who owes points."""

import re
from typing import Any

from tests.platform.test_whistle_receipts import WHISTLES, answered, collected
from tests.support.consoles import Hand, console_on, hand
from tests.support.held import YEAR_OVER, clock, platform
from tests.support.inside import HeldClock, Inside

__all__ = ["clock", "platform"]
YEAR = "/console/whistle/assessments/water.2026"


async def taken(office: Hand, title: str, **said: Any) -> str:
    """By the button of that title on the year's page, or its first."""
    page = await office.read(YEAR)
    found = re.search(rf'href="([^"]+)"[^>]*>{title}', page)
    assert found is not None, title
    path = found[1].replace("&amp;", "&")
    form = await office.read(path)
    preset = re.search(r'name="whistle"[^>]*value="([^"]+)"|<option value="([^"]+)" selected', form)
    chosen = {"whistle": preset[1] or preset[2]} if preset else {}
    return await office.send(path, {"_forgery": await office.forgery(path), **chosen, **said})


async def test_W_10_a_department_s_year_is_taken_to_its_end_on_the_pages(
    platform: Inside, clock: HeldClock
) -> None:
    ids = [await answered(platform, (await collected(platform))["id"]) for _ in range(2)]
    async with (
        console_on(platform) as url,
        hand(url, "command_centre") as centre,
        hand(url, "district_admin") as admin,
        hand(url, "department:water") as water,
        hand(url, "department:finance") as stranger,
    ):
        assert 'href="/console/whistle/years"' in await water.read("/console/whistle")
        numbers = [
            (await platform("district_admin").get(f"{WHISTLES}/{id}"))["number"] for id in ids
        ]
        own = await water.read(YEAR)
        assert all(number and f"（{number}）" in own for number in numbers)
        assert f'href="{YEAR}"' in await water.read("/console/whistle/years?year=2026")
        await stranger.read(YEAR, 404)
        page = await taken(centre, "申请剔除", reason="极端天气")
        assert "待批准" in page and "极端天气" in page
        assert "已批准" in await taken(admin, "批准剔除")
        assert "年终后方可公布结果" in await admin.read(YEAR)
        clock.now = YEAR_OVER
        assert "已办：公布结果" in await taken(admin, "公布结果")
        assert "应计入第三哨" in await taken(water, "申诉", grounds="应计入第三哨")
        assert "公布的为" not in await water.read(YEAR)
        page = await taken(admin, "裁决申诉", upheld="no", reason="剔除有据")
        assert "剔除有据" in page and all(id not in re.sub(r'"[^"]*"', "", page) for id in ids)
    year = await platform("district_admin").get("/api/v1/whistle/assessments/water.2026")
    assert [one["upheld"] for one in year["state"]["appeals"]] == [False]


async def test_W_10_what_was_published_stands_beside_what_the_whistles_come_to_since(
    platform: Inside, clock: HeldClock
) -> None:
    await answered(platform, (await collected(platform))["id"])
    async with (
        console_on(platform) as url,
        hand(url, "command_centre") as centre,
        hand(url, "district_admin") as admin,
        hand(url, "department:water") as water,
    ):
        clock.now = YEAR_OVER
        await taken(admin, "公布结果")
        listed = "/console/whistle/years?year=2026"
        assert "公布的为" not in await water.read(YEAR) + await water.read(listed)
        await taken(centre, "申请剔除", reason="极端天气")
        await taken(admin, "批准剔除")
        assert "—（按各哨现在的得分；公布的为 84.00）" in await water.read(YEAR)
        assert "<small>公布的为 84.00</small>" in await water.read(listed)


async def test_W_10_a_year_of_which_nothing_was_said_is_there_with_what_may_be_done(
    platform: Inside,
) -> None:
    year = await platform("command_centre").get("/api/v1/whistle/assessments/water.2026")
    assert (year["version"], year["state"]["counted"]) == (0, [])
    assert [one["name"] for one in year["actions"]] == ["exclude"]


async def test_W_04_who_blows_sees_its_points_and_the_centre_everybody_s(platform: Inside) -> None:
    async with (
        console_on(platform) as url,
        hand(url, "street:guanshang") as street,
        hand(url, "command_centre") as centre,
    ):
        own = await street.read("/console/whistle/years?year=2026&of=street:taihe")
        assert "关上街道 2026 年积分" in own and "剩余积分" in own
        every = "/console/whistle/years?year=2026"
        assert "剩余积分" not in await centre.read(every)
        assert "太和街道 2026 年积分" in await centre.read(f"{every}&of=street:taihe")
