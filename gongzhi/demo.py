"""The demo: a resident's need in 关上街道 becomes a figure on the street's scorecard; then `demo_purchase`.

Played through the gateway only, against a running platform or one of its own in a temporary folder.
Community, offices and texts are invented roles; the figures at the end must come out.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from chassis.kernel.clock import quarter_of

from . import compose, keys
from .demo_affairs import survey_admitted
from .demo_cast import COMMUNITY, STREET, Cast, Disappointed, say
from .demo_dispute import dispute_settled
from .demo_organisation import organisation_listed
from .demo_purchase import need_to_lifted_restriction
from .office import Office
from .serving import server

WHISTLES = "/api/v1/whistle/whistles"
PROBLEMS = "/api/v1/whistle/problems"
LEAD, LATE = "urban_management", "housing_construction"
ARRIVAL_SECONDS = 2


def play(url: str | None, data: Path) -> int:
    try:
        asyncio.run(_play(url, data))
    except Disappointed as reason:
        print(f"✗ {reason}", file=sys.stderr)
        return 1
    return 0


async def _play(url: str | None, data: Path) -> None:
    async with aiohttp.ClientSession() as session:
        if url is not None:
            await whole(Cast(session, url, data))
            return
        with tempfile.TemporaryDirectory(prefix="gongzhi-demo-") as folder:
            async with own_platform(Path(folder)) as own:
                await whole(Cast(session, own, Path(folder)))


async def whole(cast: Cast) -> None:
    await need_to_scorecard(cast)
    await organisation_listed(cast.office, say)
    await survey_admitted(cast.office, say)
    await dispute_settled(cast.office, say)
    say("第二幕：从议事中的需求到限制解除")
    await need_to_lifted_restriction(cast)


@asynccontextmanager
async def own_platform(data: Path) -> AsyncIterator[str]:
    """An all-in-one on a free port of its own."""
    built = compose.runtime(keys.settings_for(data), "gongzhi-demo")
    process, app = compose.all_in_one(built)
    door = server(app, "127.0.0.1", 0)
    process.start()
    serving = asyncio.create_task(door.serve())
    try:
        while not door.started:
            await asyncio.sleep(0.02)
        port = door.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        door.should_exit = True
        await serving
        await process.stop()


async def need_to_scorecard(cast: Cast) -> str:
    """Plays it and checks the figures; gives the whistle's id."""
    street, centre = cast.office(f"street:{STREET}"), cast.office("command_centre")
    lead, late = cast.office(f"department:{LEAD}"), cast.office(f"department:{LATE}")
    await ready(cast)
    quarter = quarter_of(datetime.now(UTC))
    before = await figures(centre, quarter)

    problem = await collected(cast)
    async with short_arrival(cast.office("district_admin")):
        whistle = await called(street, centre, problem)
        await worked(whistle, centre, lead, late)
    await judged(whistle, street, centre)

    after = await settled_figures(centre, quarter, before)
    expected = {
        "whistles_closed": (1, None, None),
        "arrival_on_time": (None, 1, 2),
        "handling_on_time": (None, 2, 2),
        "returns": (1, None, None),
    }
    for name, change in expected.items():
        _compare(name, before[name], after[name], change)
    await opened(centre, quarter, whistle)
    return whistle


async def ready(cast: Cast) -> None:
    for _ in range(300):
        async with cast.session.get(cast.url + "/readyz") as answer:
            if answer.status == 200:
                say("平台就绪")
                return
            if answer.status != 503:
                raise Disappointed(f"{cast.url} 答复 {answer.status}：不是共治平台，请检查地址")
        await asyncio.sleep(0.1)
    raise Disappointed("平台没有就绪")


async def collected(cast: Cast) -> str:
    problem = await cast.office(f"community:{COMMUNITY}").post(
        PROBLEMS,
        {
            "channel": "visit",
            "community": COMMUNITY,
            "category": "parking",
            "title": "消防通道长期被占用",
            "asked": "请清理占用消防通道的车辆和杂物",
            "reporter": {"name": "演示居民", "contact": "演示", "text": "演示：走访时当面反映"},
        },
    )
    say(f"问题收集  {problem['id']}")
    await cast.office(f"street:{STREET}").step(
        PROBLEMS,
        problem["id"],
        "triage",
        {
            "kind": "emergency",
            "urgency": "emergency",
            "difficulty": "hard",
            "handling": "joint",
        },
    )
    say("分类：应急、紧急、较难、联合办理")
    return str(problem["id"])


