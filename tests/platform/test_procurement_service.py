"""procurement as it runs: HTTP in, one SQLite file, its own news over the bus and back."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.bus import Message
from chassis.kernel.draw import Commitment
from contracts.event import Envelope
from contracts.heard import HEARD
from gongzhi import compose, keys
from services.procurement import main as procurement
from tests.support.bodies import SCHEME
from tests.support.procurement import (
    APPLICATION,
    CLAUSE,
    CONTRACT,
    GOOD,
    POOR,
    SUPPLIER,
    Running,
    called,
    holds,
    signed,
    started,
    to_buy,
    until,
)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


async def test_a_project_fails_and_its_supplier_sits_out_a_year(running: Running) -> None:
    registered = await running.post("finance", "/suppliers", SUPPLIER)
    assert (registered.status, registered.body["id"]) == (201, "tongxin")
    contract = await signed(running)
    assert contract.status == 201
    id = contract.body["id"]

    assert (await running.agree_scheme(id)).status == 200
    for stage in ("before", "mid"):
        assert (await running.evaluate("expert:7", id, stage)).status == 200
    final = await running.evaluate("expert:7", id, "final", POOR)
    assert final.status == 200
    state = final.body["state"]
    assert (state["status"], state["ended_why"]) == ("ended", "unqualified")
    assert [one["band"] for one in state["evaluations"]] == ["good", "good", "unqualified"]

    async def restricted() -> bool:
        found = await running.eligibility("finance", "elderly-care", 2027)
        return bool(found.body["state"] == "restricted")

    await until(restricted)
    found = (await running.eligibility("supplier:tongxin", "elderly-care", 2027)).body
    [reason] = found["reasons"]
    assert (reason["rule"], reason["clause"], reason["contract"]) == ("P-07", CLAUSE, id)
    assert (reason["until"], reason["points"]) == ("2027-12-31", 599)

    refused = await signed(running, year=2027)
    assert refused.status == 409
    assert (refused.body["rule"], refused.body["clause"]) == ("P-07", CLAUSE)
    await _bids_for_nothing_in_it(running)
    for year, project in ((2027, "child-care"), (2028, "elderly-care")):
        running.ahead.by += timedelta(days=365)
        assert (await signed(running, year=year, project=project)).status == 201

    await until(lambda: holds(running, "procurement.eligibility_changed.v1"))
    await until(lambda: holds(running, "procurement.contract_ended.v1"))
    await _is_told_as_promised(running, id)


async def _bids_for_nothing_in_it(running: Running) -> None:
    """In the year it sits out, not for what was planned for the year before either."""
    street, ahead = "street:guanshang", running.ahead.by
    planned = await to_buy(running, street, 2026)
    running.ahead.by += timedelta(days=60)
    call = await called(running, street, planned["plan"], planned["item"])
    path = f"/solicitations/{call.body['id']}/applications"
    applied = await running.post("supplier:tongxin", path, APPLICATION)
    assert (applied.status, applied.body["rule"]) == (409, "P-07"), applied.body
    running.ahead.by = ahead


async def _is_told_as_promised(running: Running, id: str) -> None:
    told = await running.told()
    of_contract = [one for one in told if one.about == id]
    assert [one.type for one in sorted(of_contract, key=lambda one: one.sequence)] == [
        "procurement.contract_signed.v1",
        "procurement.project_evaluated.v1",
        "procurement.project_evaluated.v1",
        "procurement.project_evaluated.v1",
        "procurement.contract_ended.v1",
    ]
    concerns = {
        (one.data["street"], one.data["community"], one.data["supplier"]) for one in of_contract
    }
    assert concerns == {("guanshang", "haihua", "tongxin")}
    [changed] = [one for one in told if one.type == "procurement.eligibility_changed.v1"]
    assert changed.data == {
        "units": [],
        "supplier": "tongxin",
        "state": "restricted",
        "project": "elderly-care",
        "year": 2027,
        "until": "2027-12-31",
        "rule": "P-07",
        "clause": CLAUSE,
    }
    [registered] = [one for one in told if one.type == "procurement.supplier_registered.v1"]
    assert (registered.data["supplier"], registered.data["kind"]) == (
        "tongxin",
        "social_organisation",
    )


async def test_news_heard_again_changes_nothing(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    id = (await signed(running)).body["id"]
    await running.agree_scheme(id)
    for stage, parts in (("before", GOOD), ("mid", GOOD), ("final", POOR)):
        await running.evaluate("expert:7", id, stage, parts)
    await until(lambda: holds(running, "procurement.eligibility_changed.v1"))
    # All three are in before they come again, so that a change would show.
    store = running.runtime.store("procurement")

    async def stored() -> Any:
        found = await store.get("eligibilities", "tongxin")
        return found and (found["version"], json.dumps(found["state"]))

    async def evaluated() -> list[Envelope]:
        return [one for one in await running.told() if one.type.startswith("procurement.project_e")]

    async def whole() -> bool:
        return (await stored() or (0,))[0] == 4 and len(await evaluated()) == 3

    await until(whole)
    before, again = await stored(), await evaluated()
    for one in reversed(again):
        await running.runtime.bus.publish(Message(id=one.id, type=one.type, body=one.wire()))

    async def settled() -> bool:
        rows = await running.runtime.bus._open.execute_fetchall(  # type: ignore[attr-defined]
            "SELECT 1 FROM deliveries WHERE queue = 'procurement'"
        )
        return not list(rows)

    await until(settled)
    assert await stored() == before
    await store.close()


async def test_P_11_only_a_drawn_expert_without_an_interest_evaluates(running: Running) -> None:
    await running.post("district_admin", "/suppliers", SUPPLIER)
    id = (await signed(running)).body["id"]
    early = await running.evaluate("expert:7", id, "before")
    assert (early.status, early.body["rule"]) == (409, "P-11")
    await running.seat(id)
    for who in ("supplier:tongxin", "street:guanshang", "community:haihua"):
        answer = await running.evaluate(who, id, "before")
        assert (answer.status, answer.body["rule"]) == (409, "P-11")
    for who in ("supplier:other", "street:taihe"):
        assert (await running.evaluate(who, id, "before")).status == 404
    stranger = await running.evaluate("expert:x", id, "before")
    assert (stranger.status, stranger.body["rule"]) == (409, "P-11")
    assert stranger.body["clause"] == "官办通〔2019〕77号 附件1"
    # Drawn, he sees what he evaluates by, and may; nobody else finds it there.
    [waits] = (await running.get("expert:7", "/appraisals?waiting=me&actions=now")).body["items"]
    assert (waits["id"], waits["state"]["stage"]) == (id, "before")
    assert {"show_scheme", "evaluate"} <= {one["name"] for one in waits["actions"]}
    for who in ("expert:x", "street:guanshang", "finance"):
        assert (await running.get(who, f"/appraisals/{id}")).status == 404

    panel = (await running.get("resident", f"/contracts/{id}/panel")).body
    assert sorted(panel["drawn"]) == ["7", "8", "9"]
    assert Commitment(**panel["commitment"]).keeps(panel["secret"])
    assert (await running.get("resident", "/contracts/none/panel")).status == 404
    first = panel["drawn"][0]
    path = f"/contracts/{id}/panel/recuse"
    back = await running.post(f"expert:{first}", path, {"reason": "曾任该机构顾问"})
    assert back.status == 200
    for code in ("7", "8", "9"):
        short = await running.evaluate(f"expert:{code}", id, "before")
        assert (short.status, short.body["rule"]) == (409, "P-11")
    public = (await running.get("resident", "/experts?state=appointed")).body["items"]
    assert [one["id"] for one in public] == ["7", "8", "9"]


async def test_P_16_a_member_is_answered_with_no_points_that_others_gave(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    id = (await signed(running)).body["id"]
    await running.seat(id)
    given = await running.evaluate("expert:7", id, "before")
    assert [one["by"] for one in given.body["state"]["evaluations"]] == ["expert:7"]
    shown = await running.post("expert:8", f"/contracts/{id}/scheme", SCHEME)
    assert (shown.status, shown.body["state"]["evaluations"]) == (200, [])


async def test_who_sees_and_does_what(running: Running) -> None:
    for who in ("street:guanshang", "supplier:tongxin", "resident"):
        assert (await running.post(who, "/suppliers", SUPPLIER)).status == 403
    await running.post("finance", "/suppliers", SUPPLIER)
    assert (await running.post("district_admin", "/suppliers", SUPPLIER)).status == 422
    id = (await signed(running)).body["id"]

    sees = ("finance", "district_admin", "discipline", "command_centre", "street:guanshang")
    for who in (*sees, "supplier:tongxin"):
        assert (await running.get(who, f"/contracts/{id}")).status == 200
        assert [one["id"] for one in (await running.get(who, "/contracts")).body["items"]] == [id]
    blind = ("street:taihe", "supplier:other", "resident", "department:water", "expert:7")
    for who in blind:
        assert (await running.get(who, f"/contracts/{id}")).status == 404
        assert (await running.get(who, f"/contracts/{id}/trail")).status == 404
        assert (await running.get(who, "/contracts")).body["items"] == []
        assert (await running.get(who, "/contracts?street=guanshang")).body["items"] == []
    for who in ("supplier:other", "resident"):
        assert (await running.get(who, "/suppliers")).body["items"] == []
        assert (await running.eligibility(who, "elderly-care", 2027)).status == 404
    for who in ("street:taihe", "department:water", "finance", "supplier:tongxin"):
        assert len((await running.get(who, "/suppliers")).body["items"]) == 1

    for who in ("street:taihe", "supplier:tongxin", "resident", "command_centre"):
        assert (await signed(running, who)).status == 403
    community = await signed(running, "community:haihua")
    assert (community.status, community.body["rule"]) == (409, "P-28")
    bought = await signed(running, "department:water")
    assert (bought.status, bought.body["state"]["purchaser"]) == (201, "department:water")
    for who, status in (("department:water", 200), ("department:gas", 404)):
        assert (await running.get(who, f"/contracts/{bought.body['id']}")).status == status


async def test_a_contract_names_what_exists(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    for other, status, kind, named in (
        ({"supplier": "nobody"}, 422, "unknown-reference", "supplier"),
        ({"community": "nowhere"}, 422, "unknown-reference", "community"),
        ({"community": "wula"}, 422, "unknown-reference", "community"),
        ({"community": "heping"}, 422, "malformed", "community"),
    ):
        answer = await signed(running, "finance", **other)
        assert (answer.status, answer.body["type"]) == (status, f"/problems/{kind}")
        assert answer.body["field"] == named
    others: tuple[dict[str, Any], ...] = (
        {"amount": 0},
        {"amount": 1.5},
        {"name": "x"},
    )
    for other in others:
        assert (await signed(running, "finance", **other)).status == 422
    assert (await signed(running, "finance", community=None)).status == 201


async def test_a_contract_is_terminated_by_who_saw_its_version(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    once = {"idempotency_key": "sign-once-1"}
    body = {**CONTRACT, **await to_buy(running, "finance", 2026)}
    first = await running.post("finance", "/contracts", body, **once)
    again = await running.post("finance", "/contracts", body, **once)
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    path = f"/contracts/{first.body['id']}/terminate"
    why = {"reason": "街道撤销项目"}
    assert (await running.post("finance", path, why)).status == 428
    assert (await running.post("finance", path, why, if_match='"7"')).status == 412
    ended = await running.post("finance", path, why, if_match=str(first.etag))
    assert (ended.status, ended.body["state"]["status"]) == (200, "ended")
    late = await running.post("finance", path, why, if_match=str(ended.etag))
    assert (late.status, late.body["rule"]) == (409, "P-13")
    trail = (await running.get("finance", f"/contracts/{first.body['id']}/trail?verify=true")).body
    assert [one["type"] for one in trail["entries"]] == ["ContractSigned", "ContractEnded"]
    assert trail["faults"] == []


async def test_the_scale_is_policy_and_the_rules_are_listed(running: Running) -> None:
    shown = await running.get("finance", "/policy")
    values = shown.body["state"]["editions"][-1]["values"]
    assert sum(values["parts"].values()) == 1000
    off = {**values, "parts": {**values["parts"], "quality": 300}}
    body = {"values": off, "reason": "试行调整"}
    etag = str(shown.etag)
    refused = await running.ask("district_admin", "PUT", "/policy", body, if_match=etag)
    assert (refused.status, refused.body["rule"]) == (409, "P-16")
    assert (await running.ask("finance", "PUT", "/policy", body, if_match=etag)).status == 403
    body["values"] = {**values, "bands": {**values["bands"], "qualified": 650}}
    adopted = await running.ask("district_admin", "PUT", "/policy", body, if_match=etag)
    assert len(adopted.body["state"]["editions"]) == 2

    rules = (await running.get("finance", "/rules")).body
    assert [rule["rule"] for rule in rules] == [
        "P-01",
        "P-02",
        "P-03",
        "P-04",
        "P-05",
        "P-06",
        "P-07",
        "P-08",
        "P-09",
        "P-10",
        "P-11",
        "P-12",
        "P-13",
        "P-14",
        "P-15",
        "P-16",
        "P-17",
        "P-18",
        "P-19",
        "P-20",
        "P-21",
        "P-22",
        "P-23",
        "P-24",
        "P-25",
        "P-26",
        "P-27",
        "P-28",
        "P-29",
        "P-30",
        "P-31",
        "P-32",
        "P-33",
        "P-34",
        "P-35",
        "P-36",
        "P-37",
        "P-38",
        "P-39",
        "P-40",
        "P-41",
    ]
    platforms = {rule["rule"] for rule in rules if rule["source"] == "platform"}
    assert platforms == {"P-08", "P-12", "P-17"}


def test_it_hears_what_is_written(tmp_path: Path) -> None:
    service = procurement.build(compose.runtime(keys.settings_for(tmp_path), "procurement"))
    heard = {subscription.event for subscription in service.subscriptions}
    assert heard == set(HEARD["procurement"])
