"""Plans as they run: the printed catalogue, a plan's way to the public, and what may be bought by it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.consultation import NeedIdentified
from contracts.housing import YardsCounted
from contracts.whistle import UnitListed
from tests.support.bodies import item, plan
from tests.support.procurement import (
    SUPPLIER,
    Running,
    holds,
    message,
    published,
    signed,
    started,
    stepped,
    until,
)

STREET = "street:guanshang"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


async def test_P_01_the_edition_of_2016_is_in_force_until_another_is_published(
    running: Running,
) -> None:
    in_force = (await running.get("resident", "/catalogue?year=2026")).body
    assert (in_force["year"], len(in_force["entries"])) == (2016, 346)
    assert (await running.get("resident", "/catalogue?year=2015")).status == 422

    entries = [{**in_force["entries"][0], "name": "公共教育研究"}, *in_force["entries"][1:-1]]
    body = {"year": 2027, "entries": entries}
    assert (await running.post("district_admin", "/catalogues", body)).status == 403
    assert (await running.post("finance", "/catalogues", body)).status == 201
    early = await stepped(running, "finance", "/catalogues/2027", "publish")
    assert (early.status, early.body["rule"]) == (409, "P-01")
    approval = {"document": "官政复〔2027〕1号"}
    approved = await stepped(running, "district_admin", "/catalogues/2027", "approve", approval)
    assert approved.status == 200
    assert (await stepped(running, "finance", "/catalogues/2027", "publish")).status == 200
    for year, edition in ((2026, 2016), (2027, 2027), (2030, 2027)):
        assert (await running.get("resident", f"/catalogue?year={year}")).body["year"] == edition
    found = (await running.get("resident", "/catalogues/2027/differences?with=2016")).body
    assert [len(found[what]) for what in ("added", "removed", "renamed")] == [0, 1, 1]


async def test_P_02_an_office_has_one_plan_a_year_under_whichever_of_its_names(
    running: Running,
) -> None:
    body = plan(2026, item("i1"))
    assert (await running.post("department:finance", "/plans", body)).status == 201
    again = await running.post("finance", "/plans", body)
    assert (again.status, again.body["rule"], again.body["field"]) == (409, "P-02", "year")


async def test_P_02_only_what_a_published_plan_has_is_bought(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    body = plan(2026, item("i1"), item("i2", method="entrustment", ground="发育程度低"))
    drafted = await running.post(STREET, "/plans", body)
    path, at = f"/plans/{drafted.body['id']}", {"plan": drafted.body["id"], "item": "i1"}
    twice = await running.post(STREET, "/plans", body)
    assert (twice.status, twice.body["rule"]) == (409, "P-02")
    early = await signed(running, **at)
    assert (early.status, early.body["rule"], early.body["field"]) == (409, "P-02", "plan")

    assert (await running.get("street:taihe", path)).status == 404
    assert (await stepped(running, STREET, path, "submit")).status == 200
    opinion = {"agreed": True, "opinion": "资金已落实"}
    assert (await stepped(running, STREET, path, "review", opinion)).status == 403
    assert (await stepped(running, "district_admin", path, "review", opinion)).status == 200
    reason = {"reason": "绩效目标写得太笼统"}
    assert (await stepped(running, STREET, path, "send_back", reason)).status == 403
    assert (await stepped(running, "finance", path, "send_back", reason)).status == 200
    draft = {name: said for name, said in body.items() if name != "year"}
    assert (await stepped(running, STREET, path, "revise", draft)).status == 200
    assert (await stepped(running, STREET, path, "submit")).status == 200
    assert (await stepped(running, "district_admin", path, "review", opinion)).status == 200
    table = {"approved": ["i1", "i2"], "opinion": "同意"}
    assert (await stepped(running, "finance", path, "examine", table)).status == 200
    assert (await stepped(running, STREET, path, "publish")).status == 200

    for other, rule, field in (
        ({"item": "none"}, "P-02", "item"),
        ({"amount": 100_000_001}, "P-02", "amount"),
        ({"item": "i2"}, "P-03", "item"),
    ):
        refused = await signed(running, **{**at, **other})
        assert (refused.status, refused.body["rule"]) == (409, rule)
        assert refused.body["field"] == field
    contract = await signed(running, **at)
    assert contract.status == 201
    assert (contract.body["state"]["year"], contract.body["state"]["way"]) == (2026, "purchase")
    again = await signed(running, **at)
    assert (again.status, again.body["rule"]) == (409, "P-02")

    ended = await running.post(
        STREET,
        f"/contracts/{contract.body['id']}/terminate",
        {"reason": "承接方退出"},
        if_match=str(contract.etag),
    )
    assert ended.status == 200
    instead = {**at, "replaces": contract.body["id"]}
    assert (await signed(running, **instead)).status == 201
    assert (await signed(running, **instead)).status == 409
    approval = {"document": "官政复3号"}
    allowed = await stepped(
        running, "district_admin", f"{path}", "items/i2/approve_method", approval
    )
    assert allowed.status == 200
    assert (await signed(running, **{**at, "item": "i2"})).status == 201
    assert (await running.get("finance", "/plans?year=2026&state=published")).body["items"]
    await until(lambda: holds(running, "procurement.plan_published.v1"))


async def test_P_02_what_a_published_plan_buys_to_what_standard_everybody_reads(
    running: Running,
) -> None:
    body = plan(2026, item("i1"), item("i2", entry="B0102", title="助餐服务"))
    drafted = await running.post(STREET, "/plans", body)
    path = f"/plans/{drafted.body['id']}"
    open_to_all = "/published_plans?year=2026"
    for who, step, said in (
        (STREET, "submit", None),
        ("district_admin", "review", {"agreed": True, "opinion": "已落实"}),
        ("finance", "examine", {"approved": ["i2"], "opinion": "同意"}),
        (STREET, "publish", None),
    ):
        assert (await running.get("resident", open_to_all)).body == []
        assert (await stepped(running, who, path, step, said)).status == 200
    matter = item("m1", entry="B0103", ground="突发民生事项", title="应急服务")
    assert (await stepped(running, STREET, path, "matters", matter)).status == 200
    [public] = (await running.get("resident", open_to_all)).body
    assert (public["purchaser"], public["opinion"]) == (STREET, "同意")
    assert [line["code"] for line in public["lines"]] == ["services"]
    [bought] = public["items"]
    assert [bought[name] for name in ("title", "amount", "line", "targets", "standard")] == [
        "助餐服务",
        100_000_000,
        "services",
        "服务四类人群",
        "3A 以上社会组织",
    ]
    settled = {"amount": 90_000_000, "source": "预备费", "document": "会议纪要5号"}
    await stepped(running, "district_admin", path, "matters/m1/settle", settled)
    for who in ("resident", "supplier:tongxin", "street:taihe"):
        [public] = (await running.get(who, open_to_all)).body
        assert [one["code"] for one in public["items"]] == ["i2", "m1"]
        assert public["settled"][0]["source"] == "预备费"
    assert (await running.get("resident", "/published_plans?year=2025")).body == []


async def test_P_17_a_department_is_published_under_its_name(running: Running) -> None:
    water = UnitListed(
        code="water", name="水务局", kind="department", valid_from="2019-01-01", listed=1
    )
    await running.runtime.bus.publish(message(water, "units/water"))
    await published(running, "department:water", plan(2026, item("i1")))

    async def named() -> bool:
        [planned] = (await running.get("resident", "/ocds/releases?year=2026")).body["releases"]
        assert planned["buyer"]["id"] == "department:water"
        return [one["name"] for one in (planned["buyer"], *planned["parties"])] == ["水务局"] * 2

    await until(named)


async def test_P_29_a_matter_beyond_the_plan_is_settled_before_it_is_bought(
    running: Running,
) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    id = await published(running, STREET, plan(2026, item("i1")))
    path, at = f"/plans/{id}", {"plan": id, "item": "m1"}
    matter = item("m1", entry="B0102", ground="突发民生事项")
    assert (await stepped(running, STREET, path, "matters", matter)).status == 200
    refused = await signed(running, **at)
    assert (refused.status, refused.body["rule"]) == (409, "P-29")
    settled = {"amount": 100_000_000, "source": "预备费", "document": "会议纪要5号"}
    assert (await stepped(running, STREET, path, "matters/m1/settle", settled)).status == 403
    done = await stepped(running, "district_admin", path, "matters/m1/settle", settled)
    assert done.status == 200
    assert (await signed(running, **at)).status == 201


async def test_P_32_a_finding_costs_the_year_after_until_it_is_withdrawn(
    running: Running,
) -> None:
    path = "/purchasers/street.guanshang"
    finding = {"year": 2026, "ground": "misuse", "findings": "挪用专项资金"}
    assert (await running.post(STREET, f"{path}/findings", finding)).status == 403
    strange = await running.post("finance", "/purchasers/nobody/findings", finding)
    assert (strange.status, strange.body["field"]) == (422, "id")
    assert (await running.post("finance", f"{path}/findings", finding)).status == 201
    assert (await running.get("street:taihe", path)).status == 404

    drafted = await running.post(STREET, "/plans", plan(2027, item("i1")))
    at = f"/plans/{drafted.body['id']}"
    refused = await stepped(running, STREET, at, "submit")
    assert (refused.status, refused.body["rule"]) == (409, "P-32")
    said = {"answer": "已按规定使用"}
    assert (await stepped(running, "street:taihe", path, "findings/1/answer", said)).status == 404
    assert (await stepped(running, STREET, path, "findings/1/answer", said)).status == 200
    why = {"reason": "查证不实"}
    assert (await stepped(running, "finance", path, "findings/1/withdraw", why)).status == 200
    assert (await stepped(running, STREET, at, "submit")).status == 200

    async def told() -> bool:
        types = [one for one in await running.told() if one.type.endswith("restricted.v1")]
        return [one.data["withdrawn"] for one in types] == [False, True]

    await until(told)


async def test_P_19_a_pilot_budget_is_counted_from_what_the_register_told(
    running: Running,
) -> None:
    bare = (await running.get("finance", "/budgets/pilot/haihua")).body
    assert (bare["office"], bare["total"]) == (None, None)
    assert (await running.get("finance", "/budgets/pilot/nowhere")).status == 404
    told = YardsCounted(
        street="guanshang",
        community="haihua",
        yards=3,
        self_governed=10,
        public_unit=20,
        property_managed=30,
    )
    await running.runtime.bus.publish(message(told, "yards/haihua"))

    async def counted() -> bool:
        found = (await running.get("finance", "/budgets/pilot/haihua")).body
        return bool(
            found["services"]
            == {
                "self_governed": 50_000,
                "public_unit": 40_000,
                "property_managed": 90_000,
            }
        )

    await until(counted)


async def test_P_18_everybody_sees_how_far_the_years_plans_meet_the_districts_money(
    running: Running,
) -> None:
    refused = await running.post(
        "department:civil-affairs", "/plans", plan(2026, item("i1", fund="own"))
    )
    assert (refused.status, refused.body["rule"], refused.body["field"]) == (409, "P-18", "fund")
    await published(
        running,
        STREET,
        plan(2026, item("i1", fund="own"), item("i2", entry="B0102", fund="social")),
    )
    money = (await running.get("resident", "/money?year=2026")).body
    found = {one["fund"]: (one["planned"], one["short"]) for one in money["measures"]}
    assert found == {
        "social": (100_000_000, 0),
        "building": (0, 3_000_000_000),
        "own": (100_000_000, 0),
    }


async def test_P_37_needs_are_published_before_a_plan_answers_them(running: Running) -> None:
    need = {
        "community": "haihua",
        "year": 2026,
        "group": "独居老人",
        "kind": "support",
        "rank": "basic",
        "text": "助餐",
        "source": "survey",
    }
    elsewhere = await running.post("community:heping", "/needs/surveys", need)
    assert elsewhere.status == 403
    listed = await running.post("community:haihua", "/needs/surveys", need)
    assert listed.status == 201, listed.body
    listed = await running.post(STREET, "/needs/surveys", {**need, "text": "助浴"})
    path, ids = f"/needs/surveys/{listed.body['id']}", listed.body["state"]["needs"]
    answers = [ids[0]["id"]]
    body = plan(2026, item("i1", needs=answers))
    early = await running.post(STREET, "/plans", body)
    assert (early.status, early.body["rule"], early.body["field"]) == (409, "P-02", "needs")
    assert (await running.get("resident", "/needs?year=2026")).body == []
    assert (await stepped(running, "community:haihua", path, "publish")).status == 200
    bought = await published(running, STREET, body)
    [street] = (await running.get("resident", "/needs/answered?year=2026")).body
    assert (street["needs"], street["answered"], street["open"]) == (2, 1, [ids[1]["id"]])
    await running.post("finance", "/suppliers", SUPPLIER)
    assert (await signed(running, plan=bought, item="i1")).status == 201
    found = NeedIdentified(
        street="guanshang",
        community="haihua",
        matter="m-1",
        need="m-1.1",
        level="community",
        category="welfare",
        title="独居老人探访",
        at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    await running.runtime.bus.publish(message(found, "matters/m-1"))

    async def heard() -> bool:
        return len((await running.get(STREET, path)).body["state"]["needs"]) == 3

    await until(heard)
    [last] = (await running.get(STREET, path)).body["state"]["needs"][2:]
    said = {"group": "独居老人", "kind": "support", "rank": "special"}
    step = f"needs/{last['id']}/classify"
    assert (await stepped(running, "community:haihua", path, step, said)).status == 200
    told = "procurement.contract_signed.v1"
    await until(lambda: holds(running, told))
    [signed_] = [one for one in await running.told() if one.type == told]
    assert signed_.data["needs"] == answers


async def test_P_40_another_list_never_stands_for_the_catalogue(running: Running) -> None:
    in_force = (await running.get("resident", "/catalogue?year=2026")).body
    body = {"year": 2026, "listing": "handed_over", "entries": in_force["entries"][:1]}
    empty = await running.get("resident", "/catalogue?year=2026&listing=handed_over")
    assert (empty.status, empty.body["field"]) == (422, "year")
    drafted = await running.post("finance", "/catalogues", body)
    assert drafted.status == 201, drafted.body
    path = f"/catalogues/{drafted.body['id']}"
    approval = {"document": "官政复〔2026〕7号"}
    assert (await stepped(running, "district_admin", path, "approve", approval)).status == 200
    assert (await stepped(running, "finance", path, "publish")).status == 200
    listed = await running.get("resident", "/catalogue?year=2026&listing=handed_over")
    assert len(listed.body["entries"]) == 1
    assert (await running.get("resident", "/catalogue?year=2026")).body["year"] == 2016
    refused = await running.get("resident", f"{path}/differences?with=2016")
    assert (refused.status, refused.body["rule"]) == (409, "P-40")
