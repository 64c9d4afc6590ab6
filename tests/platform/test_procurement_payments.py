"""Payments as they run: each gate over HTTP, each day by the clock, the news over the bus."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from tests.support.bodies import item, plan
from tests.support.procurement import (
    SUPPLIER,
    Running,
    assessed,
    awarded,
    holds,
    published,
    signed,
    started,
    stepped,
    until,
)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


TERMS = {
    "scope": "社区长者",
    "object": "关怀服务",
    "quantity": "每月上门 40 次",
    "quality": "满意率不低于九成",
    "until": "2027-03-01",
    "payment": "按拨付计划转账",
    "duties": "按附件执行",
    "liability": "违约者承担责任",
}


async def test_P_14_a_contract_is_paid_in_three_once_each_gate_is_open(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    id = (await signed(running)).body["id"]

    early = await stepped(
        running, "finance", f"/contracts/{id}", "payments", {"instalment": "first"}
    )
    assert (early.status, early.body["rule"]) == (409, "P-30")
    assert (
        await stepped(running, "street:guanshang", f"/contracts/{id}", "file", TERMS)
    ).status == 200
    first = {"instalment": "first"}
    assert (
        await stepped(running, "street:guanshang", f"/contracts/{id}", "payments", first)
    ).status == 403

    assert (await stepped(running, "finance", f"/contracts/{id}", "payments", first)).status == 200
    twice = await stepped(
        running, "finance", f"/contracts/{id}", "payments", {"instalment": "first"}
    )
    assert (twice.status, twice.body["rule"]) == (409, "P-14")

    assert (await running.agree_scheme(id)).status == 200
    for stage in ("before", "mid", "final"):
        assert (await running.evaluate("expert:7", id, stage)).status == 200
    assert (
        await stepped(running, "finance", f"/contracts/{id}", "payments", {"instalment": "mid"})
    ).status == 200
    last = await stepped(
        running, "finance", f"/contracts/{id}", "payments", {"instalment": "final"}
    )
    assert (last.status, last.body["rule"]) == (409, "P-31")
    accepted = {"passed": True, "findings": "符合合同标准"}
    assert (await stepped(running, "finance", f"/contracts/{id}", "accept", accepted)).status == 409
    assert (
        await stepped(running, "street:guanshang", f"/contracts/{id}", "accept", accepted)
    ).status == 200
    whole = await stepped(
        running, "finance", f"/contracts/{id}", "payments", {"instalment": "final"}
    )
    assert [one["amount"] for one in whole.body["state"]["payments"]] == [
        18_000_000,
        6_000_000,
        6_000_000,
    ]
    await until(lambda: _paid(running, id, 3))


async def _paid(running: Running, id: str, times: int) -> bool:
    told = sorted(
        (one for one in await running.told() if one.about == id), key=lambda one: one.sequence
    )
    released = [one for one in told if one.type == "procurement.payment_released.v1"]
    return [one.data["instalment"] for one in released] == ["first", "mid", "final"][:times]


async def test_P_14_of_two_payments_of_one_instalment_at_once_one_succeeds(
    running: Running,
) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    id = (await signed(running)).body["id"]
    filed = await stepped(running, "street:guanshang", f"/contracts/{id}", "file", TERMS)
    path, first = f"/contracts/{id}/payments", {"instalment": "first"}
    answers = await asyncio.gather(
        *(running.post("finance", path, first, if_match=str(filed.etag)) for _ in range(8))
    )
    assert sorted(answer.status for answer in answers) == [200] + [412] * 7


async def test_P_14_a_late_payment_is_told_once(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    id = (await signed(running)).body["id"]
    filed = await stepped(running, "street:guanshang", f"/contracts/{id}", "file", TERMS)
    assert filed.body["state"]["claims"][0]["missed"] is False
    assert (await running.get("finance", "/contracts?overdue=true")).body["items"] == []
    running.ahead.by = timedelta(days=60)
    await until(lambda: holds(running, "procurement.payment_overdue.v1"))
    late = (await running.get("finance", "/contracts?overdue=true&sort=due")).body["items"]
    assert [one["id"] for one in late] == [id]
    paid = await stepped(
        running, "finance", f"/contracts/{id}", "payments", {"instalment": "first"}
    )
    assert paid.status == 200
    assert (await running.get("finance", "/contracts?overdue=true")).body["items"] == []
    running.ahead.by = timedelta(days=120)
    await until(lambda: _paid(running, id, 1))
    overdue = [one for one in await running.told() if one.type == "procurement.payment_overdue.v1"]
    assert [one.data["instalment"] for one in overdue] == ["first"]
    due = filed.body["state"]["claims"][0]["clock"]["due"]
    assert datetime.fromisoformat(overdue[0].data["due"]) == datetime.fromisoformat(due)


async def test_P_13_a_passed_project_goes_on_for_a_year_and_its_term_ends(
    running: Running,
) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    first_year = item("i1", way="linkage")
    bought = await published(running, "street:guanshang", plan(2026, first_year))
    await awarded(running, "street:guanshang", bought, "i1")
    id = (await signed(running, plan=bought, item="i1")).body["id"]
    terms = {**TERMS, "until": (local_date(running.ahead()) + timedelta(days=300)).isoformat()}
    assert (
        await stepped(running, "street:guanshang", f"/contracts/{id}", "file", terms)
    ).status == 200
    assert (await running.agree_scheme(id)).status == 200
    assert (await running.evaluate("expert:7", id, "before")).status == 200
    for stage in ("mid", "final"):
        early = await running.evaluate("expert:7", id, stage)
        assert (early.status, early.body["rule"]) == (409, "P-27")
        await assessed(running, id)
        assert (await running.evaluate("expert:7", id, stage)).status == 200

    goes_on = item("i1", way="linkage", renews=id), item("i2")
    planned = await published(running, "street:guanshang", plan(2027, *goes_on))
    again = {"plan": planned, "item": "i1"}
    early = await signed(running, **again)
    assert (early.status, early.body["rule"], early.body["field"]) == (409, "P-13", "item")
    assert (
        await stepped(running, "supplier:tongxin", f"/contracts/{id}", "agree", None)
    ).status == 200
    running.ahead.by = timedelta(days=70)
    for who, status in (("finance", 422), ("street:guanshang", 201), ("street:guanshang", 409)):
        answer = await signed(running, who, **again)
        assert answer.status == status
    first = await signed(running, plan=planned, item="i2", project="child-care")
    assert (first.status, first.body["state"]["turn"]) == (201, 1)
    accepted = {"passed": True, "findings": "符合合同标准"}
    assert (
        await stepped(running, "street:guanshang", f"/contracts/{id}", "accept", accepted)
    ).status == 200
    for instalment in ("first", "mid", "final"):
        body = {"instalment": instalment}
        assert (
            await stepped(running, "finance", f"/contracts/{id}", "payments", body)
        ).status == 200
    running.ahead.by = timedelta(days=400)
    await until(lambda: holds(running, "procurement.contract_ended.v1"))
    state = (await running.get("finance", f"/contracts/{id}")).body["state"]
    assert (state["status"], state["ended_why"]) == ("ended", "expired")
