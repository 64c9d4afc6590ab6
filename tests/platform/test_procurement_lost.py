"""What becomes of a contract that its supplier lost: who may have what is left of it, and how that is found."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.clock import local_date
from tests.support.bodies import FORM, SERVICES, item, plan
from tests.support.procurement import (
    APPLICATION,
    CALL,
    Running,
    awarded,
    called,
    contended,
    opened,
    published,
    signed,
    stepped,
)

STREET = "street:guanshang"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with contended(tmp_path) as running:
        yield running


async def done(running: Running, who: str, path: str, step: str, body: Any = None) -> None:
    answer = await stepped(running, who, path, step, body)
    assert answer.status == 200, answer.body


async def filed_and_paid(running: Running, path: str) -> None:
    """The first instalment of it."""
    terms = {
        "scope": "社区长者",
        "object": "关怀服务",
        "quantity": "每月上门 40 次",
        "quality": "满意率不低于九成",
        "until": (local_date(running.ahead()) + timedelta(days=300)).isoformat(),
        "payment": "验收后转账",
        "duties": "按附件执行",
        "liability": "违约者承担责任",
    }
    await done(running, STREET, path, "file", terms)
    await done(running, "finance", path, "payments", {"instalment": "first"})


async def passed_on(running: Running, path: str) -> None:
    found = {"to": "某机构", "findings": "主要服务由他人提供", "document": "记录3号"}
    await done(running, STREET, path, "subcontracting", found)
    upheld = {"upheld": True, "opinion": "属实"}
    await done(running, "finance", path, "subcontracting/settle", upheld)


async def scored(running: Running, call: str, *suppliers: str) -> None:
    """After its closing day; they are ranked as they are named."""
    await opened(running, call)
    await running.fill_bank()
    await done(running, "finance", call, "panel", {"size": 3})
    await done(running, "discipline", call, "panel/draw", {"seed": "8024"})
    full = [
        {"supplier": supplier, "criterion": one["code"], "points": one["points"] - place}
        for place, supplier in enumerate(suppliers)
        for one in CALL["criteria"]
    ]
    for expert in ("7", "8", "9"):
        await done(running, f"expert:{expert}", call, "scores", {"points": full})
    await done(running, "finance", call, "close_panel")


async def won_by_yixin(running: Running, call: str) -> None:
    """As its only applicant, with its plan revised, confirmed and approved."""
    applied = await running.post("supplier:yixin", f"{call}/applications", APPLICATION)
    assert applied.status == 200, applied.body
    await scored(running, call, "yixin")
    await done(running, STREET, call, "award", {"supplier": "yixin"})
    programme = {"form": FORM, "services": SERVICES}
    await done(running, "supplier:yixin", call, "revise_programme", programme)
    await done(running, "community:haihua", call, "confirm_programme")
    approval = {"approved": True, "opinion": "同意"}
    await done(running, "district_admin", call, "approve_programme", approval)


async def test_P_33_what_is_left_of_a_lost_contract_is_called_for_again(running: Running) -> None:
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    call = f"/solicitations/{await awarded(running, STREET, bought, 'i1')}"
    first = await signed(running, plan=bought, item="i1")
    path, why = f"/contracts/{first.body['id']}", {"reason": "承接方转包，重新征集"}
    await filed_and_paid(running, path)
    bound = await stepped(running, "finance", call, "cancel", why)
    assert (bound.status, bound.body["rule"]) == (409, "P-33")
    await passed_on(running, path)
    own = await stepped(running, STREET, call, "cancel", why)
    assert (own.status, own.body["rule"]) == (409, "P-12")
    await done(running, "finance", call, "cancel", why)

    again = await called(running, STREET, bought, "i1")
    assert again.status == 201, again.body
    left = 100_000_000 - 18_000_000
    assert again.body["state"]["item"]["amount"] == left
    [public] = (await running.get("resident", "/announcements?year=2026")).body
    assert (public["status"], public["amount"]) == ("open", left)
    offender = await running.post("supplier:tongxin", f"{call}/applications", APPLICATION)
    assert (offender.status, offender.body["rule"]) == (409, "P-13")
    await won_by_yixin(running, call)
    instead = {"plan": bought, "item": "i1", "supplier": "yixin", "replaces": first.body["id"]}
    second = await signed(running, **instead)
    assert (second.status, second.body["state"]["paid_before"]) == (201, 18_000_000), second.body
    assert (await called(running, STREET, bought, "i1")).status == 409

    releases = (await running.get("resident", "/ocds/releases?year=2026")).body["releases"]
    told = [one for one in releases if one.get("contracts")]
    under = {one["contracts"][0]["id"]: one["contracts"][0]["awardID"] for one in told}
    id = call.rpartition("/")[2]
    assert under == {first.body["id"]: f"{id}-1", second.body["id"]: id}
    values = [one["tender"]["value"]["amount"] for one in releases if one.get("tender")]
    assert values == [1_000_000, 1_000_000, 1_000_000, 820_000, 820_000]


async def test_P_33_who_was_barred_since_it_applied_is_passed_over(running: Running) -> None:
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    call = f"/solicitations/{(await called(running, STREET, bought, 'i1')).body['id']}"
    for supplier in ("tongxin", "yixin"):
        who, path = f"supplier:{supplier}", f"{call}/applications"
        assert (await running.post(who, path, APPLICATION)).status == 200
    await scored(running, call, "tongxin", "yixin")
    second = {"supplier": "yixin"}
    early = await stepped(running, STREET, call, "award", second)
    assert (early.status, early.body["rule"]) == (409, "P-33")
    decided = {"document": "官财决〔2026〕3号", "findings": "虚报服务人次", "ground": "fraud"}
    decided["decided_on"] = local_date(running.ahead()).isoformat()
    await done(running, "finance", "/suppliers/tongxin", "bars", decided)
    first = await stepped(running, STREET, call, "award", {"supplier": "tongxin"})
    assert (first.status, first.body["rule"]) == (409, "P-07")
    await done(running, STREET, call, "award", second)
    [public] = (await running.get("resident", "/announcements?year=2026")).body
    assert (public["awarded"], public["passed_over"]) == ("yixin", ["tongxin"])


async def test_P_33_an_own_purchase_that_was_called_for_is_signed_with_who_won(
    running: Running,
) -> None:
    bought = await published(running, STREET, plan(2026, item("i1")))
    call = f"/solicitations/{(await called(running, STREET, bought, 'i1')).body['id']}"
    chosen = {"plan": bought, "item": "i1", "supplier": "tongxin"}
    early = await signed(running, **chosen)
    assert (early.status, early.body["rule"], early.body["field"]) == (409, "P-33", "item")
    applied = await running.post("supplier:yixin", f"{call}/applications", APPLICATION)
    assert applied.status == 200, applied.body
    await scored(running, call, "yixin")
    await done(running, STREET, call, "award", {"supplier": "yixin"})
    other = await signed(running, **chosen)
    assert (other.status, other.body["rule"], other.body["field"]) == (409, "P-33", "supplier")
    assert (await signed(running, **{**chosen, "supplier": "yixin"})).status == 201
