"""Evaluation reports as they run: given by the bus, seen by the parties, public in time, printed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kernel.clock import local_date
from tests.support.procurement import (
    GOOD,
    SUPPLIER,
    Running,
    holds,
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


async def test_P_24_the_parties_see_a_report_first_and_then_everybody(running: Running) -> None:
    await running.post("finance", "/suppliers", SUPPLIER)
    await running.post("finance", "/suppliers", {**SUPPLIER, "code": "duxing", "name": "笃行中心"})
    id = (await signed(running)).body["id"]
    month = local_date(running.ahead()).replace(day=1).isoformat()
    commission = {"supervisor": "duxing", "first": month, "last": month}
    path = f"/contracts/{id}"
    supervised = await running.post(STREET, f"{path}/supervision", {**commission, "qualified": 1})
    assert supervised.status == 201
    await running.seat(id)
    assert (await running.evaluate("expert:7", id, "before", GOOD, "supervisor")).status == 200
    address, report = f"{path}/evaluations/before", f"/reports/{id}.before"

    async def given() -> bool:
        return (await running.get("finance", report)).status == 200

    await until(given)
    for who, status in (
        (STREET, 200),
        ("supplier:tongxin", 200),
        ("supplier:duxing", 200),
        ("street:taihe", 404),
        ("resident", 404),
    ):
        assert (await running.get(who, address)).status == status, who
    assert (await running.get("finance", "/evaluations?year=2026")).body == []

    running.ahead.by += timedelta(days=30)
    await until(lambda: holds(running, "procurement.publication_missed.v1"))
    late = (await running.get(STREET, "/reports?missed=true")).body["items"]
    assert [one["state"]["stage"] for one in late] == ["before"]
    assert (await stepped(running, "supplier:tongxin", report, "publish")).status == 403
    assert (await stepped(running, STREET, report, "publish")).status == 200
    found = (await running.get("resident", address)).body
    assert (found["evaluation"]["points"], found["evaluation"]["by"]) == (800, None)
    [public] = (await running.get("resident", "/evaluations?year=2026")).body
    assert public["missed"]
    status, text = await running.page("resident", f"{address}?format=html")
    assert status == 200
    assert "800" in text and str(SUPPLIER["name"]) in text and "size: A4" in text
    file = (await running.get(STREET, "/suppliers/tongxin/evaluations")).body
    assert [one["stage"] for one in file] == ["before"]
