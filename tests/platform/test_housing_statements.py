"""The statements through the service: what letters declare beside what the register computes."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.district import PREMISES, District, file, running


@pytest.fixture
async def district(tmp_path: Path, sqlite_url: str) -> AsyncIterator[District]:
    async with running(tmp_path) as district:
        yield district


async def test_H_08_the_letters_stand_beside_what_the_register_computes(
    district: District,
) -> None:
    admin = "district_admin"
    _, then = await district.ask(admin, "GET", "/statement?as_of=2021-06-30")
    declared, computed, apart = then["items"]
    assert (declared["agreements"], declared["area_owed"]) == (103, "91000.27")
    assert (declared["area_handed_over"], declared["at_standard"]) == ("26351.67", 86)
    assert (declared["communities"], declared["source"]) == (99, "官民函〔2021〕64号")
    assert (computed["agreements"], computed["area_owed"]) == (0, "0.00")
    assert (apart["agreements"], apart["area_owed"]) == (-103, "-91000.27")

    await district.ask("street:yiliu", "POST", "/agreements", PREMISES)
    _, now = await district.ask(admin, "GET", "/statement")
    declared, computed, apart = now["items"]
    assert (declared["agreements"], declared["area_owed"]) == (100, "84580.32")
    assert (declared["area_handed_over"], declared["at_standard"]) == ("28729.65", 86)
    assert (computed["agreements"], computed["area_owed"]) == (1, "1200.50")
    assert apart["area_owed"] == "-83379.82"
    assert (await district.ask(admin, "GET", "/statement?as_of=2021-06-30"))[1] == then
    assert (await district.ask(admin, "GET", "/statement?as_of=2026-03-03"))[0] == 422


async def test_H_08_a_statement_is_the_same_in_every_format(district: District) -> None:
    await district.ask("street:yiliu", "POST", "/agreements", PREMISES)
    path = "/statement?by=community"
    _, said = await district.ask("district_admin", "GET", path)
    assert len(said["items"]) == 15
    _, text = await file(district, "district_admin", path + "&format=csv")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    _, book = await file(district, "district_admin", path + "&format=xlsx")
    [sheet] = load_workbook(io.BytesIO(book), read_only=True).worksheets
    cells = [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]
    assert cells == rows
    assert [row[1] for row in rows[1:]] == [item["place"] for item in said["items"]]
    assert [row[7] for row in rows[1:]] == [item["area_owed"] for item in said["items"]]


async def test_H_08_each_sees_the_rows_that_concern_it(district: District) -> None:
    async def places(who: str, by: str) -> list[str]:
        _, said = await district.ask(who, "GET", f"/statement?by={by}")
        return [item["place"] for item in said["items"]]

    assert await places("street:liujia", "street") == ["六甲街道"]
    assert await places("street:liujia", "community") == ["海华"]
    assert await places("street:liujia", "district") == []
    assert await places("community:haihua", "community") == ["海华"]
    assert await places("resident", "community") == []
    assert len(await places("department:housing_construction", "street")) == 10
    assert await places("department:water", "street") == []


async def test_H_12_a_declaration_has_its_source_and_runs_nothing_in_a_spreadsheet(
    district: District,
) -> None:
    said = {
        "as_of": "2026-01-31",
        "street": "liujia",
        "source": "=HYPERLINK(1)",
        "totals": {"agreements": 7, "area_owed": "10.50"},
    }
    assert (await district.ask("street:taihe", "POST", "/declarations", said))[0] == 403
    assert (await district.ask("community:haihua", "POST", "/declarations", said))[0] == 403
    lost = {**said, "street": "nowhere"}
    status, problem = await district.ask("district_admin", "POST", "/declarations", lost)
    assert (status, problem["field"]) == (422, "street")
    status, made = await district.ask("street:liujia", "POST", "/declarations", said)
    assert (status, made["state"]["totals"]["area_owed"]) == (201, "10.50")
    future = {**said, "as_of": "2026-03-03"}
    status, problem = await district.ask("street:liujia", "POST", "/declarations", future)
    assert (status, problem["rule"], problem["field"]) == (409, "H-12", "as_of")
    _, text = await file(district, "street:liujia", "/statement?by=street&format=csv")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert [(row[0], row[5], row[7]) for row in rows[1:]] == [
        ("申报", "'=HYPERLINK(1)", "10.50"),
        ("登记册计算", "", "0.00"),
        ("差额（计算减申报）", "", "'-10.50"),
    ]
    path, why = f"/declarations/{made['id']}/withdraw", {"reason": "日期写错"}
    assert (await district.ask("street:taihe", "POST", path, why, seen=1))[0] == 403
    status, gone = await district.ask("street:liujia", "POST", path, why, seen=1)
    assert (status, gone["state"]["withdrawn"]["reason"]) == (200, "日期写错")
    assert gone["state"]["totals"]["agreements"] == 7
    _, text = await file(district, "street:liujia", "/statement?by=street&format=csv")
    assert [row[0] for row in csv.reader(io.StringIO(text.decode("utf-8-sig")))][1:] == [
        "登记册计算"
    ]


async def test_H_12_every_count_of_communities_stays_with_its_source(district: District) -> None:
    _, counts = await district.ask("resident", "GET", "/counts")
    found = [
        (row["as_of"], row["communities_total"], row.get("urban"), row.get("village_converted"))
        for row in counts["items"]
    ]
    assert found == [
        ("2018-12", "116", None, None),
        ("2018-12", "96", None, None),
        ("2021-06", "99", "52", "47"),
        ("2021-06", "96", None, None),
        ("2022-06", "99", "53", "46"),
    ]
    assert all(row["source_doc"] for row in counts["items"])
