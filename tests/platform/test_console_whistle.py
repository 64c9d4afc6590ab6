"""What the console shows of a whistle to who is called, and what the district enters there."""

import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from console.described import Described
from console.registers import Names
from console.shown import Showing
from console.trails import clocks
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
        id = await called(platform)
        said = await platform(CALLED).get(f"{WHISTLES}/{id}/asked")
        assert said == {"asked": "请停工", "place": PLACE}
        assert PLACE not in str(await platform(CALLED).get(f"{WHISTLES}/{id}/trail"))
        page = f"/console/whistle/whistles/{id}"
        async with console_on(platform) as url:
            async with hand(url, CALLED) as water:
                shown = await water.read(page)
                assert re.search(r"<h\d[^>]*>[^<]* 1 · 区水务局</h", shown)
                assert f"地点：{PLACE}" in shown and "/console/whistle/problems/" not in shown
                paused = f"{WHISTLES}/{id}/units/water/pause"
                await platform("command_centre").post(paused, {"reason": "等材料"})
                trail = (await water.read(page)).partition('class="trail"')[2]
                assert "区水务局，报到时限，限 " in trail and " 起暂停：等材料" in trail
            async with hand(url, STREET) as street:
                assert "/console/whistle/problems/" in await street.read(page)
            async with hand(url, "discipline") as overseer:
                shown = await overseer.read(page)
                levels = [int(level) for level in re.findall(r"<h(\d)", shown)]
                assert PLACE not in shown
                assert all(below <= above + 1 for above, below in pairwise(levels)), levels


SEVEN = {"name": "关上中心区七员", "kind": "community_force", "valid_from": "2019-05-31"}
UNITS = "/console/whistle/units"
ENTER = f"{UNITS}/enter"
BLOW = "/console/whistle/whistles/new?step=blow"


async def test_a_list_says_once_what_its_rows_are_called(tmp_path: Path, sqlite_url: str) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        async with console_on(platform) as url, hand(url, "district_admin") as admin:
            page = await admin.read("/console/housing/communities")
    assert page.count(">海华<") == 1 and 'data-title="街道"' in page


