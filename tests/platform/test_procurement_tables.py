"""Tables out: each list as CSV and XLSX, for whoever sees the list, and no score that isn't open."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.procurement.api import LISTS
from services.procurement.sheets import SHEETS
from tests.support.bodies import item, plan
from tests.support.procurement import (
    APPLICATION,
    BASE,
    SUPPLIER,
    Running,
    awarded,
    called,
    published,
    signed,
    started,
)

STREET = "street:guanshang"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        await running.post("finance", "/suppliers", SUPPLIER)
        yield running


async def lines(running: Running, who: str, name: str) -> list[dict[str, str]]:
    status, text = await running.page(who, f"{LISTS[name]}/export/{name}?year=2026")
    assert status == 200, text
    return list(csv.DictReader(io.StringIO(text)))


async def test_each_list_is_one_click_from_a_table_of_what_the_reader_sees(
    running: Running,
) -> None:
    need = {
        "community": "haihua",
        "year": 2026,
        "group": "独居老人",
        "kind": "support",
        "rank": "basic",
        "text": "助餐",
        "source": "survey",
    }
    assert (await running.post("community:haihua", "/needs/surveys", need)).status == 201
    bought = await published(
        running, STREET, plan(2026, item("i1", way="linkage"), item("i2", way="linkage"))
    )
    open_call = await called(running, STREET, bought, "i2")
    path = f"/solicitations/{open_call.body['id']}/applications"
    applied = await running.post("supplier:tongxin", path, APPLICATION)
    assert applied.status == 200, applied.body
    for name in ("applications", "rankings"):
        assert await lines(running, STREET, name) == [], "nothing is opened or ranked yet"
    await awarded(running, STREET, bought, "i1")
    contract = await signed(running, plan=bought, item="i1")
    id = contract.body["id"]
    assert (await running.agree_scheme(id)).status == 200
    assert (await running.evaluate("expert:7", id, "before")).status == 200

    counts = {name: len(await lines(running, STREET, name)) for name in SHEETS}
    assert counts == {
        "needs": 1,
        "plans": 2,
        "applications": 2,
        "rankings": 1,
        "contracts": 1,
        "payments": 3,
        "evaluations": 1,
        "suppliers": 1,
    }
    strangers = {name: len(await lines(running, "street:taihe", name)) for name in SHEETS}
    assert strangers == {**dict.fromkeys(SHEETS, 0), "suppliers": 1}
    assert not any([await lines(running, "resident", name) for name in SHEETS])
    first, *_ = await lines(running, STREET, "payments")
    assert (first["金额（分）"], first["逾期"]) == ("18000000", "否")
    assert {row["项目名称"] for row in await lines(running, "finance", "rankings")} == {
        "长者关怀服务征集"
    }
    headers = {"authorization": f"Bearer {running.token(STREET)}"}
    url = f"{running.platform.url}{BASE}/contracts/export/contracts?year=2026&format=xlsx"
    async with running.platform.session.get(url, headers=headers) as answer:
        book = load_workbook(io.BytesIO(await answer.read()))
    [sheet] = book.worksheets
    assert sheet.max_row == 2
