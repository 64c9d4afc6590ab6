"""The service as it runs: a survey without admission is found, applied for, admitted, taken on and over."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.heard import topology
from gongzhi.office import Refused
from tests.support.buses import declared
from tests.support.inside import inside
from tests.support.organisations import Ahead, Neighbours

BASE = "/api/v1/affairs"
ADMISSIONS = f"{BASE}/admissions"
OFFICE = "department:civil_affairs"
UNIT = "department:health"
STREET, COMMUNITY = "street:liujia", "community:haihua"


@pytest.fixture(params=["local", "RabbitMQ"])
async def neighbours(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, amqp_names: set[str]
) -> AsyncIterator[Neighbours]:
    amqp_names |= declared(topology())
    url = request.getfixturevalue("amqp_url") if request.param == "RabbitMQ" else None
    clock = Ahead()
    names = ("housing", "whistle", "affairs")
    async with inside(tmp_path / "data", bus_url=url, clock=clock, only=names) as running:
        await running.ready()
        yield Neighbours(running, clock)


async def refused(call: Awaitable[Any]) -> tuple[int, str | None]:
    with pytest.raises(Refused) as refusal:
        await call
    return refusal.value.status, refusal.value.problem.get("rule")


def form(clock: Ahead, **other: Any) -> dict[str, Any]:
    today = clock()
    return {
        "unit": "health",
        "community": "haihua",
        "item": "居家养老需求调查（虚构）",
        "basis": "演示依据",
        "aim": "摸清底数",
        "task": "入户填表",
        "process": "培训、入户、汇总",
        "assessed_by": "抽查",
        "staff": "每社区 2 人",
        "powers": "查阅台账",
        "funds": 2_000_000,
        "provision": "funds",
        "term": "stage",
        "begins_on": (today + timedelta(days=40)).date().isoformat(),
        "until": (today + timedelta(days=100)).date().isoformat(),
        "out_of_season": "演示",
        **other,
    }


async def test_A_08_a_survey_goes_its_way_and_is_told(neighbours: Neighbours) -> None:
    running = neighbours
    what = {"community": "haihua", "unit": "health", "item": "居家养老需求调查（虚构）"}
    intrusion = await running.post(COMMUNITY, f"{BASE}/intrusions", {**what, "what": "逐户填表"})
    verdict = {"found": True, "opinion": "属实"}
    await running.step(STREET, f"{BASE}/intrusions", intrusion["id"], "verify", verdict)

    assert await refused(
        running.post(UNIT, f"{BASE}/applications", form(running.clock, aim=""))
    ) == (409, "A-03")
    asked = await running.post(UNIT, f"{BASE}/applications", form(running.clock))
    id, today = asked["id"], running.clock.day()
    review = {
        "hearing": "coordination",
        "heard": [STREET, COMMUNITY],
        "opinion": "必要",
        "on": today,
    }
    await running.step(OFFICE, ADMISSIONS, id, "review", review)
    decision = {"mode": "stage", "scope": "全部楼栋", "document": "演示〔2026〕1号"}
    await running.step(OFFICE, ADMISSIONS, id, "admit", decision)
    assert await refused(
        running.step(COMMUNITY, ADMISSIONS, id, "enter", {"on": today, "window": "一号"})
    ) == (409, "A-08")
    await running.step(STREET, ADMISSIONS, id, "arrange", {"how": "按楼栋推进"})
    await running.step(COMMUNITY, ADMISSIONS, id, "enter", {"on": today, "window": "一号"})
    paid = {"fen": 2_000_000, "evidence": "凭证 1", "on": today}
    await running.step(COMMUNITY, ADMISSIONS, id, "funds", paid)
    short = {"effect": "差", "funds": "未用", "recognition": 30, "enough": False}
    await running.step(COMMUNITY, ADMISSIONS, id, "assess", short)
    await running.step(STREET, ADMISSIONS, id, "confirm", {"opinion": "属实"})
    await running.step(OFFICE, ADMISSIONS, id, "end", {"reason": "达不到"})
    assert await _told(running) == [
        "affairs.intrusion_found.v1",
        "affairs.work_admitted.v1",
        "affairs.work_ended.v1",
    ]


async def _told(running: Neighbours) -> list[str]:

    async with asyncio.timeout(60):
        while True:
            news = [one for one in await running.told() if one.type.startswith("affairs.")]
            if len(news) >= 3:
                return [one.type for one in sorted(news, key=lambda one: one.time)]
            await asyncio.sleep(0.05)