async def test_W_02_the_district_enters_a_communitys_forces_which_its_form_then_offers(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
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


LEAD = re.compile(r'href="([^"]*step=blow[^"]*problem=[^"]*)"')


async def test_W_01_a_problem_leads_to_a_whistle_once_it_is_triaged_and_of_the_kind_it_was_triaged_as(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        body = {"channel": "visit", "community": PLACED, "category": "noise"}
        words = {"title": "夜间施工", "asked": "请停工"}
        problem = (await platform(COMMUNITY).post(PROBLEMS, {**body, **words}))["id"]
        page = f"/console/whistle/problems/{problem}"
        async with console_on(platform) as url, hand(url, STREET) as street:
            assert not LEAD.findall(await street.read(page))
            triage = {"kind": "service", "urgency": "normal", "difficulty": "hard"}
            triage["handling"] = "joint"
            await platform(COMMUNITY).step(PROBLEMS, problem, "triage", triage)
            [lead] = LEAD.findall(await street.read(page))
            form = await street.read(unescape(lead))
            assert '<option value="service" selected' in form
            asked = ('name="title"', 'name="category"')
            assert not any(one in form for one in asked)
            own_accord = await street.read(BLOW)
            assert all(one in own_accord for one in asked)
            blow = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
            await platform(STREET).post(WHISTLES, {**blow, "problem": problem})
            await platform.idle()
            assert not LEAD.findall(await street.read(page))


PLACED = "guanshangzhongxinqu"


def offered(form: str) -> list[str]:
    return re.findall(r'name="units" value="([^"]+)"', form)


async def test_W_05_the_district_changes_a_unit_as_it_was_seen(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
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


async def test_W_17_what_the_blower_thinks_is_read_in_the_trail_and_only_who_was_called_is_sent_back(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        id = await called(platform)
        water = f"{WHISTLES}/{id}/units/water"
        await platform(CALLED).post(f"{water}/arrive", {})
        async with console_on(platform) as url, hand(url, CALLED) as unit:
            form = await unit.read(f"/console/whistle/whistles/{id}/do?step={water}/extend")
            assert re.findall(r'<option value="(\w+)"', form) == ["arrival", "handling"]
        await platform(CALLED).post(f"{water}/result", {"outcome": "resolved", "summary": "已停工"})
        word = {"done": False, "said": "夜里又开工了"}
        await platform(STREET).step(WHISTLES, id, "confirm", word)
        page = f"/console/whistle/whistles/{id}"
        async with console_on(platform) as url, hand(url, "command_centre") as centre:
            trail = (await centre.read(page)).partition('class="trail"')[2]
            assert "是否办好：否，评价意见：夜里又开工了" in trail
            assert "区水务局，结果：已解决，已停工" in trail
            form = await centre.read(f"{page}/do?step={WHISTLES}/{id}/return")
            assert offered(form) == ["water"]


NAMES = Names({"unit": {"water": "区水务局", "transport": "区交通运输局"}})
WORDS = {"handling": "办理", "arrival": "报到"}
TWO_DAYS = {"pace": "working_days", "amount": 2}
PAUSE = {"since": "2026-03-04T09:00:00+08:00", "reason": "等材料", "approved_by": "command_centre"}
UNTIL = {**PAUSE, "until": "2026-03-06T12:00:00+08:00"}
GRANTED = {
    "at": "2026-03-05T09:00:00+08:00",
    "budget": TWO_DAYS,
    "reason": "等配件",
    "approved_by": "command_centre",
}
OF_WATER = {"unit": "water", "which": "handling"}
DUE, LATER = "2026-03-09T17:00:00+08:00", "2026-03-11T17:00:00+08:00"
EARLY = {**UNTIL, "until": "2026-03-04T10:00:00+08:00"}
MOVED = "由 2026-03-09 17:00 改为 2026-03-11 17:00"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({**OF_WATER, "due": DUE}, ["区水务局", "办理时限", "限 2026-03-09 17:00"]),
        ({**OF_WATER, "budget": TWO_DAYS}, ["区水务局", "办理时限", "2 个工作日"]),
        (
            {**OF_WATER, "was": DUE, "deadline": {"due": DUE, "pauses": [PAUSE]}},
            ["区水务局", "办理时限", "限 2026-03-09 17:00", "2026-03-04 09:00 起暂停：等材料"],
        ),
        (
            {**OF_WATER, "was": DUE, "deadline": {"due": LATER, "pauses": [UNTIL]}},
            ["区水务局", "办理时限", MOVED, "2026-03-04 09:00 至 2026-03-06 12:00 暂停：等材料"],
        ),
        (
            {
                **OF_WATER,
                "was": DUE,
                "deadline": {"due": LATER, "pauses": [EARLY], "extensions": [GRANTED]},
            },
            ["区水务局", "办理时限", MOVED, "延长 2 个工作日：等配件"],
        ),
        ({"units": ["water", "transport"]}, ["区水务局、区交通运输局"]),
        ({"reason": "没到场"}, []),
    ],
)
def test_W_06_a_trail_says_whose_clock_was_moved_from_when_to_when_and_why(
    data: dict[str, Any], said: list[str]
) -> None:
    assert clocks(NAMES, WORDS, data) == said


CLOCK: dict[str, Any] = {"properties": {"deadline": {}}}


@pytest.mark.parametrize(
    ("rungs", "met", "text"),
    [
        (0, None, "限 2026-03-09 17:00"),
        (2, None, "限 2026-03-09 17:00，已逾期，提醒 2 次"),
        (1, LATER, "限 2026-03-09 17:00，2026-03-11 17:00 逾期完成，提醒 1 次"),
    ],
)
def test_W_06_what_was_missed_is_called_late_and_not_urged(
    rungs: int, met: str | None, text: str
) -> None:
    clock = {"deadline": {"due": DUE}, "met_at": met, "rungs": rungs}
    assert Showing(Described({}, {}, (), {}), NAMES).text("arrival", CLOCK, clock) == text


async def test_the_words_of_a_form_are_those_of_what_it_is_about(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        async with console_on(platform) as url, hand(url, "district_admin") as admin:
            form = await admin.read("/console/rules/whistle/policy/change")
        for kind in ("问题哨", "服务哨", "攻坚哨", "应急哨"):
            for which in ("报到时限", "办理时限"):
                assert f"{which} › {kind} › 计时方式" in form
        assert platform.services["whistle"].titles["taken_off"] == "扣分"