@asynccontextmanager
async def short_arrival(admin: Office) -> AsyncIterator[None]:
    """A policy under which somebody can be late within seconds; put back afterwards, all on record."""
    path = "/api/v1/whistle/policy"
    book = await admin.get(path)
    usual = book["state"]["editions"][-1]["values"]
    hasty = {"pace": "wall", "amount": ARRIVAL_SECONDS}
    values = {**usual, "arrival": {**usual["arrival"], "emergency": hasty}}
    changed = await admin.put(
        path, {"values": values, "reason": "演示：缩短应急哨报到时限"}, version=book["version"]
    )
    try:
        yield
    finally:
        await admin.put(
            path, {"values": usual, "reason": "演示结束，恢复原值"}, version=changed["version"]
        )


async def called(street: Office, centre: Office, problem: str) -> str:
    blown = await street.post(
        WHISTLES,
        {
            "level": "street",
            "kind": "emergency",
            "problem": problem,
            "units": [LEAD, LATE],
            "lead": LEAD,
        },
    )
    id = str(blown["id"])
    say(f"书记吹哨  {id}")
    await centre.step(WHISTLES, id, "register")
    await centre.step(WHISTLES, id, "dispatch")
    say("审核立项、任务派遣")
    return id


async def worked(id: str, centre: Office, lead: Office, late: Office) -> None:
    await lead.post(f"{WHISTLES}/{id}/units/{LEAD}/arrive")
    say(f"{LEAD} 按时报到")
    await asyncio.sleep(ARRIVAL_SECONDS + 0.2)
    await late.post(f"{WHISTLES}/{id}/units/{LATE}/arrive")
    say(f"{LATE} 迟到报到，逾期记录一次")
    await filed(lead, id, LEAD, "已清理通道")
    await filed(late, id, LATE, "已约谈物业")
    await centre.step(WHISTLES, id, "return", {"units": [LATE], "reason": "未提交整改照片"})
    say(f"退回 {LATE} 一次")
    await filed(late, id, LATE, "已补交整改照片")


async def filed(office: Office, id: str, unit: str, summary: str) -> None:
    body = {"outcome": "resolved", "summary": summary}
    await office.post(f"{WHISTLES}/{id}/units/{unit}/result", body)
    say(f"{unit} 提交结果")


async def judged(id: str, street: Office, centre: Office) -> None:
    await street.step(WHISTLES, id, "confirm", {"done": True})
    await centre.step(WHISTLES, id, "verify")
    await centre.step(WHISTLES, id, "marks", {"points": 90})
    await street.step(
        WHISTLES, id, "marks", {"points": 80, "findings": [{"unit": LATE, "manner": "slow"}]}
    )
    evaluated = await centre.step(WHISTLES, id, "evaluate")
    scores = {score["unit"]: score["score"] for score in evaluated["state"]["scores"]}
    say(f"核实结项、综合评价 {scores}")
    # 0.6·90 + 0.4·80 = 86; the late unit loses 10 for its arrival and 15 for the return.
    if scores != {LEAD: 8600, LATE: 6100}:
        raise Disappointed(f"得分应为 86.00 和 61.00，实际 {scores}")
    await street.step(WHISTLES, id, "answer", {"answer": "消防通道已恢复畅通"})
    say("答复反馈")


Figures = dict[str, dict[str, Any]]


async def figures(office: Office, quarter: str) -> Figures:
    card = await office.get(f"/api/v1/index/scorecards/{STREET}", quarter=quarter)
    return {figure["name"]: figure for figure in card["figures"]}


async def settled_figures(office: Office, quarter: str, before: Figures) -> Figures:
    """Once the event has crossed the bus."""
    wanted = before["whistles_closed"]["value"] + 1
    for _ in range(300):
        found = await figures(office, quarter)
        if found["whistles_closed"]["value"] >= wanted:
            return found
        await asyncio.sleep(0.1)
    raise Disappointed("记分卡没有变化")


def _compare(
    name: str,
    before: dict[str, Any],
    after: dict[str, Any],
    change: tuple[int | None, int | None, int | None],
) -> None:
    for field, wanted in zip(("value", "part", "of"), change, strict=True):
        if wanted is not None and after[field] - before[field] != wanted:
            raise Disappointed(f"{name}.{field} 应增加 {wanted}：{before} → {after}")
    say(f"记分卡 {name}: {after}")


async def opened(office: Office, quarter: str, whistle: str) -> None:
    """The figure opens to this whistle's events."""
    path = f"/api/v1/index/scorecards/{STREET}/whistles_closed/events"
    query: dict[str, Any] = {"quarter": quarter, "limit": 200}
    while True:
        page = await office.get(path, **query)
        for item in page["items"]:
            if item["whistle"] == whistle:
                types = [event["type"] for event in item["events"]]
                if types != ["whistle.deadline_missed.v1", "whistle.closed.v1"]:
                    raise Disappointed(f"数字背后的事件不对：{types}")
                say(f"数字展开到事件：{types}")
                return
        if page["next"] is None:
            raise Disappointed("数字背后没有这个哨")
        query["cursor"] = page["next"]
