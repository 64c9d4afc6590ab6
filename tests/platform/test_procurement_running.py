"""A 三社联动 project while it runs: its paid services, what is found in it, its ledger, its end."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from gongzhi import verify_draw
from tests.support.bodies import item, plan
from tests.support.procurement import (
    SUPPLIER,
    Running,
    awarded,
    published,
    signed,
    started,
    stepped,
    until,
)

STREET, OWN = "street:guanshang", "supplier:tongxin"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


async def linkage(running: Running) -> str:
    """The id of a 三社联动 contract."""
    about = {"scope": "社区养老", "founded_on": "2015-03-03"}
    await running.post("finance", "/suppliers", {**SUPPLIER, **about})
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    await awarded(running, STREET, bought, "i1")
    contract = await signed(running, plan=bought, item="i1")
    assert contract.status == 201, contract.body
    return str(contract.body["id"])


async def test_P_25_a_paid_service_is_filed_examined_begun_and_accounted_for(
    running: Running,
) -> None:
    id = await linkage(running)
    body = {"contract": id, "code": "3-6", "price": 5_000, "market": 6_000}
    other = await running.post("supplier:duxing", "/paid_services", body)
    assert (other.status, other.body["field"]) == (422, "contract")
    filed = await running.post(OWN, "/paid_services", body)
    assert filed.status == 201, filed.body
    free = await running.post(OWN, "/paid_services", {**body, "code": "3-3"})
    assert (filed.body["state"]["approved_as"], free.body["state"]["approved_as"]) == (None, "free")
    path = f"/paid_services/{filed.body['id']}"
    early = await stepped(running, OWN, path, "begin")
    assert (early.status, early.body["rule"]) == (409, "P-25")
    opinion = {"approved": True, "opinion": "同意"}
    assert (await stepped(running, OWN, path, "examine", opinion)).status == 403
    assert (await stepped(running, "district_admin", path, "examine", opinion)).status == 200
    assert (await stepped(running, OWN, path, "begin")).status == 200
    profit = {"income": 900, "cost": 400, "put_back": 400, "used_for": "购置器材"}
    kept = await stepped(running, OWN, path, "report", profit)
    assert (kept.status, kept.body["rule"], kept.body["field"]) == (409, "P-25", "put_back")
    assert (await stepped(running, OWN, path, "report", {**profit, "put_back": 500})).status == 200
    [shown] = (await running.get(STREET, "/paid_services?state=begun")).body["items"]
    assert shown["state"]["put_back"] == 500
    assert (await running.get("street:taihe", "/paid_services")).body["items"] == []
    [organisation] = (await running.get("resident", "/organisations")).body
    assert (organisation["supplier"], organisation["scope"]) == ("tongxin", "社区养老")


async def test_P_26_what_is_found_is_put_right_or_counted(running: Running, tmp_path: Path) -> None:
    id = await linkage(running)
    body = {"contract": id, "what": "活动记录缺失"}
    elsewhere = await running.post("community:heping", "/remarks", body)
    assert (elsewhere.status, elsewhere.body["field"]) == (422, "contract")
    made = await running.post("community:haihua", "/remarks", body)
    assert made.status == 201, made.body
    path = f"/remarks/{made.body['id']}"
    right = {"what": "已补齐"}
    assert (await stepped(running, STREET, path, "put_right", right)).status == 403
    assert (await stepped(running, OWN, path, "put_right", right)).status == 200
    verdict = {"closed": True, "opinion": "已核实"}
    not_mine = await stepped(running, "finance", path, "judge", verdict)
    assert (not_mine.status, not_mine.body["rule"]) == (409, "P-26")
    assert (await stepped(running, "community:haihua", path, "judge", verdict)).status == 200

    freely = await running.post("finance", "/remarks", body)
    assert (freely.status, freely.body["field"]) == (409, "inspection")
    assert freely.body["detail"] == "请写明由哪次抽查发现。"
    listed = await running.post("finance", "/inspections", {"size": 1})
    draw, seed = f"/inspections/{listed.body['id']}", {"seed": "8024"}
    before = (await running.get("resident", f"{draw}/lots")).body
    assert before.get("secret") is None
    assert (await stepped(running, "finance", draw, "draw", seed)).status == 409
    assert (await stepped(running, "discipline", draw, "draw", seed)).status == 200
    public = (await running.get("resident", f"{draw}/lots")).body
    assert (public["candidates"], public["drawn"]) == ([id], [id])
    assert public["commitment"] == before["commitment"]
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(public), encoding="utf-8")
    assert public["secret"] and verify_draw.run(file) == 0
    inspected = {**body, "inspection": listed.body["id"]}
    found = await running.post("finance", "/remarks", inspected)
    assert (found.status, found.body["state"]["source"]) == (201, "inspection")
    shut = {"what": "已补齐"}
    await stepped(running, OWN, f"/remarks/{found.body['id']}", "put_right", shut)

    said = {"contract": id, "what": "张某三次未到"}
    assert (await running.post("resident", "/tips", said)).status == 202
    [tip] = (await running.get("district_admin", "/tips?open=true")).body["items"]
    assert (await running.get(OWN, f"/tips/{tip['id']}")).status == 404
    assert (await running.get("community:haihua", "/tips")).body["items"] == []
    up = {"what": "服务人员到岗情况须核实"}
    taken = await stepped(running, "district_admin", f"/tips/{tip['id']}", "take_up", up)
    assert taken.status == 200, taken.body
    [seen] = (await running.get(OWN, "/remarks?state=open")).body["items"]
    assert (seen["state"]["source"], seen["state"]["what"]) == ("resident", up["what"])
    assert "张某" not in repr(seen)
    running.ahead.by += timedelta(days=30)

    async def missed() -> bool:
        return len((await running.get(STREET, "/remarks?missed=true")).body["items"]) == 1

    await until(missed)
    assert (await running.agree_scheme(id)).status == 200
    assert (await running.evaluate("expert:7", id, "before")).body["state"]["evaluations"][0][
        "missed"
    ] == 1


async def test_P_34_the_forms_are_printed_and_the_supplier_may_stop(running: Running) -> None:
    id = await linkage(running)
    call = (await running.get("finance", "/solicitations")).body["items"][0]["id"]

    application = f"/solicitations/{call}/applications/tongxin"
    for who in (STREET, OWN, "finance"):
        status, text = await running.page(who, application)
        assert status == 200 and "入户调查" in text and "海华社区" in text and "size: A4" in text
    assert (await running.page("street:taihe", application))[0] == 404
    status, text = await running.page(OWN, f"/contracts/{id}/agreement")
    assert status == 200 and "官渡区人民法院" in text and "老年人文体活动" not in text
    assert str(SUPPLIER["name"]) in text and "300000.00" in text
    body = {"ground": "agreed", "reason": "内容变更"}
    refused = await stepped(running, OWN, f"/contracts/{id}", "stop", body)
    assert (refused.status, refused.body["field"]) == (409, "ground")
    stopped = await stepped(running, OWN, f"/contracts/{id}", "stop", {**body, "ground": "changed"})
    assert stopped.body["state"]["ended_ground"] == "changed"


async def test_P_35_a_ledger_is_open_to_who_bought_and_who_watches(running: Running) -> None:
    id = await linkage(running)
    on = local_date(running.ahead()).isoformat()
    entry = {"kind": "plan", "on": on, "title": "实施方案", "evidence": "档-1"}
    path = f"/contracts/{id}/ledger"
    assert (await running.post(STREET, path, entry)).status == 403
    assert (await running.post(OWN, path, entry)).status == 201
    unpaid = {**entry, "kind": "payment", "amount": 1}
    refused = await running.post(OWN, path, unpaid)
    assert (refused.status, refused.body["rule"], refused.body["field"]) == (409, "P-35", "amount")
    for who in (STREET, "finance", "discipline", "community:haihua", OWN):
        shown = await running.get(who, path)
        assert [one["title"] for one in shown.body["entries"]] == ["实施方案"]
    assert (await running.get("street:taihe", path)).status == 404
    wrong, kept = {"number": 1, "reason": "重复登记"}, f"/ledgers/{id}"
    assert (await stepped(running, STREET, kept, "strike", wrong)).status == 403
    struck_out = await stepped(running, OWN, kept, "strike", wrong)
    assert struck_out.status == 200
    assert [one["number"] for one in struck_out.body["state"]["entries"]] == [1]
    [struck] = (await running.get("finance", path)).body["entries"]
    assert (struck["number"], struck["title"], struck["struck"]) == (1, "实施方案", "重复登记")
