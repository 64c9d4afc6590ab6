"""今日: what waits for an office is there, however much else runs; nothing of another's; late is red at any hour."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.asking import Answer, Caller, Gateway
from console.lamps import lit
from console.routes.live import nudges
from console.waiting import EACH
from tests.support.buses import until
from tests.support.consoles import Hand, hand, url
from tests.support.held import WHISTLE
from tests.support.inside import HeldClock, Inside, inside

__all__ = ["url"]

WHISTLES, PROBLEMS = "/api/v1/whistle/whistles", "/api/v1/whistle/problems"
COMMUNITY, STREET, CENTRE = "community:guanshangzhongxinqu", "street:guanshang", "command_centre"
WATER = "department:water"
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
Blown = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(MONDAY)


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str, clock: HeldClock) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", only=WHISTLE, clock=clock) as running:
        yield running


async def blown(platform: Inside, title: str, **more: Any) -> dict[str, Any]:
    body = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    said = {**body, "title": title, "category": "water", **more}
    made: dict[str, Any] = await platform(STREET).post(WHISTLES, said)
    return made


async def dispatched(platform: Inside, title: str, **more: Any) -> str:
    id = str((await blown(platform, title, **more))["id"])
    for step in ("register", "dispatch"):
        await platform(CENTRE).step(WHISTLES, id, step)
    return id


async def waiting(office: Hand, page: str = "/") -> tuple[int, str]:
    """How much waits, as the page says, and what it shows of it."""
    text = await office.read(page)
    found = re.search(
        r'<h2 id="waiting"[^>]*>待办 <small>(\d+)</small></h2>(.*?)</section>', text, re.S
    )
    assert found is not None
    return int(found[1]), found[2]


async def test_W_17_what_waits_is_found_behind_any_number_of_others(
    platform: Inside, url: str
) -> None:
    for number in range(EACH + 2):
        await dispatched(platform, f"河道排污口{number}号")
    await blown(platform, "井盖缺失", kind="emergency")
    async with hand(url, CENTRE) as centre, hand(url, WATER) as water:
        many, shown = await waiting(centre)
        assert many == 1 and "井盖缺失" in shown
        assert (await waiting(water))[0] == EACH + 2
        assert (await waiting(water, "/console/whistle"))[0] == EACH + 2


async def test_W_05_what_waits_for_a_unit_that_has_ended_is_found_by_the_centre_once(
    platform: Inside, url: str
) -> None:
    await dispatched(platform, "河道排污口")
    await dispatched(platform, "占道经营", units=["transport"], lead="transport")
    async with hand(url, CENTRE) as centre, hand(url, STREET) as street:
        assert (await waiting(centre))[0] == 0
        gone: dict[str, Any] = {"name": "区水务局", "kind": "department"}
        gone |= {"valid_from": "2019-05-31", "valid_to": "2026-03-01"}
        admin = platform("district_admin")
        [water] = [
            one
            for one in (await admin.get("/api/v1/whistle/units", limit="100"))["items"]
            if one["id"] == "water"
        ]
        await admin.put("/api/v1/whistle/units/water", gone, version=water["version"])
        many, shown = await waiting(centre)
        assert many == 1 and "河道排污口（区水务局已撤销，待裁定由谁接办）" in shown
        assert "裁定归属" in shown and (await waiting(street))[0] == 0
        ruled = {"unit": "ecology_environment", "reason": "职责划转"}
        id = (await platform(CENTRE).get(WHISTLES, unit="water"))["items"][0]["id"]
        await platform(CENTRE).step(WHISTLES, id, "competence", ruled)
        assert (await waiting(centre))[0] == 0


async def test_W_02_what_waits_for_a_community_that_has_ended_is_found_by_its_street(
    platform: Inside, url: str, clock: HeldClock
) -> None:
    place = COMMUNITY.partition(":")[2]
    seven: dict[str, Any] = {"name": "七人小组", "kind": "community_force", "serves": [place]}
    seven["valid_from"] = "2019-05-31"
    await platform("district_admin").put("/api/v1/whistle/units/seven", seven)
    below = {"level": "community", "kind": "problem", "units": ["seven"], "lead": "seven"}
    said = {**below, "title": "沟渠淤塞", "category": "other"}
    id = (await platform(COMMUNITY).post(WHISTLES, said))["id"]
    force, own = platform("department:seven"), f"{WHISTLES}/{id}/units/seven"
    await force.post(f"{own}/arrive")
    await force.post(
        f"{own}/result",
        {"outcome": "cannot_act", "summary": "缺设备", "ground": "无此职责", "who_can": "街道"},
    )
    ending: dict[str, Any] = {
        "kind": "split",
        "ends": [place],
        "on": "2026-03-05",
        "reason": "拆分",
    }
    new = {"street": "guanshang", "kind": "urban"}
    ending["entries"] = [{**new, "code": code, "name": code} for code in ("newa", "newb")]
    await platform("district_admin").post("/api/v1/housing/boundary-changes", ending)
    async with hand(url, STREET) as street:
        assert (await waiting(street))[0] == 0
        clock.now += timedelta(days=4)

        async def found() -> bool:
            return (await waiting(street))[0] > 0

        await until(found)
        many, shown = await waiting(street)
        assert many == 1 and "已撤并，由街道接办" in shown and "沟渠淤塞" in shown


async def test_W_05_the_day_asks_no_more_however_many_units_have_ended(
    platform: Inside, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Gateway.ask

    async def counted(self: Gateway, caller: Caller, path: str, *said: Any, **more: Any) -> Answer:
        asked.append(path)
        return await ask(self, caller, path, *said, **more)

    async def questions(centre: Hand) -> list[str]:
        asked.clear()
        await centre.read("/")
        return sorted(asked)

    await dispatched(platform, "河道排污口")
    async with hand(url, CENTRE) as centre:
        await centre.read("/")
        monkeypatch.setattr(Gateway, "ask", counted)
        before = await questions(centre)
        for number in range(3):
            gone = {"name": f"{number}号局", "kind": "department", "valid_from": "2019-05-31"}
            path = f"/api/v1/whistle/units/gone{number}"
            await platform("district_admin").put(path, {**gone, "valid_to": "2026-03-01"})
        assert await questions(centre) == before


async def test_W_06_who_is_asked_for_more_time_finds_that_it_waits(
    platform: Inside, url: str
) -> None:
    id = await dispatched(platform, "河道排污口")
    async with hand(url, CENTRE) as centre:
        assert (await waiting(centre))[0] == 0
        await platform(WATER).post(
            f"{WHISTLES}/{id}/units/water/extend", {"days": 2, "reason": "要等材料"}
        )
        many, shown = await waiting(centre)
        assert many == 1 and "批准延长" in shown
        await platform(CENTRE).post(f"{WHISTLES}/{id}/units/water/extend/grant")
        assert (await waiting(centre))[0] == 0


async def test_W_01_what_nobody_knows_the_place_of_waits_for_the_command_centre(
    platform: Inside, url: str
) -> None:
    said = {"service_code": "water", "description": "水管爆裂", "address_string": "某某路口"}
    async with platform.session.post(
        f"{platform.url}/api/v1/whistle/open311/v2/requests.json", data=said
    ) as answer:
        assert answer.status == 201, await answer.text()
    async with hand(url, CENTRE) as centre, hand(url, STREET) as street:
        many, shown = await waiting(centre)
        assert many == 1 and "确定地点" in shown
        assert (await waiting(street))[0] == 0


async def test_W_17_a_unit_minds_its_own_deadlines_and_its_own_returns(
    platform: Inside, url: str, clock: HeldClock
) -> None:
    units = ["water", "housing_construction"]
    id = await dispatched(platform, "河道排污口", units=units)
    result = {"outcome": "resolved", "summary": "已清理"}
    for unit in units:
        office = platform(f"department:{unit}")
        await office.post(f"{WHISTLES}/{id}/units/{unit}/arrive")
        await office.post(f"{WHISTLES}/{id}/units/{unit}/result", result)
    await platform(STREET).step(WHISTLES, id, "confirm", {"done": False, "said": "没有到场"})
    again = {"units": ["housing_construction"], "reason": "没有办好"}
    await platform(CENTRE).step(WHISTLES, id, "return", again)
    clock.now += timedelta(days=40)
    async with hand(url, WATER) as water, hand(url, "department:housing_construction") as other:
        ours, theirs = await water.read("/"), await other.read("/")
    assert "<b>红</b> 0" in ours and "退回的 <small>0</small>" in ours
    assert "<b>红</b> 1" in theirs and "退回的 <small>1</small>" in theirs
    assert (await platform(WATER).get(f"{WHISTLES}/{id}"))["due"] is None


async def test_what_does_not_answer_is_not_said_to_have_nothing_waiting(
    platform: Inside, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await blown(platform, "井盖缺失")
    asked = Gateway.ask

    async def away(self: Gateway, caller: Caller, path: str, *args: Any, **more: Any) -> Answer:
        if path.startswith("/api/v1/whistle/"):
            return Answer(503, json.dumps({"title": "暂时不可用"}).encode())
        return await asked(self, caller, path, *args, **more)

    async with hand(url, CENTRE) as centre:
        monkeypatch.setattr(Gateway, "ask", away)
        for page in ("/", "/console/whistle"):
            many, shown = await waiting(centre, page)
            assert many == 0 and "没有应答：吹哨" in shown
            assert "已应答的服务中没有等您办理的事项" in shown
            assert ">没有快到期的事项" not in await centre.read(page)
        wall = await centre.read("/console/whistle/wall")
        assert "没有应答：吹哨" in wall and ">没有快到期的事项" not in wall
        for page, nothing in (("done", "还没有经您办理"), ("begun", "还没有由您发起")):
            mine = await centre.read(f"/console/{page}")
            assert "没有应答：吹哨" in mine and f">{nothing}" not in mine
        rules = await centre.read("/console/rules?service=whistle")
        assert "没有应答：吹哨" in rules and "<section><h2>" not in rules
        board = await centre.session.get(f"{url}/console/whistle/board")
        assert board.status == 503 and "暂时不可用" in await board.text()
        monkeypatch.setattr(Gateway, "ask", asked)
        many, shown = await waiting(centre)
        assert many == 1 and "没有应答" not in shown


def test_W_06_what_is_over_is_red_at_any_hour_and_an_emergency_runs_by_the_wall() -> None:
    due = "2026-03-06T09:00:00Z"
    [after] = [lit({"due": due}, 0, FRIDAY_EVENING + timedelta(hours=14, minutes=5))]
    assert (after.colour, after.text) == ("red", "逾期14小时")
    before = lit({"due": "2026-03-07T08:00:00Z", "wall": True}, 3600, FRIDAY_EVENING)
    assert (before.colour, before.text) == ("green", "剩23小时")
    assert (
        lit({"due": due, "wall": True}, -60, FRIDAY_EVENING + timedelta(minutes=30)).text
        == "逾期30分钟"
    )
    assert lit({"due": due, "provisional": True}, 7 * 3600, MONDAY).due.endswith("（暂定）")


async def test_a_page_hears_of_news_whatever_number_its_browser_remembers_and_through_a_proxy(
    platform: Inside, url: str
) -> None:
    """Of before a restore, say: the stream was refused again and again, or waited for what had long come."""
    async with hand(url, CENTRE) as centre:
        said = {"Last-Event-ID": "999999"}
        async with centre.session.get(f"{url}/console/live", headers=said) as stream:
            assert (stream.status, stream.headers["X-Accel-Buffering"]) == (200, "no")
            assert (await stream.content.readuntil(b"\n\n")) == b": \n\n"
            await blown(platform, "井盖缺失")
            while (heard := await stream.content.readuntil(b"\n\n")) == b": \n\n":
                pass
            assert heard == b"data: 1\n\n"


async def test_a_page_looks_again_for_an_event_and_not_because_nothing_came() -> None:
    async def coming() -> AsyncIterator[bytes]:
        yield b"id: 5\n\nid: 5\n\neve"
        yield b"nt: whistle.blown.v1\ndata: {}\nid: 6\n\n"

    heard = [one async for one in nudges(coming())]
    assert heard == [b": \n\n", b": \n\n", b": \n\n", b"data: 1\n\n"]


async def test_what_is_the_administrator_s_alone_is_no_refusal_on_another_s_page(
    platform: Inside, url: str
) -> None:
    async with hand(url, "discipline") as auditor, hand(url, "district_admin") as admin:
        page = await auditor.read("/console/running")
        assert "搁置的消息" not in page and "无权" not in page and "待发事件" in page
        assert "搁置的消息" in await admin.read("/console/running")
