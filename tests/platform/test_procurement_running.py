"""A 三社联动 project while it runs: its paid services, what is found in it, its ledger, its end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bodies import item, plan
from tests.support.procurement import (
    SUPPLIER,
    Running,
    awarded,
    published,
    signed,
    started,
    stepped,
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
