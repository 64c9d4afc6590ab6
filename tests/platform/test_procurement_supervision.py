"""Supervision as it runs: commissioned, recorded by both sides, reported, and missed by the clock."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from services.procurement.domain.supervision import next_month
from tests.support.bodies import FACTS
from tests.support.procurement import OTHER, SUPPLIER, Running, signed, started, stepped, until

STREET, SUPPLIES, SUPERVISES = "street:guanshang", "supplier:tongxin", "supplier:duxun"
NEXT = f"supplier:{OTHER['code']}"
RECORDED = timedelta(days=14)
"""No record of a month's last day has longer than that, whatever the holidays."""
SUPERVISOR = {"code": "duxun", "name": "督训中心", "kind": "social_organisation", "facts": FACTS}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        for supplier in (SUPPLIER, SUPERVISOR):
            await running.post("finance", "/suppliers", supplier)
        yield running


async def test_P_15_from_a_commission_to_what_was_missed(running: Running) -> None:
    id = (await signed(running)).body["id"]
    today = local_date(running.ahead())
    first = today.replace(day=1)
    commission = {
        "supervisor": "duxun",
        "first": first.isoformat(),
        "last": first.isoformat(),
        "qualified": 1,
    }
    path = f"/contracts/{id}/supervision"
    assert (await running.post("street:taihe", path, commission)).status == 404
    assert (await running.post("finance", path, commission)).status == 422
    none = await running.post(STREET, path, {**commission, "qualified": 0})
    assert (none.status, none.body["rule"], none.body["field"]) == (409, "P-15", "qualified")
    before = (first - timedelta(days=1)).replace(day=1).isoformat()
    early = await running.post(STREET, path, {**commission, "first": before})
    assert (early.status, early.body["rule"], early.body["field"]) == (409, "P-15", "first")
    assert (await running.post(STREET, path, commission)).status == 201
    assert (await running.post(STREET, path, commission)).status == 409

    at = f"/supervisions/{id}"
    held = {"held_on": today.isoformat(), "minutes": 150, "summary": "小组督导"}
    assert (await stepped(running, SUPPLIES, at, "sessions", held)).status == 200
    assert (await running.post(SUPERVISES, f"{at}/visits", held)).status == 200
    assert (await running.post("supplier:other", f"{at}/visits", held)).status == 404
    assert (await running.post(SUPERVISES, f"{at}/sessions/1/countersign", None)).status == 200
    assert (await running.post(SUPERVISES, f"{at}/sessions/2/countersign", None)).status == 409
    seen = await running.get(SUPERVISES, f"/contracts/{id}/supervision")
    assert [one["way"] for one in seen.body["records"]] == ["group", "visit"]
    assert (await running.get("supplier:other", f"/contracts/{id}/supervision")).status == 404

    report = {"month": first.isoformat(), "figures": {"contacts": 12}, "workers": 2}
    early = await stepped(running, SUPPLIES, at, "report", report)
    assert (early.status, early.body["rule"]) == (409, "P-15")
    for kind in ("plan", "progress", "summary"):
        entry = {"kind": kind, "on": today.isoformat(), "title": "材料", "evidence": "档案盒 1"}
        kept = await running.post(SUPPLIES, f"/contracts/{id}/ledger", entry)
        assert kept.status == 201, kept.body
    running.ahead.by = next_month(first) - today + timedelta(days=1)
    taken = await stepped(running, SUPPLIES, at, "report", report)
    assert taken.status == 200, taken.body
    assert taken.body["state"]["reports"][0]["enclosed"] == [1, 2, 3]
    opinion = {"month": first.isoformat(), "opinion": "进展正常"}
    assert (await running.post(SUPERVISES, f"{at}/report_stage", opinion)).status == 200
    running.ahead.by += RECORDED

    async def told() -> bool:
        types = [one for one in await running.told() if one.type.endswith("supervision_missed.v1")]
        return sorted(one.data["what"] for one in types) == ["sessions", "visits"]

    await until(told)
    listed = (await running.get("finance", "/supervisions?missed=true")).body["items"]
    assert [one["id"] for one in listed] == [id]


async def test_P_15_who_supervised_before_hands_over_to_who_goes_on(running: Running) -> None:
    assert (await running.post("finance", "/suppliers", OTHER)).status == 201
    id = (await signed(running)).body["id"]
    at, today = f"/supervisions/{id}", local_date(running.ahead())
    month = {"first": today.isoformat(), "last": today.isoformat(), "qualified": 1}
    path = f"/contracts/{id}/supervision"
    assert (await running.post(STREET, path, {"supervisor": "duxun", **month})).status == 201
    held = {"held_on": today.isoformat(), "minutes": 150, "summary": "小组督导"}
    assert (await stepped(running, SUPPLIES, at, "sessions", held)).status == 200
    assert (await stepped(running, STREET, at, "end", None)).status == 200
    assert (await running.post(STREET, path, {"supervisor": OTHER["code"], **month})).status == 201

    went = await running.get(NEXT, path)
    assert [one["supervisor"] for one in went.body["records"]] == ["duxun"]
    sign = f"{at}/sessions/1/countersign"
    for who, status in ((NEXT, 409), (SUPERVISES, 404)):
        assert (await running.post(who, sign, None)).status == status
    assert (await stepped(running, SUPPLIES, at, "sessions", held)).status == 200
    report = {"report": "记录一份"}
    handed = await running.post(SUPERVISES, f"{at}/hand_over", report)
    assert handed.status == 200
    told = handed.body["state"]
    assert [one["supervisor"] for one in told["records"]] == ["duxun"], "its own alone"
    assert (await running.post(SUPERVISES, f"{at}/hand_over", report)).status == 409
    went = await running.post(NEXT, f"{at}/hand_over", report)
    assert (went.status, len(went.body["state"]["records"])) == (200, 2)


async def test_P_15_a_supervision_ends_with_a_contract_that_ends_early(running: Running) -> None:
    id = (await signed(running)).body["id"]
    at, today = f"/supervisions/{id}", local_date(running.ahead())
    months = {"first": today.isoformat(), "last": next_month(today.replace(day=1)).isoformat()}
    commission = {"supervisor": "duxun", "qualified": 1, **months}
    assert (await running.post(STREET, f"/contracts/{id}/supervision", commission)).status == 201
    why = {"reason": "街道撤销项目"}
    assert (await stepped(running, STREET, f"/contracts/{id}", "terminate", why)).status == 200

    async def over() -> bool:
        return (await running.get(STREET, at)).body["state"]["ended_at"] is not None

    await until(over)
    contract = (await running.get(STREET, f"/contracts/{id}")).body["state"]
    ended = (await running.get(STREET, at)).body["state"]
    assert (ended["ended_at"], ended["missed"]) == (contract["ended_at"], [])
    handed = await running.post(SUPERVISES, f"{at}/hand_over", {"report": "记录一份"})
    assert handed.status == 200, handed.body


async def test_P_15_nobody_is_commissioned_for_a_contract_that_has_ended(running: Running) -> None:
    id = (await signed(running)).body["id"]
    why = {"reason": "街道撤销项目"}
    assert (await stepped(running, STREET, f"/contracts/{id}", "terminate", why)).status == 200
    month = local_date(running.ahead()).isoformat()
    commission = {"supervisor": "duxun", "first": month, "last": month, "qualified": 1}
    late = await running.post(STREET, f"/contracts/{id}/supervision", commission)
    assert (late.status, late.body["rule"]) == (409, "P-15")
    assert late.body["detail"].startswith("合同已经结束")
