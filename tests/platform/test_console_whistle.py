"""What the console shows of a whistle to who is called, and what the district enters there."""

import re
from pathlib import Path
from typing import Any

from tests.platform.test_whistle_receipts import COMMUNITY, PROBLEMS, STREET, WHISTLES
from tests.support.consoles import console_on, hand
from tests.support.inside import Inside, inside

PLACE = "三号楼北侧"
CALLED = "department:water"


async def called(platform: Inside) -> str:
    """A whistle of a problem that has a place, dispatched to water."""
    body = {"channel": "visit", "community": "guanshangzhongxinqu", "category": "noise"}
    words = {"title": "夜间施工", "asked": "请停工", "place": PLACE}
    problem = (await platform(COMMUNITY).post(PROBLEMS, {**body, **words}))["id"]
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    await platform(COMMUNITY).step(PROBLEMS, problem, "triage", triage)
    blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
    id = str((await platform(STREET).post(WHISTLES, {**blow, "problem": problem}))["id"])
    for step in ("register", "dispatch"):
        await platform("command_centre").step(WHISTLES, id, step)
    return id


async def test_W_05_a_unit_that_is_called_reads_where_to_come_and_is_led_nowhere_it_may_not_go(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        await platform.ready()
        id = await called(platform)
        said = await platform(CALLED).get(f"{WHISTLES}/{id}/asked")
        assert said == {"asked": "请停工", "place": PLACE}
        assert PLACE not in str(await platform(CALLED).get(f"{WHISTLES}/{id}/trail"))
        page = f"/console/whistle/whistles/{id}"
        async with console_on(platform) as url:
            async with hand(url, CALLED) as water:
                shown = await water.read(page)
                assert f"地点：{PLACE}" in shown and "/console/whistle/problems/" not in shown
            async with hand(url, STREET) as street:
                assert "/console/whistle/problems/" in await street.read(page)
            async with hand(url, "discipline") as overseer:
                assert PLACE not in await overseer.read(page)


SEVEN = {"name": "关上中心区七员", "kind": "community_force", "valid_from": "2019-05-31"}
UNITS = "/console/whistle/units"
ENTER = f"{UNITS}/enter"
BLOW = "/console/whistle/whistles/new?step=blow"


async def test_W_02_the_district_enters_a_communitys_forces_which_its_form_then_offers(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        await platform.ready()
        async with console_on(platform) as url:
            async with hand(url, COMMUNITY) as secretary:
                form = await secretary.read(BLOW)
                assert "名册中还没有登记本社区的力量" in form and not offered(form)
                assert ENTER not in await secretary.read(UNITS)
                await secretary.read(ENTER, 404)
            async with hand(url, "district_admin") as admin:
                assert f'href="{ENTER}"' in await admin.read(UNITS)
                body = {**SEVEN, "code": "seven", "serves": PLACED}
                sent = {**body, "_forgery": await admin.forgery(ENTER)}
                listed = await admin.send(ENTER, sent)
                assert "已办：登记单位" in listed and "关上中心区七员" in listed
                again = await admin.send(ENTER, {**sent, "code": "water"}, 422)
                assert "该代码已登记为“区水务局”" in again
                assert "请填写代码" in await admin.send(ENTER, {**sent, "code": " "}, 422)
                assert "小写字母" in await admin.send(ENTER, {**sent, "code": "A！"}, 422)
        async with console_on(platform) as url, hand(url, COMMUNITY) as secretary:
            assert offered(await secretary.read(BLOW)) == ["seven"]
        async with console_on(platform) as url, hand(url, STREET) as street:
            assert {"water", "seven"} <= set(offered(await street.read(BLOW)))


PLACED = "guanshangzhongxinqu"


def offered(form: str) -> list[str]:
    return re.findall(r'name="units" value="([^"]+)"', form)


async def test_W_05_the_district_changes_a_unit_as_it_was_seen(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        await platform.ready()
        admin = platform("district_admin")

        async def water() -> Any:
            [found] = [
                one
                for one in (await admin.get("/api/v1/whistle/units", limit="100"))["items"]
                if one["id"] == "water"
            ]
            return found

        async with console_on(platform) as url, hand(url, "district_admin") as hands:
            page = f"{ENTER}?code=water"
            assert f'href="{page}"' in await hands.read(UNITS)
            form = await hands.read(page)
            assert 'value="区水务局"' in form and 'name="code"' not in form
            await hands.read(f"{ENTER}?code=nobody", 404)
            said = {
                "_forgery": await hands.forgery(page),
                "_version": str((await water())["version"]),
                "name": "区水务局",
                "kind": "department",
                "serves": PLACED,
                "valid_from": "2019-05-31",
            }
            await hands.send(page, said)
            assert (await water())["state"]["serves"] == [PLACED]
            late = await hands.send(page, {**said, "name": "别的名称"}, 412)
            assert "已有改动" in late and 'value="别的名称"' in late
            assert (await water())["state"]["name"] == "区水务局"
            wrong = {**said, "_version": str((await water())["version"])}
            unfit = await hands.send(page, {**wrong, "valid_to": "2018-01-01"}, 422)
            assert "终止日期不得早于生效日期" in unfit
            assert f'name="_version" value="{wrong["_version"]}"' in unfit
