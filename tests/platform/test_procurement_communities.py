"""A community's own money as it runs: its allowance and its fund."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from services.procurement.domain.fund import quarter_of
from tests.support.bodies import item, plan
from tests.support.procurement import (
    SUPPLIER,
    Running,
    holds,
    published,
    signed,
    started,
    stepped,
    until,
)

STREET, COMMUNITY = "street:guanshang", "community:haihua"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


async def test_P_39_a_community_uses_its_allowance_by_projects(running: Running) -> None:
    body = {"community": "haihua", "year": 2026, "amount": 15_000_000}
    assert (await running.post(STREET, "/allowances", body)).status == 403
    made = await running.post("finance", "/allowances", body)
    assert made.status == 201, made.body
    path = f"/allowances/{made.body['id']}"
    today = local_date(running.ahead()).isoformat()
    project = {"code": "p1", "title": "助餐点", "use": "添置炊具", "amount": 9_000_000}
    asked = {**project, "decided_on": today}
    assert (await stepped(running, "community:heping", path, "projects", asked)).status == 404
    assert (await stepped(running, COMMUNITY, path, "projects", asked)).status == 200
    opinion = {"opinion": "可行"}
    one = f"{path}/projects/p1"
    for who, step, said in (
        (STREET, "review", {"agreed": True, **opinion}),
        ("district_admin", "approve", {"approved": True, **opinion}),
        (STREET, "supervise", {"findings": "按期实施"}),
    ):
        now = await running.get("finance", path)
        answer = await running.post(who, f"{one}/{step}", said, if_match=str(now.etag))
        assert answer.status == 200, answer.body
    stranger = await stepped(
        running, "community:heping", path, "projects/p1/drop", {"reason": "否"}
    )
    assert stranger.status == 404
    unsaid = await stepped(running, COMMUNITY, path, "projects/p1/drop", {"reason": "场地收回"})
    assert (unsaid.status, unsaid.body["rule"], unsaid.body["field"]) == (409, "P-39", "used")
    ended = {"reason": "场地收回", "used": 0}
    assert (await stepped(running, COMMUNITY, path, "projects/p1/drop", ended)).status == 200
    right = {"reason": "漏记一笔", "used": 1_000_000}
    assert (await stepped(running, COMMUNITY, path, "projects/p1/correct", right)).status == 200
    more = {**asked, "code": "p2", "amount": 14_000_000}
    assert (await stepped(running, COMMUNITY, path, "projects", more)).status == 200
    found = (await running.get("resident", "/communities/allowances?year=2026")).body
    assert [one["bound"] for one in found] == [0, 0, 1_000_000]
    assert [(one["community"], one["short"]) for one in found] == [
        ("heping", 20_000_000),
        ("wula", 20_000_000),
        ("haihua", 5_000_000),
    ]


async def test_P_41_a_fund_is_accounted_for_each_quarter(running: Running) -> None:
    today = local_date(running.ahead())
    income = {
        "community": "haihua",
        "source": "market",
        "amount": 10_000,
        "on": today.isoformat(),
        "title": "义卖集市",
    }
    assert (await running.post("community:heping", "/funds", income)).status == 403
    assert (await running.post(COMMUNITY, "/funds", income)).status == 201
    spending = {**income, "amount": 10_001, "decided_on": today.isoformat()}
    spending = {name: spending[name] for name in ("amount", "on", "title", "decided_on")}
    path = "/funds/haihua"
    refused = await stepped(running, COMMUNITY, path, "spend", spending)
    assert (refused.status, refused.body["rule"], refused.body["field"]) == (409, "P-41", "amount")
    spending["amount"] = 4_000
    assert (await stepped(running, COMMUNITY, path, "spend", spending)).status == 200
    assert (await running.get("resident", f"{path}/accounts")).body == []
    running.ahead.by += timedelta(days=125)
    await until(lambda: holds(running, "procurement.publication_missed.v1"))
    said = {"quarter": today.isoformat()}
    assert (await stepped(running, COMMUNITY, path, "publish", said)).status == 200
    [account] = (await running.get("resident", f"{path}/accounts")).body
    assert (account["quarter"], account["balance"]) == (quarter_of(today).isoformat(), 6_000)
    [fund] = (await running.get(STREET, "/funds?missed=true")).body["items"]
    assert fund["state"]["community"] == "haihua"


async def test_P_19_a_pilot_is_signed_by_its_street_for_a_community_with_its_workers(
    running: Running,
) -> None:
    assert (await running.post("finance", "/suppliers", SUPPLIER)).status == 201
    department = plan(2026, item("i1", fund="pilot"))
    refused = await running.post("department:civil-affairs", "/plans", department)
    assert (refused.status, refused.body["rule"]) == (409, "P-19")
    bought = await published(running, "street:guanshang", plan(2026, item("i1", fund="pilot")))
    few = await signed(running, plan=bought, item="i1", workers=2)
    assert (few.status, few.body["rule"]) == (409, "P-19")
    done = await signed(running, plan=bought, item="i1", workers=3)
    assert (done.status, done.body["state"]["workers"]) == (201, 3)
