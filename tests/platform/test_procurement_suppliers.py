"""Suppliers as they run: papers, bars, appeals, and what they may bid for by the clock."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from contracts.partner import IntegrityReported
from tests.support.bodies import FACTS, item, plan
from tests.support.procurement import (
    APPLICATION,
    OTHER,
    SUPPLIER,
    Running,
    called,
    holds,
    message,
    published,
    signed,
    started,
    stepped,
    to_buy,
    until,
)

STREET = "street:guanshang"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


async def test_P_06_who_has_not_shown_its_papers_is_not_contracted(running: Running) -> None:
    bare = {**SUPPLIER, "facts": FACTS[:-1]}
    assert (await running.post("finance", "/suppliers", bare)).status == 201
    refused = await signed(running)
    assert (refused.status, refused.body["rule"]) == (409, "P-06")
    assert (
        await stepped(running, "supplier:tongxin", "/suppliers/tongxin", "facts", FACTS[-1])
    ).status == 403
    assert (
        await stepped(running, "finance", "/suppliers/tongxin", "facts", FACTS[-1])
    ).status == 200
    contract = await signed(running)
    assert contract.body["state"]["amount"] == 30_000_000


async def test_P_07_a_bar_its_appeal_and_its_end(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    today = local_date(running.ahead()).isoformat()
    bar = {
        "ground": "fraud",
        "document": "官财决〔2026〕3号",
        "findings": "虚报服务人次",
        "decided_on": today,
    }
    assert (
        await stepped(running, "street:guanshang", "/suppliers/tongxin", "bars", bar)
    ).status == 403
    assert (await stepped(running, "finance", "/suppliers/tongxin", "bars", bar)).status == 200
    refused = await signed(running)
    assert (refused.status, refused.body["clause"]) == (409, "官政办通〔2016〕40号 三.3")
    found = (await running.eligibility("supplier:tongxin", "child-care", 2027)).body
    assert (found["state"], found["reasons"][0]["rule"]) == ("barred", "P-07")

    appeal = {"grounds": "事实不清"}
    assert (
        await stepped(running, "supplier:tongxin", "/suppliers/tongxin", "bars/1/appeal", appeal)
    ).status == 200
    kept = {"lifted": False, "answer": "维持"}
    assert (
        await stepped(running, "finance", "/suppliers/tongxin", "bars/1/review", kept)
    ).status == 403
    assert (
        await stepped(running, "district_admin", "/suppliers/tongxin", "bars/1/review", kept)
    ).status == 200
    assert (await signed(running)).status == 409

    running.ahead.by = timedelta(days=3 * 366)

    async def free() -> bool:
        told = [one for one in await running.told() if "eligibility" in one.type]
        return [one.data["state"] for one in told] == ["barred", "eligible"]

    await until(lambda: holds(running, "procurement.eligibility_changed.v1"))
    await until(free)
    gone = await stepped(
        running, "supplier:tongxin", "/suppliers/tongxin", "leave", {"reason": "注销"}
    )
    assert gone.status == 200, gone.body
    refused = await signed(running)
    assert (refused.status, refused.body["rule"]) == (409, "P-06")


async def test_P_13_what_was_passed_on_is_heard_of_and_sits_out_a_year(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    await running.post("finance", "/suppliers", OTHER)
    planned = await to_buy(running, STREET, 2026)
    bought = await signed(running, **planned)
    path = f"/contracts/{bought.body['id']}"
    found = {"to": "某机构", "findings": "主要服务由他人提供", "document": "记录3号"}
    recorded = await stepped(running, STREET, path, "subcontracting", found)
    assert recorded.status == 200, recorded.body
    said = {"answer": "仅为场地合作"}
    await stepped(running, "supplier:tongxin", path, "subcontracting/answer", said)
    settled = {"upheld": True, "opinion": "属实"}
    over = await stepped(running, "finance", path, "subcontracting/settle", settled)
    assert (over.body["state"]["status"], over.body["state"]["ended_why"]) == (
        "ended",
        "subcontracted",
    )

    async def restricted() -> bool:
        known = await running.eligibility("finance", "elderly-care", 2027)
        return bool(known.body["state"] == "restricted")

    await until(restricted)
    [reason] = (await running.eligibility("finance", "elderly-care", 2027)).body["reasons"]
    assert (reason["rule"], reason["contract"]) == ("P-13", bought.body["id"])
    assert (await running.eligibility("finance", "elderly-care", 2026)).body["state"] == "eligible"
    instead = {**planned, "replaces": bought.body["id"]}
    refused = await signed(running, **instead)
    assert (refused.status, refused.body["rule"]) == (409, "P-13")
    assert refused.body["field"] == "supplier"
    assert (await signed(running, **instead, supplier="yixin")).status == 201
    assert (await signed(running)).status == 201, "another item of the year is its to have"


async def test_P_07_a_partner_reports_dishonesty_and_nothing_is_signed(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    told = IntegrityReported(
        supplier="tongxin",
        register_kind="credit",
        clean=False,
        serious=True,
        reference="credit-2026-17",
        on="2026-01-05",
    )
    await running.runtime.bus.publish(message(told, "suppliers/tongxin"))

    async def barred() -> bool:
        known = await running.eligibility("finance", "elderly-care", 2026)
        return bool(known.body["state"] == "barred")

    await until(barred)
    refused = await signed(running)
    assert (refused.status, refused.body["rule"]) == (409, "P-07")
    await until(lambda: holds(running, "procurement.eligibility_changed.v1"))


async def test_P_06_what_a_project_asks_besides_is_shown_before_it_is_bid_for_or_signed(
    running: Running,
) -> None:
    assert (await running.post("finance", "/suppliers", SUPPLIER)).status == 201
    asked = [{"kind": "rating", "text": "4A 以上", "grade": 4}]
    bought = await published(
        running,
        STREET,
        plan(2026, item("i1", conditions=asked), item("i2", way="linkage", conditions=asked)),
    )
    call = await called(running, STREET, bought, "i2")
    path = f"/solicitations/{call.body['id']}/applications"
    refused = await running.post("supplier:tongxin", path, APPLICATION)
    assert (refused.status, refused.body["rule"]) == (409, "P-06")
    unsigned = await signed(running, plan=bought, item="i1")
    assert (unsigned.status, unsigned.body["rule"]) == (409, "P-06")

    rated = {"kind": "rating", "evidence": "证-9", "on": "2026-01-05", "grade": 4}
    filed = await stepped(running, "finance", "/suppliers/tongxin", "facts", rated)
    assert filed.status == 200, filed.body
    assert (await running.post("supplier:tongxin", path, APPLICATION)).status == 200
    assert (await signed(running, plan=bought, item="i1")).status == 201
    stands = await running.eligibility("finance", "elderly-care", 2026)
    assert (stands.body["state"], stands.body["simple_check"]) == ("preferred", True)
